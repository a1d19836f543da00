// An HTTPS client for the few things a server has to fetch: keys, metadata, answers about tokens.
// It trusts nobody: not the name (an address inside the network is refused), not the peer (TLS 1.2
// or later, the certificate has to be the host's), and not the answer (bounded in size and time).
//
//     const net::https_client client({.deadline = 3s});
//     net::outgoing_request request{.target = *net::url::parse("https://issuer.example/jwks")};
//     const auto answer = co_await client.send(std::move(request));
//
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_client.hpp"
#include "sesame/version.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace sesame::inline v0::net {

/// The settings of an `https_client`. Checked when the client is made.
struct http_client_options {
  /// For everything from the resolution of the name to the last byte of the answer.
  std::chrono::milliseconds deadline{5'000};
  std::size_t max_head = std::size_t{32} << 10;   ///< bytes of all field lines of an answer
  std::size_t max_fields = 64;                    ///< fields of an answer
  std::size_t max_body = std::size_t{256} << 10;  ///< bytes of an answer's body, chunks joined
  /// A PEM file of certificates to trust beside those of the system.
  std::string ca_file{};
  /// Hosts, without port, that may have addresses inside the network (see net/address_guard.hpp),
  /// such as "keycloak.internal" or "localhost".
  std::vector<std::string> private_hosts{};
  /// The same for all hosts. Only where no URL comes from outside.
  bool allow_private_addresses = false;
  /// Takes http: URLs too, for this machine (localhost, 127.0.0.1, [::1]) and `private_hosts`;
  /// whether their addresses may be connected to is decided apart.
  bool allow_plain_http = false;
  std::string user_agent = "sesame/" SESAME_VERSION;
};

namespace detail {
struct https_client_state;
}

/// Fetches over HTTPS, one connection a request. Immutable, and cheap to copy: threads may share it.
class https_client {
 public:
  /// Throws `configuration_error` if an option makes no sense or `ca_file` cannot be used.
  explicit https_client(http_client_options options = {});

  /// Sends `request` and reads the answer, on the executor of the coroutine that awaits it, in a
  /// strand of its own. Every failure is a value. Cancelling the coroutine cancels the fetch.
  ///
  /// The host is resolved once, and the connection goes to an address that was looked at: a name
  /// cannot mean one thing to the check and another to the socket. A resolver that does not answer
  /// is abandoned at the deadline, but keeps its io_context at work until it gives up.
  [[nodiscard]] asio::awaitable<fetch_result> send(outgoing_request request) const;

 private:
  std::shared_ptr<const detail::https_client_state> state_;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/https_client.ipp"
#endif
