// Which byte may stand where in HTTP (RFC 9110, section 5.6) and in URIs (RFC 3986), as one table.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/same_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::net::detail {

/// The classes of bytes; a byte may be in several.
enum character_class : std::uint8_t {
  token_character = 1,        ///< tchar: methods and field names
  target_character = 2,       ///< pchar, "/", "?" and "%": a request target
  digit_character = 4,        ///< DIGIT
  hex_character = 8,          ///< HEXDIG, either case
  value_character = 16,       ///< SP, HTAB, VCHAR, obs-text: field values
  host_character = 32,        ///< letters, digits, "-", "." and "_": names and IPv4 addresses
  unreserved_character = 64,  ///< RFC 3986 unreserved
  token68_character =
      128,  ///< of credentials, but for the "=" at their end (RFC 9110, section 11.2)
};

inline constexpr auto character_classes = [] {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view bytes, character_class what) {
    for (const char c : bytes) table[static_cast<unsigned char>(c)] |= what;
  };
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view digits = "0123456789";
  for (const auto what :
       {token_character, target_character, host_character, unreserved_character, token68_character})
    for (const auto bytes : {letters, digits}) mark(bytes, what);
  mark("!#$%&'*+-.^_`|~", token_character);
  mark("-._~!$&'()*+,;=:@/?%", target_character);
  mark("-._", host_character);
  mark("-._~", unreserved_character);
  mark("-._~+/", token68_character);
  mark(digits, digit_character);
  mark("0123456789abcdefABCDEF", hex_character);
  for (std::size_t c = 0; c < table.size(); ++c)
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) table[c] |= value_character;
  return table;
}();

[[nodiscard]] constexpr bool is(char c, character_class what) noexcept {
  return (character_classes[static_cast<unsigned char>(c)] & what) != 0;
}

/// Four at a time and to the end: most texts are as they should be.
[[nodiscard]] constexpr bool all_are(std::string_view text, character_class what) noexcept {
  const auto classes_at = [text](std::size_t i) -> unsigned {
    return character_classes[static_cast<unsigned char>(text[i])];
  };
  unsigned common = what;
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4)
    common &= classes_at(i) & classes_at(i + 1) & classes_at(i + 2) & classes_at(i + 3);
  for (; i != text.size(); ++i) common &= classes_at(i);
  return common == what;
}

/// Whether `text` holds nothing but bytes of a field value. Looks at eight bytes at a time, for
/// this is where most bytes of a request head are.
[[nodiscard]] inline bool is_field_value(std::string_view text) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  while (text.size() >= 8) {
    const auto word = sesame::detail::load_word<std::uint64_t>(text.data());
    const std::uint64_t below_space = (word - ones * 0x20) & ~word & highs;
    const std::uint64_t delete_zeroed = word ^ (ones * 0x7f);
    const std::uint64_t is_delete = (delete_zeroed - ones) & ~delete_zeroed & highs;
    // The borrow of a subtraction may accuse an innocent neighbour (and a tab is innocent): only
    // the table condemns.
    if ((below_space | is_delete) != 0 && !all_are(text.substr(0, 8), value_character))
      return false;
    text.remove_prefix(8);
  }
  return all_are(text, value_character);
}

[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// Eight bytes in one word, each `A` to `Z` of them in lower case.
[[nodiscard]] constexpr std::uint64_t lower_word(std::uint64_t eight) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  const auto sevens = eight & ~highs;
  const auto from_a = sevens + ones * (0x80 - 'A'), beyond_z = sevens + ones * (0x7f - 'Z');
  return eight | ((from_a & ~beyond_z & ~eight & highs) >> 2);
}

/// Whether `size` bytes are the same but for the case of letters. Eight at a time, for the names of
/// fields are most of what a request asks to be compared.
[[nodiscard]] inline bool same_letters(const char* a, const char* b, std::size_t size) noexcept {
  return sesame::detail::same_words(a, b, size, []<class Word>(Word left, Word right) {
    if constexpr (sizeof(Word) == 1)
      return to_lower(left) == to_lower(right);
    else
      return left == right || lower_word(left) == lower_word(right);
  });
}

/// Compares ASCII without regard to case.
[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  if (!std::is_constant_evaluated()) return same_letters(a.data(), b.data(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

/// Removes SP and HTAB at both ends (OWS).
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  std::size_t begin = 0, end = text.size();
  while (begin != end && is_space(text[begin])) ++begin;
  while (begin != end && is_space(text[end - 1])) --end;
  return {text.data() + begin, end - begin};
}

/// The value of one HEXDIG; the caller has checked that it is one.
[[nodiscard]] constexpr unsigned hex_value(char c) noexcept {
  return is(c, digit_character) ? static_cast<unsigned>(c - '0')
                                : static_cast<unsigned>(to_lower(c) - 'a' + 10);
}

/// The place of the first of some characters from a place on, or npos. It is `find_first_of`, which g++
/// 12 with its sanitizer cannot evaluate over a template argument in constant expressions.
[[nodiscard]] constexpr std::size_t find_any(std::string_view text, std::string_view characters,
                                             std::size_t from = 0) noexcept {
  if (!std::is_constant_evaluated()) return text.find_first_of(characters, from);
  for (auto i = from; i < text.size(); ++i)
    for (const char c : characters)
      if (text[i] == c) return i;
  return std::string_view::npos;
}

/// Whether every "%" is followed by two HEXDIGs (RFC 3986, section 2.1).
[[nodiscard]] constexpr bool percents_are_complete(std::string_view text) noexcept {
  for (auto at = find_any(text, "%"); at != std::string_view::npos;
       at = find_any(text, "%", at + 3)) {
    if (text.size() - at < 3 || !is(text[at + 1], hex_character) ||
        !is(text[at + 2], hex_character))
      return false;
  }
  return true;
}

}  // namespace sesame::inline v0::net::detail
