// What net/tls.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/tls.hpp"

#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>

#include <openssl/ssl.h>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sesame::inline v0::net {

SESAME_INLINE asio::ssl::context make_tls_context(const tls_files& files) {
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

}  // namespace sesame::inline v0::net

namespace sesame::inline v0::net::detail {

SESAME_INLINE void adopt_tls(worker& owner, tcp_socket socket, const asio::ip::tcp::endpoint& peer,
                             connection_slot slot) {
  using stream = asio::ssl::stream<tcp_socket>;
  stream secured(std::move(socket), *static_cast<asio::ssl::context*>(owner.tls_context));
  const counted made(new connection<stream>(owner, std::move(secured), peer, std::move(slot)));
  made->start();
}

}  // namespace sesame::inline v0::net::detail
