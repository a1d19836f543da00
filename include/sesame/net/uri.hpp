// URIs of any scheme (RFC 3986), as names of things: whether a text is one. Usable in constant
// expressions.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/characters.hpp"

#include <cstddef>
#include <string_view>

namespace sesame::inline v0::net {

namespace detail {

// What may stand in a URI outside of percent-encoding: unreserved, gen-delims and sub-delims.
[[nodiscard]] constexpr bool is_uri_character(char c) noexcept {
  return is(c, target_character) || c == '#' || c == '[' || c == ']';
}

[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

[[nodiscard]] constexpr bool is_scheme_character(char c) noexcept {
  return is_letter(c) || is(c, digit_character) || c == '+' || c == '-' || c == '.';
}

}  // namespace detail

/// The scheme at the front of a text, without its colon; empty where there is none (section 3.1).
[[nodiscard]] constexpr std::string_view uri_scheme(std::string_view text) noexcept {
  const auto colon = detail::find_any(text, ":");
  if (colon == std::string_view::npos || colon == 0) return {};
  const auto scheme = text.substr(0, colon);
  for (const char c : scheme)
    if (!detail::is_scheme_character(c)) return {};
  return detail::is_letter(scheme.front()) ? scheme : std::string_view{};
}

/// Whether a text is a URI: a scheme, something behind it, only the characters of section 2, "%"
/// with two digits behind it, and at most one fragment.
[[nodiscard]] constexpr bool is_uri(std::string_view text) noexcept {
  const auto scheme = uri_scheme(text);
  if (scheme.empty() || scheme.size() + 1 == text.size()) return false;
  std::size_t fragments = 0;
  for (const char c : text) {
    if (!detail::is_uri_character(c)) return false;
    fragments += c == '#' ? 1 : 0;
  }
  return fragments <= 1 && detail::percents_are_complete(text);
}

}  // namespace sesame::inline v0::net
