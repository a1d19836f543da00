// Absolute http and https URLs, split and checked (RFC 3986; RFC 9110, section 4.2).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/authority.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/result.hpp"

#include <algorithm>
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
  [[nodiscard]] static result<url> parse(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return failed("it has to begin with https:// or http://");
    url read;
    read.scheme = lower(text.substr(0, colon));
    if (read.scheme != "http" && read.scheme != "https")
      return failed("its scheme has to be https or http");
    text.remove_prefix(colon + 3);
    if (text.find('#') != std::string_view::npos) return failed("it must not have a fragment");
    const auto end = std::min(text.find_first_of("/?"), text.size());
    if (text.substr(0, end).find('@') != std::string_view::npos)
      return failed("it must not hold user information");
    const auto where = authority::parse(text.substr(0, end));
    if (!where) return failed("its host or port is malformed");
    read.host = lower(where->host);
    if (where->port != read.default_port()) read.port = where->port;
    text.remove_prefix(end);
    if (!detail::all_are(text, detail::target_character) || !detail::percents_are_complete(text))
      return failed("it has characters that have to be percent-encoded");
    const auto mark = std::min(text.find('?'), text.size());
    if (mark != 0) read.path = text.substr(0, mark);
    if (mark != text.size()) read.query = text.substr(mark + 1);
    return read;
  }

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

  static std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), detail::to_lower);
    return out;
  }
};

/// The bytes a percent-encoded text stands for; nothing if a "%" lacks its two digits. "+" is left
/// alone: it means a space only in forms.
[[nodiscard]] inline std::optional<std::string> percent_decode(std::string_view text) {
  if (!detail::percents_are_complete(text)) return std::nullopt;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    out += static_cast<char>(detail::hex_value(text[i + 1]) << 4 | detail::hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

/// Appends `text` with every byte that is not unreserved (RFC 3986, section 2.3) percent-encoded.
inline void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (detail::is(c, detail::unreserved_character)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace sesame::inline v0::net
