// What transport/stdio.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/provider.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"
#include "sesame/transport/stdio.hpp"

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE stdio_transport::stdio_transport(engine& engine, stdio_options options)
    : options_(std::move(options)),
      limit_(engine.options().message.size),
      input_(io_, owned_copy(options_.input)),
      output_(io_, owned_copy(options_.output)),
      silence_(options_.output),
      wake_(io_, asio::steady_timer::time_point::max()),
      channel_(message_channel::open(
          engine, io_.get_executor(),
          [this](std::string_view message, bool is_answer) { return put(message, is_answer); })) {
  if (!options_.token_env.empty()) channel_->speak_with(environment_token(engine));
}

SESAME_INLINE secret stdio_transport::environment_token(engine& engine) {
  const auto& name = options_.token_env;
  const char* const value =
      std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): at the start
  if (value == nullptr || *value == '\0')
    throw configuration_error(name, "this environment variable has to hold an access token");
  if (!engine.verifies_tokens())
    throw configuration_error(name, "the server has no provider that could verify a token");
  secret token{std::string{value}};
  auto caller = engine.authenticate(token.reveal());
  if (!caller && caller.error().code == auth_error::unavailable && engine.asks_others()) {
    asio::co_spawn(io_, look_up(engine, std::string{token.reveal()}, caller), asio::detached);
    io_.run();
    io_.restart();
  }
  if (caller && !(*caller)->key_thumbprint.empty())
    throw configuration_error(name, "the token is bound to a key, which is of no use on stdio");
  if (caller) return token;
  engine.report("the token in " + name + " was refused: " + caller.error().detail);
  if (caller.error().code != auth_error::unavailable)
    throw configuration_error(name, describe(caller.error().code).description);
  return token;
}

SESAME_INLINE asio::awaitable<void> stdio_transport::look_up(engine& engine, std::string token,
                                                             detail::known_caller& caller) {
  caller = co_await engine.look_up(std::move(token));
}

SESAME_INLINE void stdio_transport::run() {
  const pipe_signal ignored;
  asio::signal_set signals{io_, SIGINT, SIGTERM};
  signals.async_wait([this](const std::error_code& failed, int) {
    if (failed) return;
    stopping_ = true;
    input_.cancel();
    wake_.cancel();
  });
  channel_->on_finished([this] { wake_.cancel(); });
  asio::co_spawn(io_, serve(signals), asio::detached);
  io_.run();
}

SESAME_INLINE stdio_transport::silence::silence(int output)
    : output_(output == STDOUT_FILENO ? ::fcntl(output, F_DUPFD_CLOEXEC, 0) : -1) {
  if (output_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

SESAME_INLINE stdio_transport::silence::~silence() {
  if (output_ < 0) return;
  // What is still in a buffer would follow the last message otherwise.
  std::cout.flush();
  std::fflush(stdout);
  ::dup2(output_, STDOUT_FILENO);
  ::close(output_);
}

SESAME_INLINE stdio_transport::pipe_signal::pipe_signal() {
  ::sigaction(SIGPIPE, nullptr, &before_);
  if (before_.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
}

SESAME_INLINE int stdio_transport::owned_copy(int descriptor) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw std::system_error(errno, std::generic_category(), "stdio");
  return copy;
}

SESAME_INLINE std::size_t stdio_transport::take(std::string_view bytes, std::string& pending,
                                                bool& skipping) {
  const auto end = bytes.find('\n');
  if (!skipping) {
    pending.append(bytes.substr(0, end));
    if (pending.size() > limit_) {
      // The engine refuses it for its length, without looking at it.
      channel_->receive(pending);
      pending.clear();
      pending.shrink_to_fit();
      skipping = true;
    }
  }
  if (end == std::string_view::npos) return bytes.size();
  if (!skipping) receive(pending);
  skipping = false;
  pending.clear();
  return end + 1;
}

SESAME_INLINE void stdio_transport::receive(std::string_view line) {
  if (line.find_first_not_of(" \t\r") != std::string_view::npos) channel_->receive(line);
}

SESAME_INLINE bool stdio_transport::put(std::string_view message, bool is_answer) {
  if (broken_ || (!is_answer && outbox_.size() > options_.output_buffer)) return false;
  outbox_.append(message) += '\n';
  if (!writing_) {
    writing_ = true;
    asio::co_spawn(io_, write(), asio::detached);
  }
  return true;
}

SESAME_INLINE asio::awaitable<void> stdio_transport::serve(asio::signal_set& signals) {
  std::string pending;
  std::array<char, 65536> chunk;
  std::error_code ended;
  bool skipping = false;
  while (!ended && !stopping_ && !broken_) {
    const auto n = co_await input_.async_read_some(
        asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, ended));
    std::string_view bytes{chunk.data(), n};
    while (!bytes.empty() && !stopping_ && !broken_) {
      bytes.remove_prefix(take(bytes, pending, skipping));
      while (outbox_.size() > options_.output_buffer && !stopping_ && !broken_)
        co_await pause(asio::steady_timer::time_point::max());
    }
  }
  // A last line without its end is a message too.
  if (!skipping && !stopping_ && !broken_) receive(pending);
  channel_->stop();
  co_await drain();
  signals.cancel();
  // What does not end by itself is left behind, and so is what goes on as a task.
  io_.stop();
}

SESAME_INLINE asio::awaitable<void> stdio_transport::drain() {
  using clock = std::chrono::steady_clock;
  auto deadline = clock::now() + options_.stop_grace;
  bool cancelled = broken_;
  bool stopped = stopping_;
  while (channel_->pending() != 0 || (writing_ && !broken_)) {
    const bool bounded = channel_->pending() != 0 || stopping_ || broken_;
    co_await pause(bounded ? deadline : clock::time_point::max());
    if (stopping_ && !std::exchange(stopped, true)) deadline = clock::now() + options_.stop_grace;
    if (!bounded || clock::now() < deadline) continue;
    if (std::exchange(cancelled, true)) break;
    channel_->cancel();
    deadline = clock::now() + options_.stop_grace;
  }
}

SESAME_INLINE asio::awaitable<void> stdio_transport::pause(asio::steady_timer::time_point end) {
  wake_.expires_at(end);
  std::error_code woken;
  co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

SESAME_INLINE asio::awaitable<void> stdio_transport::write() {
  std::string leaving;
  while (!outbox_.empty() && !broken_) {
    leaving.clear();
    leaving.swap(outbox_);
    std::error_code failed;
    co_await asio::async_write(output_, asio::buffer(leaving),
                               asio::redirect_error(asio::use_awaitable, failed));
    if (failed) {
      broken_ = true;
      channel_->cancel();
      input_.cancel();
    } else {
      channel_->tell_changes();
    }
    wake_.cancel();
  }
  writing_ = false;
  wake_.cancel();
}

}  // namespace sesame::inline v0
