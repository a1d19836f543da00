// TLS for the HTTP server, through OpenSSL (RFC 8446, RFC 5246; settings after RFC 9325).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_server.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>

#include <cstddef>
#include <openssl/ssl.h>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sesame::inline v0::net {

/// A server's TLS context: TLS 1.2 and later, no compression, no renegotiation, forward secrecy,
/// "http/1.1" by ALPN (RFC 7301). Throws `configuration_error`, which names the file.
[[nodiscard]] inline asio::ssl::context make_tls_context(const tls_files& files) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  auto* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL");
  SSL_CTX_set_alpn_select_cb(
      native,
      [](SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
         unsigned int offered_size, void*) {
        constexpr std::string_view spoken = "\x08http/1.1";
        const auto* ours = reinterpret_cast<const unsigned char*>(spoken.data());
        return SSL_select_next_proto(const_cast<unsigned char**>(out), out_size, ours,
                                     static_cast<unsigned int>(spoken.size()), offered,
                                     offered_size) == OPENSSL_NPN_NEGOTIATED
                   ? SSL_TLSEXT_ERR_OK
                   : SSL_TLSEXT_ERR_ALERT_FATAL;
      },
      nullptr);
  std::error_code failed;
  context.use_certificate_chain_file(files.certificate_chain, failed);
  if (failed)
    throw configuration_error("tls.certificate_chain", "cannot use " + files.certificate_chain +
                                                           " (" + failed.message() + ")");
  context.use_private_key_file(files.private_key, asio::ssl::context::pem, failed);
  if (failed)
    throw configuration_error("tls.private_key",
                              "cannot use " + files.private_key + " (" + failed.message() +
                                  "); it has to be a PEM file and belong to the certificate");
  return context;
}

namespace detail {

inline void adopt_tls(worker& owner, tcp_socket socket, const asio::ip::tcp::endpoint& peer,
                      connection_slot slot) {
  using stream = asio::ssl::stream<tcp_socket>;
  stream secured(std::move(socket), *static_cast<asio::ssl::context*>(owner.tls_context));
  const counted made(new connection<stream>(owner, std::move(secured), peer, std::move(slot)));
  made->start();
}

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
