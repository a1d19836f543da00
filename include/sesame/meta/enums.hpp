// The enumerators of an enumeration and their names.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/detail/signature.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0 {

/// Where the enumerators of `E` are looked for. Specialize it for an enumeration with values
/// outside; an enumerator out of the range has no name, so it can be neither read nor written.
template <class E>
struct enum_range {
  static constexpr int min = -16;
  static constexpr int max = 127;
};

namespace meta {

/// An enumeration whose underlying type is fixed, as that of every `enum class` is.
template <class E>
concept fixed_enum = std::is_enum_v<E> && requires { E{0}; };

namespace detail {

enum class probe_enum { sentinel };
inline constexpr std::string_view probe_enum_spelling = spelling<probe_enum::sentinel>();
static_assert(probe_enum_spelling.rfind("sentinel") != std::string_view::npos,
              "sesame: this compiler prints no enumerator names; please report it");
inline constexpr std::size_t enum_suffix = probe_enum_spelling.size() -
                                           probe_enum_spelling.rfind("sentinel") -
                                           std::string_view{"sentinel"}.size();

template <class E>
struct enum_entry {
  E value{};
  std::string_view name;
};

// Goes on behind a refusal, so that it is the only thing said.
template <class E>
inline constexpr std::array<enum_entry<E>, 0> no_enumerators{};

template <class E>
struct enum_table {
  using entry = enum_entry<E>;
  using underlying = std::underlying_type_t<E>;

  // A value that the underlying type cannot hold would wrap round and be found twice.
  static constexpr int clamp(int bound) {
    using limits = std::numeric_limits<underlying>;
    if constexpr (sizeof(underlying) < sizeof(int))
      return std::clamp(bound, int{limits::min()}, int{limits::max()});
    else
      return limits::is_signed ? bound : std::max(bound, 0);
  }
  static constexpr int first = clamp(enum_range<E>::min);
  static constexpr int last = clamp(enum_range<E>::max);

  template <int... I>
  static consteval std::string_view spell(std::integer_sequence<int, I...>) {
    return spelling<static_cast<E>(I + first)...>();
  }
  // One spelling for the whole range, cut at its commas: far cheaper than one for each value.
  static constexpr std::string_view spelled = [] {
    auto text = spell(std::make_integer_sequence<int, last - first + 1>{});
    text.remove_suffix(enum_suffix);
    return text;
  }();

  // Where the names of enumerators are in `spelled`. It is read once, for compilers are slow readers.
  struct found_name {
    int value = 0;
    std::size_t begin = 0, size = 0;
  };
  struct found_names {
    std::array<found_name, last - first + 1> all{};
    std::size_t count = 0;
    std::size_t characters = 0;
  };
  static constexpr std::size_t list_begin() {
    constexpr auto none = spelling<>();
    std::size_t same = 0;
    while (same < none.size() && same < spelled.size() && none[same] == spelled[same]) ++same;
    return same;
  }

  static constexpr found_names found = [] {
    found_names names;
    std::string_view cast;  // what stands before the number where there is no enumerator
    std::size_t i = list_begin();
    for (int value = first; value <= last; ++value, ++i) {
      while (spelled[i] == ' ') ++i;
      const auto begin = i;
      if (!cast.empty() && spelled.substr(i).starts_with(cast)) i += cast.size();
      // Commas within brackets belong to the enumeration's own name (of a template, say).
      for (int depth = 0; i < spelled.size() && (spelled[i] != ',' || depth != 0); ++i) {
        if (spelled[i] == '<' || spelled[i] == '(' || spelled[i] == '{') ++depth;
        if (spelled[i] == '>' || spelled[i] == ')' || spelled[i] == '}') --depth;
      }
      const auto element = spelled.substr(begin, i - begin);
      const auto name = last_identifier(element);
      if (name.empty() || is_digit(name.front())) {
        cast = element.substr(0, element.size() - name.size());
      } else {
        names.all[names.count++] = {value, i - name.size(), name.size()};
        names.characters += name.size();
      }
    }
    return names;
  }();
  static constexpr std::size_t count = found.count;

  static constexpr std::array<char, found.characters + 1> names = [] {
    std::array<char, found.characters + 1> copy{};
    std::size_t at = 0;
    for (std::size_t n = 0; n < count; ++n)
      for (const char c : spelled.substr(found.all[n].begin, found.all[n].size)) copy[at++] = c;
    return copy;
  }();
  static constexpr std::array<entry, count> entries = [] {
    std::array<entry, count> all{};
    std::size_t at = 0;
    for (std::size_t n = 0; n < count; ++n) {
      all[n] = {static_cast<E>(found.all[n].value), {names.data() + at, found.all[n].size}};
      at += found.all[n].size;
    }
    return all;
  }();
};

}  // namespace detail

/// The enumerators of `E` that are in `enum_range<E>`, ascending, each with its name in static
/// storage. Of several names for one value the first counts.
template <class E>
constexpr const auto& enumerators() noexcept {
  static_assert(fixed_enum<E>,
                "sesame: this enumeration has no fixed underlying type; write `enum class`, or "
                "`enum name : int`");
  if constexpr (fixed_enum<E>) {
    using table = detail::enum_table<E>;
    static_assert(table::first <= table::last, "sesame: enum_range ends before it begins");
    if constexpr (table::first <= table::last) {
      static_assert(
          table::count != 0,
          "sesame: no enumerator found; specialize sesame::enum_range for this enumeration");
      return table::entries;
    } else {
      return detail::no_enumerators<E>;
    }
  } else {
    return detail::no_enumerators<E>;
  }
}

/// The name of an enumerator; empty for a value that has none.
template <class E>
[[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
  for (const auto& entry : enumerators<E>())
    if (entry.value == value) return entry.name;
  return {};
}

/// The enumerator of that name.
template <class E>
[[nodiscard]] constexpr std::optional<E> enum_value(std::string_view name) noexcept {
  for (const auto& entry : enumerators<E>())
    if (entry.name == name) return entry.value;
  return std::nullopt;
}

}  // namespace meta
}  // namespace sesame::inline v0
