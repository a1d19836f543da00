// Absolute http and https URLs, split and checked (RFC 3986; RFC 9110, section 4.2).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

/// The parts of an absolute URL. Scheme and host are in lower case; path and query are as written,
/// with their percent-encoding checked and kept.
struct url {
  std::string scheme;                 ///< "http" or "https"
  std::string host;                   ///< an IPv6 literal keeps its brackets
  std::optional<std::uint16_t> port;  ///< nothing where it is the scheme's own
  std::string path = "/";             ///< never empty
  std::optional<std::string> query;   ///< without the "?"

  /// Splits `text`. Refused: other schemes, user information, fragments, any byte that RFC 3986 has
  /// not, and a "%" without two hex digits. The error is a sentence that can be shown to an
  /// operator.
  [[nodiscard]] static result<url> parse(std::string_view text);

  /// 443 or 80, after the scheme.
  [[nodiscard]] std::uint16_t default_port() const noexcept { return scheme == "https" ? 443 : 80; }
  [[nodiscard]] std::uint16_t effective_port() const noexcept {
    return port.value_or(default_port());
  }
  [[nodiscard]] bool secure() const noexcept { return scheme == "https"; }

  /// `host[:port]`, the port only where it is not the scheme's own.
  [[nodiscard]] std::string host_and_port() const {
    return port ? host + ':' + std::to_string(*port) : host;
  }
  /// `scheme://host[:port]` (RFC 6454, section 6.2).
  [[nodiscard]] std::string origin() const { return scheme + "://" + host_and_port(); }
  /// What goes into a request line: path and query.
  [[nodiscard]] std::string target() const { return query ? path + '?' + *query : path; }
  [[nodiscard]] std::string to_string() const { return origin() + target(); }

  bool operator==(const url&) const = default;

 private:
  static failure<error> failed(std::string_view why) { return failure{error{std::string(why)}}; }

  static std::string lower(std::string_view text);
};

/// The bytes a percent-encoded text stands for; nothing if a "%" lacks its two digits. "+" is left
/// alone: it means a space only in forms.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Appends `text` with every byte that is not unreserved (RFC 3986, section 2.3) percent-encoded.
void append_percent_encoded(std::string& out, std::string_view text);

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/url.ipp"
#endif
