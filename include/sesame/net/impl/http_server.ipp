// What net/http_server.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/detail/connection.hpp"
#include "sesame/net/detail/worker.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_server.hpp"

#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sesame::inline v0::net::detail {

SESAME_INLINE server_engine::server_engine(http_options options, handler_reference handler,
                                           worker::adopt_function adopt, void* tls_context)
    : options_(std::move(options)), adopt_(adopt) {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    workers_.push_back(std::make_unique<worker>(options_, state_, handler));
    workers_.back()->tls_context = tls_context;
  }
  acceptor_.emplace(context());
  retry_timer_.emplace(context());
  state_.accept_again = [this] { asio::post(context(), [this] { accept(); }); };
  listen();
  if (options_.stop_on_signals) watch_signals();
  accept();
}

SESAME_INLINE void server_engine::run() {
  std::vector<std::thread> threads;
  const auto join = [&] {
    for (auto& each : threads) each.join();
  };
  try {
    for (std::size_t i = 1; i < workers_.size(); ++i)
      threads.emplace_back([one = workers_[i].get()] { one->run(); });
  } catch (...) {
    stop_now();
    join();
    throw;
  }
  workers_.front()->run();
  join();
}

SESAME_INLINE void server_engine::stop() {
  asio::post(context(), [this] { stop_accepting(); });
  for (auto& each : workers_) asio::post(each->context(), [one = each.get()] { one->stop(); });
}

SESAME_INLINE void server_engine::cannot_listen(const std::error_code& why) const {
  throw configuration_error("host/port", "cannot listen on " + options_.host + ":" +
                                             std::to_string(options_.port) + " (" + why.message() +
                                             "); choose another");
}

SESAME_INLINE void server_engine::listen() {
  using asio::ip::tcp;
  auto host = options_.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  std::error_code failed;
  auto literal = asio::ip::make_address(host, failed);
  if (failed) {
    tcp::resolver resolver(context());
    const auto found = resolver.resolve(host, "", failed);
    if (failed) cannot_listen(failed);
    literal = found.begin()->endpoint().address();
  }
  const tcp::endpoint endpoint(literal, options_.port);
  acceptor_->open(endpoint.protocol(), failed);
  if (!failed) acceptor_->set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor_->bind(endpoint, failed);
  if (!failed) acceptor_->listen(options_.backlog, failed);
  if (failed) cannot_listen(failed);
  port_ = acceptor_->local_endpoint().port();
  address_ = literal.to_string();
}

SESAME_INLINE void server_engine::accept() {
  if (!acceptor_->is_open() || accepting_) return;
  if (state_.connections >= options_.max_connections) {
    state_.crowded = true;
    // If the last connections ended before that was told, nobody will call this again.
    if (state_.connections >= options_.max_connections || !state_.crowded.exchange(false)) return;
  }
  accepting_ = true;
  auto& target = *workers_[next_++ % workers_.size()];
  acceptor_->async_accept(
      target.context(), peer_, [this, &target](const std::error_code& failed, tcp_socket socket) {
        accepting_ = false;
        if (!failed) {
          hand_over(target, std::move(socket));
        } else if (failed != asio::error::operation_aborted &&
                   failed != asio::error::connection_aborted) {
          workers_.front()->report("cannot accept a connection: " + failed.message());
          return retry_accept();
        }
        accept();
      });
}

SESAME_INLINE void server_engine::hand_over(worker& target, tcp_socket socket) {
  connection_slot slot(state_);
  if (&target == workers_.front().get()) {
    if (!target.stopping()) adopt_(target, std::move(socket), peer_, std::move(slot));
    return;
  }
  asio::post(target.context(), [this, &target, peer = peer_, socket = std::move(socket),
                                slot = std::move(slot)]() mutable {
    if (!target.stopping()) adopt_(target, std::move(socket), peer, std::move(slot));
  });
}

SESAME_INLINE void server_engine::retry_accept() {
  retry_timer_->expires_after(std::chrono::milliseconds(100));
  retry_timer_->async_wait([this](const std::error_code& cancelled) {
    if (!cancelled) accept();
  });
}

SESAME_INLINE void server_engine::stop_accepting() {
  std::error_code ignored;
  acceptor_->close(ignored);
  retry_timer_->cancel();
}

SESAME_INLINE void server_engine::watch_signals() {
  signals_.emplace(context(), SIGINT, SIGTERM);
  await_signal(true);
}

SESAME_INLINE void server_engine::await_signal(bool first) {
  signals_->async_wait([this, first](const std::error_code& cancelled, int) {
    if (cancelled) return;
    if (!first) return stop_now();
    await_signal(false);
    stop();
  });
}

SESAME_INLINE void adopt_plain(worker& owner, tcp_socket socket,
                               const asio::ip::tcp::endpoint& peer, connection_slot slot) {
  const counted made(new connection<tcp_socket>(owner, std::move(socket), peer, std::move(slot)));
  made->start();
}

}  // namespace sesame::inline v0::net::detail
