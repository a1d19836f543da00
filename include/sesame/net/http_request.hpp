// One HTTP request, complete, as views into the buffer of its connection (RFC 9110).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/characters.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sesame::inline v0::net {

/// A header field; the name as it was sent, the value without white space around it.
struct http_field {
  std::string_view name, value;
};

/// Who sent a request, as far as the socket tells.
struct http_peer {
  std::string_view address;  ///< numeric, without port
  std::uint16_t port = 0;
  bool tls = false;  ///< the bytes came over TLS that ended here
};

/// A request whose head and body have arrived and are well-formed. All views stay valid until the
/// answer is complete: for a handler that returned an awaitable, until that has completed.
struct http_request {
  std::string_view method;         ///< as sent; methods are case-sensitive
  std::string_view target;         ///< as sent
  std::string_view host;           ///< host[:port], well-formed, from the target or else from Host;
                                   ///< empty only for an HTTP/1.0 request that has neither
  std::string_view path;           ///< percent-encoded; "*" for `OPTIONS *`
  std::string_view query;          ///< what follows "?", or empty
  int minor_version = 1;           ///< of HTTP/1.x
  std::vector<http_field> fields;  ///< in the order of arrival; trailers are not among them
  std::string_view body;           ///< with chunks joined
  std::size_t body_padding = 0;    ///< so many bytes behind it may be read, whatever they are
  http_peer peer;

  /// The value of the first field of that name, which is compared without regard to case. Where a
  /// second one could deceive, ask for the `only` one.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept {
    for (const auto& each : fields)
      if (detail::equal_ignoring_case(each.name, name)) return each.value;
    return std::nullopt;
  }

  /// The value of the field of that name; nothing if there is none, or a second one.
  [[nodiscard]] std::optional<std::string_view> only(std::string_view name) const noexcept {
    const http_field* found = nullptr;
    for (const auto& each : fields) {
      if (!detail::equal_ignoring_case(each.name, name)) continue;
      if (found != nullptr) return std::nullopt;
      found = &each;
    }
    return found != nullptr ? std::optional{found->value} : std::nullopt;
  }
};

}  // namespace sesame::inline v0::net
