// Tags for `sesame::field` that bind a member's value. What a tag publishes in the schema is what
// is enforced when arguments are read (JSON Schema 2020-12, validation).
//
// A tag is a type with any of
//
//     template <class T> static constexpr bool applies_to       // is it meaningful for T?
//     template <class T> static constexpr void keywords(out)    // what it adds, with a comma before
//     template <class T> static bool check(const T&, reader&)   // the enforcement
//     static constexpr unsigned sets                            // the keywords, as flags
//
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/containers.hpp"
#include "sesame/json/formats.hpp"
#include "sesame/json/scalars.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/meta/fixed_string.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0 {

namespace json::detail {

template <class T>
concept text = std::same_as<T, std::string> || std::same_as<T, std::string_view>;

template <class T>
concept real_number = integer<T> || std::floating_point<T>;

template <class T, class Bound>
constexpr bool less(T a, Bound b) noexcept {
  if constexpr (integer<T> && integer<Bound>)
    return std::cmp_less(a, b);
  else
    return static_cast<double>(a) < static_cast<double>(b);
}

// A number as a template argument. clang 16 takes no floating-point number there, but takes a class
// that holds one.
struct bound {
  template <integer T>
  consteval bound(T n)  // NOLINT(google-explicit-constructor)
      : kind(std::signed_integral<T> ? kind_of::whole : kind_of::natural),
        whole(std::signed_integral<T> ? static_cast<std::int64_t>(n) : 0),
        natural(std::signed_integral<T> ? 0 : static_cast<std::uint64_t>(n)) {}
  template <std::floating_point T>
  consteval bound(T n)  // NOLINT(google-explicit-constructor)
      : kind(kind_of::real), real(static_cast<double>(n)) {}

  template <class F>
  constexpr auto with(F f) const {
    return kind == kind_of::whole ? f(whole) : kind == kind_of::natural ? f(natural) : f(real);
  }

  enum class kind_of : std::uint8_t { whole, natural, real } kind;
  std::int64_t whole = 0;
  std::uint64_t natural = 0;
  double real = 0;
};

// Whether a number can be compared with the bound. Of an integer one within the type's own range
// makes sense alone: the schema would promise what the type cannot hold.
template <class T, bound Bound>
inline constexpr bool takes_bound = Bound.with([](auto number) {
  if constexpr (integer<T> && integer<decltype(number)>)
    return std::in_range<T>(number);
  else
    return real_number<T>;
});

template <class T>
constexpr bool is_below(T a, bound b) noexcept {
  return b.with([&](auto number) { return less(a, number); });
}
template <class T>
constexpr bool is_above(T a, bound b) noexcept {
  return b.with([&](auto number) { return less(number, a); });
}

template <bound Low, bound High>
consteval bool in_order() {
  constexpr bool reversed = High.with([](auto number) { return is_below(number, Low); });
  static_assert(!reversed, "sesame: between<Low, High> with Low above High");
  return true;
}

template <fixed_string Name>
consteval bool is_known() {
  static_assert(known_format(Name.view()),
                "sesame: unknown format; known are email, uri, date, date-time and uuid");
  return true;
}

template <class Enum, std::size_t Count>
consteval bool has_titles() {
  constexpr bool fits = meta::enumerators<Enum>().size() == Count;
  static_assert(fits, "sesame: titles needs one title for each enumerator");
  return fits;
}

// The length of a string as JSON Schema counts it: in code points. The text is valid UTF-8.
constexpr std::size_t code_points(std::string_view s) noexcept {
  std::size_t n = 0;
  for (const char c : s) n += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
  return n;
}

inline std::string number_text(auto n) {
  std::string text;
  writer{text}.number(n);
  return text;
}
inline std::string number_text(bound b) {
  return b.with([](auto number) { return number_text(number); });
}

inline constexpr std::size_t most = static_cast<std::size_t>(-1);

// Whether a count lies between two, of which one is no bound.
inline bool check_count(std::size_t count, std::size_t low, std::size_t high, std::string_view what,
                        reader& in) {
  if (count >= low && count <= high) return true;
  std::string expected = count < low ? "at least " : "at most ";
  expected += std::to_string(count < low ? low : high);
  expected += what;
  return in.fail(expected, std::to_string(count));
}

constexpr void put_keyword(auto& out, std::string_view keyword, bound limit) {
  out.raw(",\"");
  out.raw(keyword);
  out.raw("\":");
  limit.with([&](auto number) { out.number(number); });
}
constexpr void put_keyword(auto& out, std::string_view keyword, std::size_t count) {
  out.raw(",\"");
  out.raw(keyword);
  out.raw("\":");
  out.number(count);
}

}  // namespace json::detail

/// A string of at least `Length` code points (`minLength`).
template <std::size_t Length>
struct min_length {
  static constexpr unsigned sets = json::detail::least_length;
  template <class T>
  static constexpr bool applies_to = json::detail::text<T>;
  template <class T>
  static constexpr void keywords(auto& out) {
    json::detail::put_keyword(out, "minLength", Length);
  }
  template <class T>
  static bool check(const T& value, json::reader& in) {
    return json::detail::check_count(json::detail::code_points(value), Length, json::detail::most,
                                     " characters", in);
  }
};

/// A string of at most `Length` code points (`maxLength`).
template <std::size_t Length>
struct max_length {
  static constexpr unsigned sets = json::detail::most_length;
  template <class T>
  static constexpr bool applies_to = json::detail::text<T>;
  template <class T>
  static constexpr void keywords(auto& out) {
    json::detail::put_keyword(out, "maxLength", Length);
  }
  template <class T>
  static bool check(const T& value, json::reader& in) {
    return json::detail::check_count(json::detail::code_points(value), 0, Length, " characters",
                                     in);
  }
};

/// A number of at least `Low` (`minimum`).
template <json::detail::bound Low>
struct at_least {
  static constexpr unsigned sets = json::detail::minimum;
  template <class T>
  static constexpr bool applies_to = json::detail::takes_bound<T, Low>;
  template <class T>
  static constexpr void keywords(auto& out) {
    json::detail::put_keyword(out, "minimum", Low);
  }
  template <class T>
  static bool check(T value, json::reader& in) {
    return !json::detail::is_below(value, Low) ||
           in.fail("at least " + json::detail::number_text(Low), json::detail::number_text(value));
  }
};

/// A number of at most `High` (`maximum`).
template <json::detail::bound High>
struct at_most {
  static constexpr unsigned sets = json::detail::maximum;
  template <class T>
  static constexpr bool applies_to = json::detail::takes_bound<T, High>;
  template <class T>
  static constexpr void keywords(auto& out) {
    json::detail::put_keyword(out, "maximum", High);
  }
  template <class T>
  static bool check(T value, json::reader& in) {
    return !json::detail::is_above(value, High) ||
           in.fail("at most " + json::detail::number_text(High), json::detail::number_text(value));
  }
};

/// A number from `Low` to `High`, both included (`minimum`, `maximum`).
template <json::detail::bound Low, json::detail::bound High>
struct between {
  static constexpr unsigned sets = json::detail::minimum | json::detail::maximum;
  template <class T>
  static constexpr bool applies_to =
      json::detail::in_order<Low, High>() && json::detail::takes_bound<T, Low> &&
      json::detail::takes_bound<T, High>;
  template <class T>
  static constexpr void keywords(auto& out) {
    at_least<Low>::template keywords<T>(out);
    at_most<High>::template keywords<T>(out);
  }
  template <class T>
  static bool check(T value, json::reader& in) {
    return (!json::detail::is_below(value, Low) && !json::detail::is_above(value, High)) ||
           in.fail("a number from " + json::detail::number_text(Low) + " to " +
                       json::detail::number_text(High),
                   json::detail::number_text(value));
  }
};

/// A sequence of at least `Count` elements (`minItems`).
template <std::size_t Count>
struct min_items {
  static constexpr unsigned sets = json::detail::least_items;
  template <class T>
  static constexpr bool applies_to = json::sequence<T>;
  template <class T>
  static constexpr void keywords(auto& out) {
    json::detail::put_keyword(out, "minItems", Count);
  }
  template <class T>
  static bool check(const T& value, json::reader& in) {
    return json::detail::check_count(value.size(), Count, json::detail::most, " items", in);
  }
};

/// A sequence of at most `Count` elements (`maxItems`).
template <std::size_t Count>
struct max_items {
  static constexpr unsigned sets = json::detail::most_items;
  template <class T>
  static constexpr bool applies_to = json::sequence<T>;
  template <class T>
  static constexpr void keywords(auto& out) {
    json::detail::put_keyword(out, "maxItems", Count);
  }
  template <class T>
  static bool check(const T& value, json::reader& in) {
    return json::detail::check_count(value.size(), 0, Count, " items", in);
  }
};

/// A string of a known form (`format`): "email", "uri", "date", "date-time" or "uuid".
template <fixed_string Name>
struct format {
  static constexpr unsigned sets = json::detail::format_keyword;
  template <class T>
  static constexpr bool applies_to = json::detail::is_known<Name>() && json::detail::text<T>;
  template <class T>
  static constexpr void keywords(auto& out) {
    out.raw(R"(,"format":)");
    out.string(Name.view());
  }
  template <class T>
  static bool check(const T& value, json::reader& in) {
    return json::has_format(Name.view(), value) ||
           in.fail("a string of format " + std::string{Name.view()}, "another string");
  }
};

/// The titles of an enumeration's enumerators, in their order (`oneOf` with `const` and `title`).
template <fixed_string... Titles>
struct titles {
  static constexpr unsigned sets = json::detail::type_keyword;
  static constexpr std::size_t count = sizeof...(Titles);
  static constexpr std::array<std::string_view, sizeof...(Titles)> texts{Titles.view()...};
  static constexpr bool replaces_type = true;

  template <class T>
  static constexpr bool applies_to = [] {
    if constexpr (json::sequence<T>)
      return std::is_enum_v<typename T::value_type>;
    else
      return std::is_enum_v<T>;
  }();

  template <class T>
  static constexpr void describe(auto& out) {
    if constexpr (json::sequence<T>) {
      out.raw(R"("type":"array","items":{"anyOf":)");
      alternatives<typename T::value_type>(out);
      out.raw('}');
    } else {
      out.raw(R"("type":"string","oneOf":)");
      alternatives<T>(out);
    }
  }

 private:
  template <class Enum>
  static constexpr void alternatives(auto& out) {
    if constexpr (json::detail::has_titles<Enum, count>()) {
      out.raw('[');
      for (std::size_t i = 0; i < count; ++i) {
        if (i != 0) out.raw(',');
        out.raw(R"({"const":)");
        out.string(meta::enumerators<Enum>()[i].name);
        out.raw(R"(,"title":)");
        out.string(texts[i]);
        out.raw('}');
      }
      out.raw(']');
    }
  }
};

/// Titles as revision 2025-06-18 had them (`enum` with `enumNames`), for clients that know no other
/// way. Deprecated since 2025-11-25 in favour of `titles`.
template <fixed_string... Titles>
struct enum_names {
  static constexpr bool replaces_type = true;

  template <class T>
  static constexpr bool applies_to = std::is_enum_v<T>;

  template <class T>
  static constexpr void describe(auto& out) {
    static_assert(meta::enumerators<T>().size() == sizeof...(Titles),
                  "sesame: enum_names needs one title for each enumerator");
    json::codec<T>::schema(out);
    out.raw(R"(,"enumNames":[)");
    bool first = true;
    ((out.raw(first ? std::string_view{} : std::string_view{","}), first = false,
      out.string(Titles.view())),
     ...);
    out.raw(']');
  }
};

/// A default for a member whose own would not show: one that is zero, false or empty. The member is
/// then not required, and gets this value when it is left out.
template <auto Value>
struct default_value {
  static constexpr unsigned sets = json::detail::default_keyword;
  static constexpr auto value = [] {
    if constexpr (requires { Value.view(); })
      return Value.view();
    else
      return Value;
  }();
  static constexpr bool is_default = true;
  template <class T>
  static constexpr bool applies_to = [] {
    using given = std::remove_const_t<decltype(value)>;
    // Neither a number that the type would change, nor a character out of a number.
    if constexpr (json::detail::real_number<T>)
      return json::detail::real_number<given> && requires { T{value}; };
    else if constexpr (std::same_as<T, bool> || std::is_enum_v<T>)
      return std::same_as<T, given>;
    else if constexpr (json::detail::text<T>)
      return std::same_as<given, std::string_view>;
    else
      return requires(T to) { to = value; };
  }();
};

/// A default that is a text: `default_text<"">`.
template <fixed_string Value>
struct default_text : default_value<Value> {};

}  // namespace sesame::inline v0
