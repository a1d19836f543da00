// Structs whose members come as text: the arguments of prompts and the variables of URI templates.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/objects.hpp"
#include "sesame/meta/fields.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0::detail {

template <class T>
inline constexpr bool is_text_field =
    std::same_as<T, bool> || json::integer<T> || std::floating_point<T> ||
    std::same_as<T, std::string> || std::same_as<T, std::string_view> || std::is_enum_v<T>;
template <class T>
inline constexpr bool is_text_field<std::optional<T>> = is_text_field<T>;
template <class Duration>
inline constexpr bool is_text_field<std::chrono::sys_time<Duration>> = true;
template <>
inline constexpr bool is_text_field<std::chrono::year_month_day> = true;

/// Whether each member of a struct can be read from a text.
template <class T>
inline constexpr bool has_text_fields = []<std::size_t... I>(std::index_sequence<I...>) {
  return (is_text_field<meta::field_type<T, I>> && ...);
}(std::make_index_sequence<meta::field_count<T>>{});

/// The place of a member by its name, or the number of members.
template <class T>
constexpr std::size_t place_of_field(std::string_view name) {
  std::size_t place = 0;
  bool found = false;
  meta::for_each_field<T>([&]<std::size_t I>() {
    found = found || meta::field_name<T, I> == name;
    if (!found) ++place;
  });
  return place;
}

}  // namespace sesame::inline v0::detail
