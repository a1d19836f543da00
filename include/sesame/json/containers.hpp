// Optionals, sequences, maps and variants.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/json/detail/describe.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sesame::inline v0::json {

/// A container that grows at its end: vector, deque, list.
template <class T>
concept sequence = requires(T& items) {
  typename T::value_type;
  items.emplace_back();
  items.clear();
  items.begin() == items.end();
} && !std::same_as<T, std::string>;

/// A container from strings to values: map, unordered_map. What a peer sends it may have chosen to
/// fall into one bucket: an unordered_map that is read from it needs a hash with a secret.
template <class T>
concept string_map = requires(T& items, std::string key) {
  typename T::key_type;
  typename T::mapped_type;
  requires std::same_as<typename T::key_type, std::string>;
  items.try_emplace(std::move(key));
};

/// An optional member may be left out; `null` is read as no value, and nothing is written for none.
/// An optional element of a container is `null` where it has no value.
template <class T>
struct codec<std::optional<T>> {
  static constexpr bool optional = true;
  using children = meta::types<T>;

  static constexpr void schema(auto& out) {
    out.raw(R"("anyOf":[{)");
    detail::describe_type<T>(out);
    out.raw(R"(},{"type":"null"}])");
  }
  static bool read(value v, std::optional<T>& to, reader& in) {
    if (v.is_null()) {
      to.reset();
      return true;
    }
    return json::read(v, to.emplace(), in);
  }
  static constexpr void write(const std::optional<T>& from, auto& out) {
    if (from)
      json::write(*from, out);
    else
      out.null();
  }
};

template <sequence T>
struct codec<T> {
  using children = meta::types<typename T::value_type>;

  static constexpr void schema(auto& out) {
    out.raw(R"("type":"array","items":{)");
    detail::describe_type<typename T::value_type>(out);
    out.raw('}');
  }

  static bool read(value v, T& to, reader& in) {
    array items;
    if (!v.get(items)) return in.fail("an array", v);
    to.clear();
    // Bounded, so that a text takes no more memory than it has bytes before it is known to fit.
    constexpr std::size_t at_once = 64;
    if constexpr (requires { to.reserve(at_once); }) to.reserve(std::min(items.size(), at_once));
    std::size_t index = 0;
    for (const auto item : items) {
      if constexpr (std::same_as<typename T::value_type, bool>) {
        // The elements of vector<bool> cannot be referred to.
        bool element = false;
        if (!json::read(item, element, in)) return in.at(index);
        to.push_back(element);
      } else {
        to.emplace_back();
        if (!json::read(item, to.back(), in)) return in.at(index);
      }
      ++index;
    }
    return true;
  }

  static constexpr void write(const T& from, auto& out) {
    out.raw('[');
    bool first = true;
    for (const typename T::value_type& item : from) {
      if (!first) out.raw(',');
      first = false;
      json::write(item, out);
    }
    out.raw(']');
  }
};

template <class T, std::size_t N>
struct codec<std::array<T, N>> {
  using children = meta::types<T>;

  static constexpr void schema(auto& out) {
    out.raw(R"("type":"array","items":{)");
    detail::describe_type<T>(out);
    out.raw(R"(},"minItems":)");
    out.number(N);
    out.raw(R"(,"maxItems":)");
    out.number(N);
  }

  static bool read(value v, std::array<T, N>& to, reader& in) {
    array items;
    if (!v.get(items) || items.size() != N) return in.fail("an array of " + std::to_string(N), v);
    std::size_t index = 0;
    for (const auto item : items) {
      if (!json::read(item, to[index], in)) return in.at(index);
      ++index;
    }
    return true;
  }

  static constexpr void write(const std::array<T, N>& from, auto& out) {
    out.raw('[');
    for (std::size_t i = 0; i < N; ++i) {
      if (i != 0) out.raw(',');
      json::write(from[i], out);
    }
    out.raw(']');
  }
};

template <string_map T>
struct codec<T> {
  using children = meta::types<typename T::mapped_type>;

  static constexpr void schema(auto& out) {
    out.raw(R"("type":"object","additionalProperties":{)");
    detail::describe_type<typename T::mapped_type>(out);
    out.raw('}');
  }

  static bool read(value v, T& to, reader& in) {
    object members;
    if (!v.get(members)) return in.fail("an object", v);
    to.clear();
    for (const auto member : members) {
      const auto [entry, inserted] = to.try_emplace(std::string{member.key});
      if (!inserted) return in.fail_repeated(member.key);
      if (!json::read(member.value, entry->second, in)) return in.at(member.key);
    }
    return true;
  }

  static constexpr void write(const T& from, auto& out) {
    out.raw('{');
    bool first = true;
    for (const auto& [key, item] : from) {
      if (!first) out.raw(',');
      first = false;
      out.string(key);
      out.raw(':');
      json::write(item, out);
    }
    out.raw('}');
  }
};

/// A variant is the first of its alternatives that the value fits.
template <class... T>
struct codec<std::variant<T...>> {
  using children = meta::types<T...>;

  static constexpr void schema(auto& out) {
    out.raw(R"("anyOf":[)");
    bool first = true;
    (
        [&] {
          if (!first) out.raw(',');
          first = false;
          out.raw('{');
          detail::describe_type<T>(out);
          out.raw('}');
        }(),
        ...);
    out.raw(']');
  }

  static bool read(value v, std::variant<T...>& to, reader& in) {
    const auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      return json::read(v, to.template emplace<I>(), in);
    };
    const bool fits = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (attempt(std::integral_constant<std::size_t, I>{}) || ...);
    }(std::index_sequence_for<T...>{});
    return fits || in.fail("one of the alternatives", v);
  }

  static constexpr void write(const std::variant<T...>& from, auto& out) {
    std::visit([&](const auto& alternative) { json::write(alternative, out); }, from);
  }
};

template <>
struct codec<std::monostate> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"null")"); }
  static bool read(value v, std::monostate&, reader& in) {
    return v.is_null() || in.fail("null", v);
  }
  static constexpr void write(std::monostate, auto& out) { out.null(); }
};

}  // namespace sesame::inline v0::json
