// A strict, fast HTTP/1.1 server on standalone Asio (RFC 9110, RFC 9112).
//
//     auto hello = [](const net::http_request&, net::http_response& response)
//         -> std::optional<asio::awaitable<void>> {
//       response.add("Content-Type", "text/plain");
//       response.body += "hello\n";
//       return {};                      // complete; or an awaitable that completes it
//     };
//     net::http_server server({.port = 8080}, hello);
//     server.run();
//
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/net/detail/worker.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include <atomic>
#include <concepts>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sesame::inline v0::net {

/// What answers requests. Called on the request's thread; with several threads, on all of them at
/// once. Nothing returned: the answer is complete. An awaitable: it is awaited on the connection's
/// executor, and request and response stay alive until it completes, even if the peer leaves.
/// Whatever it throws is reported to `http_options::on_error` and answered with a bare 500.
template <class Handler>
concept http_handler =
    requires(Handler& handler, const http_request& request, http_response& response) {
      { handler(request, response) } -> std::same_as<std::optional<asio::awaitable<void>>>;
    };

namespace detail {

/// Everything of a server that does not depend on its handler.
class server_engine {
 public:
  server_engine(http_options options, handler_reference handler, worker::adopt_function adopt,
                void* tls_context);

  ~server_engine() { state_.dismantling = true; }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] asio::io_context& context() { return workers_.front()->context(); }

  void run();

  void stop();

 private:
  using acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

  [[noreturn]] void cannot_listen(const std::error_code& why) const;

  void listen();

  void accept();

  void hand_over(worker& target, tcp_socket socket);

  /// Out of file descriptors or memory, most likely: some may be free in a moment.
  void retry_accept();

  void stop_accepting();

  void watch_signals();

  void await_signal(bool first);

  void stop_now() {
    for (auto& each : workers_) each->context().stop();
  }

  http_options options_;
  worker::adopt_function adopt_;
  server_state state_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::optional<acceptor> acceptor_;
  std::optional<asio::steady_timer> retry_timer_;
  std::optional<asio::signal_set> signals_;
  asio::ip::tcp::endpoint peer_;
  std::size_t next_ = 0;
  bool accepting_ = false;
  std::uint16_t port_ = 0;
  std::string address_;
};

template <class Handler>
handler_reference refer_to(Handler& handler) {
  return {&handler, [](void* self, const http_request& request, http_response& response) {
            return (*static_cast<Handler*>(self))(request, response);
          }};
}

void adopt_plain(worker& owner, tcp_socket socket, const asio::ip::tcp::endpoint& peer,
                 connection_slot slot);

}  // namespace detail

/// A server for HTTP, without TLS (for that see `tls_http_server` in net/tls.hpp). Listens from its
/// construction on and serves while `run` runs.
template <http_handler Handler>
class http_server {
 public:
  /// Binds and listens. Throws `configuration_error` if an option makes no sense or if the address
  /// cannot be listened on.
  http_server(http_options options, Handler handler)
      : handler_(std::move(handler)),
        engine_(plain(std::move(options)), detail::refer_to(handler_), detail::adopt_plain,
                nullptr) {}

  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// Where the server listens; the port is the real one also if 0 was asked for.
  [[nodiscard]] std::uint16_t port() const { return engine_.port(); }
  [[nodiscard]] const std::string& address() const { return engine_.address(); }

  /// Serves until stopped; the calling thread is the first of `http_options::threads`. Once.
  void run() { engine_.run(); }

  /// Stops gracefully, from any thread, also before `run`: no new connections; idle ones are
  /// closed; requests under way are finished and streams told (`http_response::on_stop`). After
  /// `timeouts.stop_grace` the rest is cut off.
  void stop() { engine_.stop(); }

  /// The executor of the server's first thread, for work beside the requests. Not to be used after
  /// the server's end.
  [[nodiscard]] asio::any_io_executor executor() { return engine_.context().get_executor(); }

  /// The handler, as moved into the server.
  [[nodiscard]] Handler& handler() noexcept { return handler_; }

 private:
  static http_options plain(http_options options) {
    validate(options);
    if (options.tls)
      throw configuration_error("tls", "this server is made without TLS; use tls_http_server");
    return options;
  }

  Handler handler_;
  detail::server_engine engine_;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/http_server.ipp"
#endif
