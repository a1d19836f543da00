// host[:port], as it stands in a Host field and in a URL (RFC 3986, section 3.2; RFC 9110, 7.2).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/characters.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

namespace detail {

using ipv6_bytes = std::array<std::uint8_t, 16>;

/// "d.d.d.d", each without leading zeros; nothing if it is not exactly that.
[[nodiscard]] constexpr std::optional<std::array<std::uint8_t, 4>> parse_ipv4(
    std::string_view text) noexcept {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t part = 0; part < 4; ++part) {
    const auto size = part < 3 ? text.find('.') : text.size();
    if (size == std::string_view::npos || size == 0 || size > 3) return std::nullopt;
    const auto digits = text.substr(0, size);
    if (!all_are(digits, digit_character) || (size > 1 && digits[0] == '0')) return std::nullopt;
    unsigned number = 0;
    for (const char c : digits) number = number * 10 + static_cast<unsigned>(c - '0');
    if (number > 255) return std::nullopt;
    bytes[part] = static_cast<std::uint8_t>(number);
    text.remove_prefix(part < 3 ? size + 1 : size);
  }
  return bytes;
}

/// An IPv6 address without brackets and without a zone (RFC 4291, section 2.2).
[[nodiscard]] constexpr std::optional<ipv6_bytes> parse_ipv6(std::string_view text) noexcept {
  ipv6_bytes bytes{};
  std::size_t filled = 0, gap = bytes.size() + 1;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (filled == 16) return std::nullopt;
    std::size_t digits = 0;
    unsigned group = 0;
    while (digits < text.size() && digits < 4 && is(text[digits], hex_character))
      group = group << 4 | hex_value(text[digits++]);
    if (digits < text.size() && text[digits] == '.') {
      const auto tail = parse_ipv4(text);
      if (!tail || filled > 12) return std::nullopt;
      for (const auto byte : *tail) bytes[filled++] = byte;
      text = {};
      break;
    }
    if (digits == 0) return std::nullopt;
    bytes[filled++] = static_cast<std::uint8_t>(group >> 8);
    bytes[filled++] = static_cast<std::uint8_t>(group & 0xff);
    text.remove_prefix(digits);
    if (text.empty()) break;
    if (text[0] != ':' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
    if (text[0] == ':') {
      if (gap <= bytes.size()) return std::nullopt;
      gap = filled;
      text.remove_prefix(1);
    }
  }
  if (gap > bytes.size()) return filled == 16 ? std::optional(bytes) : std::nullopt;
  if (filled == 16) return std::nullopt;
  ipv6_bytes spread{};
  for (std::size_t i = 0; i < gap; ++i) spread[i] = bytes[i];
  for (std::size_t i = gap; i < filled; ++i) spread[16 - filled + i] = bytes[i];
  return spread;
}

}  // namespace detail

/// A host and perhaps a port. Views into the text it was parsed from.
struct authority {
  std::string_view host;              ///< a name or address; an IPv6 literal keeps its brackets
  std::optional<std::uint16_t> port;  ///< nothing where the text has none

  /// Reads `host[:port]`. Names may hold letters, digits, "-", "_" and dots between labels (and one
  /// at the end); user information, percent-encoding, zones and an empty port are refused.
  [[nodiscard]] static constexpr std::optional<authority> parse(std::string_view text) noexcept {
    std::size_t size = 0;
    if (text.starts_with('[')) {
      const auto end = text.find(']');
      if (end == std::string_view::npos || !detail::parse_ipv6(text.substr(1, end - 1)))
        return std::nullopt;
      size = end + 1;
    } else {
      char before = '.';
      for (; size != text.size() && detail::is(text[size], detail::host_character); ++size) {
        if (text[size] == '.' && before == '.') return std::nullopt;
        before = text[size];
      }
      if (size == 0 || size > 255) return std::nullopt;
    }
    authority read{{text.data(), size}, {}};
    if (size == text.size()) return read;
    const auto digits = text.size() - size - 1;
    if (text[size] != ':' || digits == 0 || digits > 5) return std::nullopt;
    std::uint32_t number = 0;
    while (++size != text.size()) {
      if (!detail::is(text[size], detail::digit_character)) return std::nullopt;
      number = number * 10 + static_cast<std::uint32_t>(text[size] - '0');
    }
    if (number > 65535) return std::nullopt;
    read.port = static_cast<std::uint16_t>(number);
    return read;
  }

  /// The port, or `otherwise` (80 for http, 443 for https) where none is named.
  [[nodiscard]] constexpr std::uint16_t port_or(std::uint16_t otherwise) const noexcept {
    return port.value_or(otherwise);
  }
};

/// Whether two hosts are one: names without regard to case, IPv6 literals by their address.
/// `localhost` and `localhost.` are two.
[[nodiscard]] constexpr bool same_host(std::string_view a, std::string_view b) noexcept {
  if (detail::equal_ignoring_case(a, b)) return true;
  if (a.size() < 4 || b.size() < 4 || a.front() != '[' || b.front() != '[') return false;
  const auto left = detail::parse_ipv6(a.substr(1, a.size() - 2));
  const auto right = detail::parse_ipv6(b.substr(1, b.size() - 2));
  return left && right && *left == *right;
}

/// Whether `host` names this machine and nothing else: localhost, 127.0.0.1 or [::1] (also without
/// brackets, as a setting may spell it).
[[nodiscard]] constexpr bool is_loopback(std::string_view host) noexcept {
  if (detail::equal_ignoring_case(host, "localhost") || host == "127.0.0.1" || host == "::1")
    return true;
  return same_host(host, "[::1]");
}

}  // namespace sesame::inline v0::net
