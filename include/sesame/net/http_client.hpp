// What an HTTP client is asked and answers (RFC 9110), so that those who fetch need not know who
// fetches for them: `https_client` (net/https_client.hpp), or a few lines of a test.
//
//     net::outgoing_request request{.target = *net::url::parse("https://issuer.example/jwks")};
//     const auto answer = co_await fetch(std::move(request));
//     if (!answer) log(answer.error().detail);
//     else if (answer->status == 200) use(answer->body);
//
// Name a request before it is sent, as here: g++ 12 destroys one twice that is made within a
// co_await expression.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/characters.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::net {

/// A header field that owns its text; `http_field` is the one that does not.
struct header_field {
  std::string name, value;
};

/// A request to be sent. What frames the message and steers the connection is not among the fields:
/// Host, Connection, Content-Length, Transfer-Encoding and their like are the client's own.
struct outgoing_request {
  std::string method = "GET";
  url target;
  std::vector<header_field> fields{};
  std::string body{};
};

/// A complete answer, redirects included: nothing is followed.
struct incoming_response {
  int status = 0;                    ///< 200 to 599
  std::vector<header_field> fields;  ///< in the order of arrival; trailers are not among them
  std::string body;                  ///< with chunks joined

  /// The value of the first field of that name, which is compared without regard to case.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept {
    for (const auto& each : fields)
      if (detail::equal_ignoring_case(each.name, name)) return each.value;
    return std::nullopt;
  }
};

/// How far a fetch came before it failed.
enum class fetch_error_code : std::uint8_t {
  request_refused,  ///< not sent: a malformed method, field or host, or plain http that is not allowed
  resolve,          ///< the host has no address
  address_refused,  ///< the host has only addresses that may not be connected to
  connect,          ///< none of its addresses takes the connection
  tls,              ///< no TLS connection, or not with the host that was meant
  closed,           ///< the connection ended before the answer did
  malformed,        ///< the answer is not HTTP, or ambiguous
  too_large,        ///< the answer is beyond the limits
  timeout,          ///< not done within the deadline
  cancelled,        ///< the coroutine that waited was cancelled
};

/// Why there is no answer. `detail` is a text for the log. It names the host and the peer's failing,
/// never the path or query, a field's value, or a body.
struct fetch_error {
  fetch_error_code code;
  std::string detail;
};

using fetch_result = result<incoming_response, fetch_error>;

/// What sends a request and awaits the answer. What `send` returned must not need the client any
/// longer, so that a client may go away, or be moved, meanwhile.
template <class Client>
concept http_client = requires(Client& client, outgoing_request request) {
  { client.send(std::move(request)) } -> std::same_as<asio::awaitable<fetch_result>>;
};

/// Any `http_client`, its type forgotten; what parts take that fetch something.
using http_fetch = std::function<asio::awaitable<fetch_result>(outgoing_request)>;

/// Forgets the type of a client.
template <http_client Client>
  requires std::copy_constructible<Client>
[[nodiscard]] http_fetch fetch_with(Client client) {
  return [client = std::move(client)](outgoing_request request) mutable {
    return client.send(std::move(request));
  };
}

}  // namespace sesame::inline v0::net
