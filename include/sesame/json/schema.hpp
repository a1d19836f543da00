// The JSON Schema (2020-12) of a type, as text in static storage.
//
//     struct point { double x, y; };
//     json::schema<point>()
//         // {"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"}},
//         //  "required":["x","y"],"additionalProperties":false}
//
// It is written twice by one function: once to count its characters, once into an array of that
// size. Where the compiler cannot make the defaults of the struct in a constant expression (clang
// with the strings of libstdc++ 12), the same function writes it once, at first use.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/chrono.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/constraints.hpp"
#include "sesame/json/containers.hpp"
#include "sesame/json/detail/describe.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/json/scalars.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::json {

namespace detail {

template <class Out, class... Shared>
constexpr void write_definitions(Out& out, meta::types<Shared...>) {
  bool first = true;
  [[maybe_unused]] const auto one = [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, typename Out::root>) {
      out.raw(first ? std::string_view{R"(,"$defs":{")"} : std::string_view{",\""});
      first = false;
      write_definition_name<T>(out, meta::types<Shared...>{});
      out.raw("\":{");
      codec<T>::schema(out);
      out.raw('}');
    }
  };
  (one(std::type_identity<Shared>{}), ...);
  if (!first) out.raw('}');
}

template <class T>
struct whole_schema {
  static constexpr void write(auto& out) {
    out.raw('{');
    codec<T>::schema(out);
    write_definitions(out, shared_types<T>{});
    out.raw('}');
  }
};

// Counts characters, and puts them where there is room for them. One type for both, so that what
// writes a schema is instantiated once.
struct two_pass_store {
  char* room = nullptr;
  std::size_t size = 0;

  constexpr void put(char c) {
    if (room != nullptr) room[size] = c;
    ++size;
  }
  constexpr void put(std::string_view s) {
    if (room != nullptr) {
      // By places: iterators take the compiler half as much again.
      const char* from = s.data();
      char* to = room + size;
      for (std::size_t i = 0, n = s.size(); i != n; ++i) to[i] = from[i];
    }
    size += s.size();
  }
};

// A text that `Text::write` makes, in constant expressions where it can be made in one.
template <class T, class Text>
struct static_text {
  static constexpr std::size_t write(char* room) {
    schema_writer<T, two_pass_store> out{two_pass_store{room}};
    Text::write(out);
    return out.store().size;
  }
  static constexpr std::size_t count() { return write(nullptr); }

  template <std::size_t N>
  struct constant {
    static constexpr std::array<char, N> characters = [] {
      std::array<char, N> text{};
      write(text.data());
      return text;
    }();
  };

  static const std::string& made_once() {
    static const std::string text = [] {
      std::string made(count(), ' ');
      write(made.data());
      return made;
    }();
    return text;
  }
};

template <class T, class Text>
concept constant_text =
    requires { typename std::integral_constant<std::size_t, static_text<T, Text>::count()>; };

template <class T, class Text>
constexpr std::string_view text_of() {
  if constexpr (constant_text<T, Text>) {
    constexpr auto& characters =
        static_text<T, Text>::template constant<static_text<T, Text>::count()>::characters;
    return {characters.data(), characters.size()};
  } else {
    return static_text<T, Text>::made_once();
  }
}

}  // namespace detail

/// The schema of `T`, alive for the whole program.
template <class T>
[[nodiscard]] constexpr std::string_view schema() {
  return detail::text_of<T, detail::whole_schema<T>>();
}

}  // namespace sesame::inline v0::json
