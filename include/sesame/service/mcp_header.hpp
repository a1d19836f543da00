// Arguments that clients repeat in HTTP headers, so that what stands between can route by them
// without reading bodies (MCP 2026-07-28, `x-mcp-header`).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/schema.hpp"
#include "sesame/meta/annotations.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/net/detail/characters.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

// token = 1*tchar (RFC 9110, section 5.6.2)
constexpr bool is_header_token(std::string_view name) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && marks.find(c) == std::string_view::npos) return false;
  }
  return !name.empty();
}

}  // namespace detail

/// The field's value is sent as header `Mcp-Param-{Name}` too, and the two must agree. For strings,
/// bools and integers of at most 32 bits, which any client knows exactly; never for what is secret. A header's value decides nothing.
template <fixed_string Name>
struct mcp_header {
  static_assert(detail::is_header_token(Name.view()),
                "sesame: the name of an mcp_header is a header token: letters, digits and dashes");
  static constexpr bool is_mcp_header = true;
  static constexpr std::string_view name() { return text.view(); }

  template <class T>
  static constexpr bool applies_to = [] {
    static_assert(
        std::same_as<T, std::string> || std::same_as<T, std::string_view> ||
            std::same_as<T, bool> || (json::integer<T> && sizeof(T) <= 4),
        "sesame: an mcp_header field is a string, a bool or an integer of at most 32 bits");
    return true;
  }();
  template <class T>
  static constexpr void keywords(auto& out) {
    out.raw(R"(,"x-mcp-header":)");
    out.string(Name.view());
  }

 private:
  static constexpr auto text = Name;
};

namespace detail {

/// One argument that is repeated in a header.
struct mirrored_header {
  std::string_view name;               ///< behind `Mcp-Param-`
  std::vector<std::string_view> path;  ///< the members that lead to the argument
};

template <class List>
inline constexpr std::string_view header_of = {};
template <class First, class... Rest>
inline constexpr std::string_view header_of<meta::types<First, Rest...>> = [] {
  if constexpr (requires { First::is_mcp_header; })
    return First::name();
  else
    return header_of<meta::types<Rest...>>;
}();

// Calls f(name, path) for each mirrored field that is reached through members alone. What a schema
// refers to by `$ref` is out of reach, and is not walked into.
template <class Root, class T, class F>
constexpr void each_header(F&& f, std::vector<std::string_view>& path) {
  meta::for_each_field<T>([&]<std::size_t I>() {
    using type = meta::without_optional<meta::field_type<T, I>>;
    path.push_back(meta::field_name<T, I>);
    constexpr auto name = header_of<typename meta::annotation<T, I>::tags>;
    if constexpr (!name.empty())
      f(name, path);
    else if constexpr (json::detail::is_struct<type>) {
      if constexpr (!meta::contains<type, json::detail::shared_types<Root>>)
        each_header<Root, type>(f, path);
    }
    path.pop_back();
  });
}

// How many fields reachable in any way carry the tag.
template <class T, class Seen>
consteval std::size_t count_all_headers();

template <class Seen, class... T>
consteval std::size_t count_headers_in(meta::types<T...>) {
  if constexpr ((json::detail::has_struct<T> || ...))
    return (count_all_headers<T, Seen>() + ... + std::size_t{0});
  else
    return 0;
}

// Of the members of one struct.
template <class T, std::size_t... I>
consteval std::size_t count_own_headers(std::index_sequence<I...>) {
  return ((header_of<typename meta::annotation<T, I>::tags>.empty() ? 0 : 1) + ... +
          std::size_t{0});
}

template <class T, class Seen>
consteval std::size_t count_all_headers() {
  if constexpr (!json::detail::has_struct<T> || meta::contains<T, Seen>) {
    return 0;
  } else {
    std::size_t n = count_headers_in<meta::append<Seen, T>>(typename json::children_of<T>::type{});
    if constexpr (json::detail::is_struct<T> && meta::annotated<T>)
      n += count_own_headers<T>(std::make_index_sequence<meta::field_count<T>>{});
    return n;
  }
}

// Most arguments have none, and are not walked through again for them.
template <class Arguments>
inline constexpr bool has_headers = count_all_headers<Arguments, meta::types<>>() != 0;

template <class Root, class T>
consteval std::size_t count_plain_headers() {
  std::size_t n = 0;
  meta::for_each_field<T>([&]<std::size_t I>() {
    using type = meta::without_optional<meta::field_type<T, I>>;
    if constexpr (!header_of<typename meta::annotation<T, I>::tags>.empty())
      ++n;
    else if constexpr (json::detail::is_struct<type>) {
      if constexpr (!meta::contains<type, json::detail::shared_types<Root>>)
        n += count_plain_headers<Root, type>();
    }
  });
  return n;
}

template <class Root, class T, std::size_t N>
constexpr void list_headers(std::array<std::string_view, N>& names, std::size_t& n) {
  meta::for_each_field<T>([&]<std::size_t I>() {
    using type = meta::without_optional<meta::field_type<T, I>>;
    constexpr auto name = header_of<typename meta::annotation<T, I>::tags>;
    if constexpr (!name.empty())
      names[n++] = name;
    else if constexpr (json::detail::is_struct<type>) {
      if constexpr (!meta::contains<type, json::detail::shared_types<Root>>)
        list_headers<Root, type>(names, n);
    }
  });
}

template <class Arguments, std::size_t N>
consteval bool have_unique_headers() {
  std::array<std::string_view, N + 1> names{};
  std::size_t n = 0;
  list_headers<Arguments, Arguments>(names, n);
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (net::detail::equal_ignoring_case(names[i], names[j])) return false;
  return true;
}

template <class Arguments>
consteval bool check_headers() {
  if constexpr (!has_headers<Arguments>) {
    return true;
  } else {
    constexpr auto plain = count_plain_headers<Arguments, Arguments>();
    static_assert(plain == count_all_headers<Arguments, meta::types<>>(),
                  "sesame: an mcp_header field must be reached through members alone: not inside a "
                  "list, map or variant, nor in a struct that is used twice");
    constexpr bool unique = have_unique_headers<Arguments, plain>();
    static_assert(unique, "sesame: two fields of one tool have the same mcp_header");
    return unique;
  }
}

template <class Arguments>
std::vector<mirrored_header> mirrored_headers() {
  std::vector<mirrored_header> all;
  std::vector<std::string_view> path;
  each_header<Arguments, Arguments>(
      [&](std::string_view name, const std::vector<std::string_view>& at) {
        all.push_back({name, at});
      },
      path);
  return all;
}

// Whether a header says what the argument says. Integers are compared as numbers.
inline bool says_the_same(json::value argument, std::string_view said) {
  if (const auto text = json::as_string(argument)) return *text == said;
  if (bool truth = false; argument.get(truth)) return said == (truth ? "true" : "false");
  double number = 0;
  if (!argument.get(number)) return false;
  const auto own = json::minify(argument);
  if (own == said) return true;
  double other = 0;
  const auto end = said.data() + said.size();
  const auto read = std::from_chars(said.data(), end, other);
  // Beyond 2^53 two integers may share a double, so there only the same text will do.
  return read.ec == std::errc{} && read.ptr == end && other == number &&
         number >= -9007199254740991.0 && number <= 9007199254740991.0;
}

}  // namespace detail
}  // namespace sesame::inline v0
