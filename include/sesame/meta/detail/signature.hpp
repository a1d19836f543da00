// How a compiler spells a template argument. The only place that knows of `__PRETTY_FUNCTION__`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sesame::inline v0::meta::detail {

// With its size, which would be counted byte by byte.
template <auto... Values>
consteval std::string_view spelling() {
#if defined(_MSC_VER) && !defined(__clang__)
  return {__FUNCSIG__, sizeof __FUNCSIG__ - 1};
#else
  return {__PRETTY_FUNCTION__, sizeof __PRETTY_FUNCTION__ - 1};
#endif
}

template <class Type>
consteval std::string_view type_spelling() {
#if defined(_MSC_VER) && !defined(__clang__)
  return {__FUNCSIG__, sizeof __FUNCSIG__ - 1};
#else
  return {__PRETTY_FUNCTION__, sizeof __PRETTY_FUNCTION__ - 1};
#endif
}

constexpr bool is_identifier(char c) noexcept {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The identifier that the text ends with; empty if it ends with something else.
constexpr std::string_view last_identifier(std::string_view text) noexcept {
  std::size_t begin = text.size();
  while (begin != 0 && is_identifier(text[begin - 1])) --begin;
  return text.substr(begin);
}

// The text without the template arguments that it ends with.
constexpr std::string_view without_arguments(std::string_view text) noexcept {
  int depth = 0;
  while (!text.empty() && (depth != 0 || text.back() == '>')) {
    if (text.back() == '>') ++depth;
    if (text.back() == '<') --depth;
    text.remove_suffix(1);
  }
  return text;
}

// A copy of a name, or of several in a row, in an array of its own, so that the long spelling is not
// kept in the binary.
template <std::size_t N>
struct name_copy {
  std::array<char, N> characters{};
  constexpr explicit name_copy(std::string_view name) {
    std::copy_n(name.data(), N, characters.data());
  }
  template <std::size_t Names>
  constexpr explicit name_copy(const std::array<std::string_view, Names>& names) {
    auto to = characters.begin();
    for (const auto name : names) to = std::copy_n(name.data(), name.size(), to);
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters.data(), N}; }
};

}  // namespace sesame::inline v0::meta::detail
