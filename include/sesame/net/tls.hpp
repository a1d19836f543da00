// TLS for the HTTP server, through OpenSSL (RFC 8446, RFC 5246; settings after RFC 9325).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_server.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>

#include <optional>
#include <string>
#include <utility>

namespace sesame::inline v0::net {

/// A server's TLS context: TLS 1.2 and later, no compression, no renegotiation, forward secrecy,
/// "http/1.1" by ALPN (RFC 7301). Throws `configuration_error`, which names the file.
[[nodiscard]] asio::ssl::context make_tls_context(const tls_files& files);

namespace detail {

void adopt_tls(worker& owner, tcp_socket socket, const asio::ip::tcp::endpoint& peer,
               connection_slot slot);

}  // namespace detail

/// A server like `http_server` that speaks TLS where `http_options::tls` names its files, and plain
/// HTTP where it does not.
template <http_handler Handler>
class tls_http_server {
 public:
  /// As with `http_server`; throws also if a file cannot be used.
  tls_http_server(http_options options, Handler handler)
      : handler_(std::move(handler)),
        context_(context_for(options)),
        engine_(std::move(options), detail::refer_to(handler_),
                context_ ? detail::adopt_tls : detail::adopt_plain,
                context_ ? &*context_ : nullptr) {}

  tls_http_server(const tls_http_server&) = delete;
  tls_http_server& operator=(const tls_http_server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return engine_.port(); }
  [[nodiscard]] const std::string& address() const { return engine_.address(); }
  void run() { engine_.run(); }
  void stop() { engine_.stop(); }
  [[nodiscard]] asio::any_io_executor executor() { return engine_.context().get_executor(); }
  [[nodiscard]] Handler& handler() noexcept { return handler_; }

 private:
  static std::optional<asio::ssl::context> context_for(const http_options& options) {
    validate(options);
    if (!options.tls) return std::nullopt;
    return make_tls_context(*options.tls);
  }

  Handler handler_;
  std::optional<asio::ssl::context> context_;
  detail::server_engine engine_;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/tls.ipp"
#endif
