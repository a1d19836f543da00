// Whether a member's initializer can be seen in a fresh object, and so be told as its default.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/json/detail/describe.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/meta/fields.hpp"
#include "sesame/meta/types.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <variant>

namespace sesame::inline v0::json::detail {

template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;
template <class T>
inline constexpr bool is_variant = meta::specialization_of<T, std::variant>;

template <class T>
constexpr bool is_visible(const T& value);

// A struct inside a struct can be left out where it could be given as `{}`, and something of it
// shows: what is required of it may not be lost with it.
template <class T>
constexpr bool is_visible_struct(const T& value) {
  bool some = false;
  bool all = true;
  meta::for_each_field<T>([&]<std::size_t I>() {
    const bool visible = is_visible(meta::field<I>(value));
    some = some || visible;
    all = all && (visible || is_optional<meta::field_type<T, I>>);
  });
  return some && all;
}

// Whether a value shows that somebody gave it: it differs from what its type gives without an
// initializer. C++20 cannot ask a member for its initializer, only a fresh object for the value.
template <class T>
constexpr bool is_visible(const T& value) {
  if constexpr (meta::specialization_of<T, std::optional>)
    return value.has_value();
  else if constexpr (is_struct<T>)
    return is_visible_struct(value);
  else if constexpr (is_variant<T>)
    return value.index() != 0 || is_visible(std::get<0>(value));
  else if constexpr (is_array<T>)
    return std::any_of(value.begin(), value.end(),
                       [](const auto& item) { return is_visible(item); });
  else if constexpr (requires {
                       { value.empty() } -> std::convertible_to<bool>;
                     })
    return !value.empty();
  else if constexpr (std::equality_comparable<T> && std::default_initializable<T>)
    return !(value == T{});
  else
    return false;
}

// Whether a default can be told: not an infinity, which has no JSON text.
template <class T>
constexpr bool has_text(const T& fresh) {
  if constexpr (std::floating_point<T>)
    return is_finite(fresh);
  else
    return true;
}

}  // namespace sesame::inline v0::json::detail
