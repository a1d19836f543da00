// URI templates (RFC 6570), read backwards: from a URI to the values of the variables. Usable in
// constant expressions but for the matching.
//
// Of RFC 6570 there is what tells without doubt where a variable ends:
//
//     {name}   one or more characters that are unreserved or percent-encoded, so no "/"; what stands
//              behind it begins with another character. Empty, it is as if the variable was not given
//     {+name}  any characters of a URI, "/" too; only at the end of the template
//
// Other operators, several variables in one expression, prefixes ({name:3}) and lists ({name*}) do
// not compile.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/uri.hpp"
#include "sesame/net/url.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// A literal and the variable behind it; the last part of a template may have no variable.
struct template_part {
  std::string_view literal;
  std::string_view variable;  ///< empty for none
  bool reserved = false;      ///< `{+variable}`
};

/// What keeps a text from being a template that we take.
enum class template_fault : std::uint8_t { none, no_uri, expression, ambiguous, repeated };

/// Takes the first part off a template; nothing where its braces or what they enclose are not ours.
constexpr std::optional<template_part> take_part(std::string_view& text) noexcept {
  const auto brace = net::detail::find_any(text, "{}");
  template_part part{text.substr(0, brace), {}, false};
  if (brace == std::string_view::npos) {
    text = {};
    return part;
  }
  const auto end = net::detail::find_any(text, "}", brace);
  if (text[brace] != '{' || end == std::string_view::npos) return std::nullopt;
  part.variable = text.substr(brace + 1, end - brace - 1);
  part.reserved = part.variable.starts_with('+');
  if (part.reserved) part.variable.remove_prefix(1);
  text.remove_prefix(end + 1);
  for (const char c : part.variable)
    if (!net::detail::is_letter(c) && !net::detail::is(c, net::detail::digit_character) && c != '_')
      return std::nullopt;
  if (part.variable.empty()) return std::nullopt;
  return part;
}

/// Whether a character ends `{variable}`.
constexpr bool ends_variable(char c) noexcept {
  return !net::detail::is(c, net::detail::unreserved_character) && c != '%';
}

constexpr template_fault fault_of(std::string_view text) noexcept {
  // A URI with something plain in the place of each variable has to be one.
  bool legal = true;
  std::size_t fragments = 0;
  for (const char c : text) {
    legal = legal && (net::detail::is_uri_character(c) || c == '{' || c == '}');
    fragments += c == '#' ? 1 : 0;
  }
  if (!legal || fragments > 1 || !net::detail::percents_are_complete(text) ||
      net::uri_scheme(text).empty())
    return template_fault::no_uri;
  bool behind_variable = false;
  bool behind_reserved = false;
  for (auto rest = text; !rest.empty();) {
    const auto part = take_part(rest);
    if (!part) return template_fault::expression;
    if (behind_reserved ||
        (behind_variable && (part->literal.empty() || !ends_variable(part->literal.front()))))
      return template_fault::ambiguous;
    behind_variable = !part->variable.empty();
    behind_reserved = part->reserved;
    for (auto later = rest; behind_variable && !later.empty();) {
      const auto other = take_part(later);
      if (!other) return template_fault::expression;
      if (other->variable == part->variable) return template_fault::repeated;
    }
  }
  return template_fault::none;
}

/// Calls f(name) for each variable of a template that has no fault.
template <class F>
constexpr void each_variable(std::string_view text, F&& f) {
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part) return;
    if (!part->variable.empty()) f(part->variable);
  }
}

/// The names of variables, and what they stand for.
using template_values = std::vector<std::pair<std::string_view, std::string>>;

/// The values of the variables, decoded, if `uri` is made by the template. A variable that expands
/// to nothing is left out, as one that is not defined would be.
[[nodiscard]] std::optional<template_values> match_template(std::string_view text,
                                                            std::string_view uri);

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/uri_template.ipp"
#endif
