// Booleans, numbers, strings and enumerations.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/meta/enums.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sesame::inline v0::json {

/// A number of the C++ kind: no bool, no character.
template <class T>
concept integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                  !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                  !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

namespace detail {

// Reads a number that came as a string: all of it, and nothing around it.
template <class Number>
bool read_digits(value v, Number& to) {
  std::string_view text;
  if (!v.get(text)) return false;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, to);
  return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace detail

template <>
struct codec<bool> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"boolean")"); }
  static bool read(value v, bool& to, reader& in) {
    if (in.scalars() == scalar_form::text) {
      const auto text = as_string(v);
      to = text == std::string_view{"true"};
      if (to || text == std::string_view{"false"}) return true;
    } else if (v.get(to)) {
      return true;
    }
    return in.fail("true or false", v);
  }
  static constexpr void write(bool from, auto& out) { out.boolean(from); }
};

template <integer T>
struct codec<T> {
  static constexpr void schema(auto& out) { schema(out, true, true); }

  /// The schema with the bounds that the type itself sets, where no tag sets others. Of a large
  /// type's bounds only the zero of the unsigned is worth the words to a model.
  static constexpr void schema(auto& out, bool lower, bool upper) {
    constexpr bool small = sizeof(T) < sizeof(int);
    out.raw(R"("type":"integer")");
    if (lower && (small || std::unsigned_integral<T>)) {
      out.raw(R"(,"minimum":)");
      out.number(std::numeric_limits<T>::min());
    }
    if (upper && small) {
      out.raw(R"(,"maximum":)");
      out.number(std::numeric_limits<T>::max());
    }
  }

  static bool read(value v, T& to, reader& in) {
    std::int64_t whole = 0;
    if (in.scalars() == scalar_form::text) {
      if (detail::read_digits(v, to)) return true;
    } else if (v.get(whole)) {
      if (std::in_range<T>(whole)) {
        to = static_cast<T>(whole);
        return true;
      }
    } else if (std::uint64_t large = 0; v.get(large)) {
      if (std::in_range<T>(large)) {
        to = static_cast<T>(large);
        return true;
      }
    } else if (double real = 0; v.get(real)) {
      // JSON Schema 2020-12 (validation, 6.1.1): a number with a zero fraction is an integer.
      // Beyond 2^53 a double no longer names one integer.
      constexpr double most = 9007199254740992.0;
      whole = real >= -most && real <= most ? static_cast<std::int64_t>(real) : 0;
      if (static_cast<double>(whole) == real && std::in_range<T>(whole)) {
        to = static_cast<T>(whole);
        return true;
      }
    }
    return in.fail("an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                       std::to_string(std::numeric_limits<T>::max()),
                   v);
  }

  static constexpr void write(T from, auto& out) { out.number(from); }
};

template <std::floating_point T>
struct codec<T> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"number")"); }
  static bool read(value v, T& to, reader& in) {
    double real = 0;
    const bool found =
        in.scalars() == scalar_form::text ? detail::read_digits(v, real) : v.get(real);
    if (!found) return in.fail("a number", v);
    to = static_cast<T>(real);
    // A float that overflows would become an infinity, which was not what was sent.
    return detail::is_finite(to) || in.fail("a number that fits", v);
  }
  static constexpr void write(T from, auto& out) {
    // Text through double would show digits that a float never had.
    if constexpr (std::same_as<T, float>) {
      std::array<char, 32> digits;
      if (!detail::is_finite(from)) return out.number(static_cast<double>(from));
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), from).ptr;
      out.raw(std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())});
    } else {
      out.number(static_cast<double>(from));
    }
  }
};

/// A `std::string_view` member is a view into the message it was read from, which outlives the
/// call.
template <class T>
  requires std::same_as<T, std::string> || std::same_as<T, std::string_view>
struct codec<T> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"string")"); }
  static bool read(value v, T& to, reader& in) {
    std::string_view text;
    if (!v.get(text)) return in.fail("a string", v);
    to = text;
    return true;
  }
  static constexpr void write(const T& from, auto& out) { out.string(from); }
};

/// An enumeration is the name of its enumerator.
template <class T>
  requires std::is_enum_v<T>
struct codec<T> {
  static constexpr void schema(auto& out) {
    out.raw(R"("type":"string","enum":[)");
    bool first = true;
    for (const auto& entry : meta::enumerators<T>()) {
      if (!first) out.raw(',');
      first = false;
      out.string(entry.name);
    }
    out.raw(']');
  }

  static bool read(value v, T& to, reader& in) {
    std::string_view name;
    if (v.get(name)) {
      if (const auto known = meta::enum_value<T>(name)) {
        to = *known;
        return true;
      }
    }
    std::string names = "one of";
    for (const auto& entry : meta::enumerators<T>()) {
      names += names.size() == 6 ? " \"" : ", \"";
      names += entry.name;
      names += '"';
    }
    return in.fail(names, v);
  }

  static constexpr void write(T from, auto& out) {
    const auto name = meta::enum_name(from);
    if (!name.empty()) return out.string(name);
    out.fail();
    out.null();
  }
};

}  // namespace sesame::inline v0::json
