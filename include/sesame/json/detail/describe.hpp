// How one schema refers to the types inside it: in place, or by reference where a type is used
// twice or contains itself.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/meta/types.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::json::detail {

// A struct whose members are reflected: what a `$defs` entry can stand for.
template <class T>
inline constexpr bool is_struct = requires { typename codec<T>::reflected; };

// The walk over all types that a schema reaches: structs met once, and those met again.
template <class Seen, class Shared>
struct walk {};

// Whether a struct stands anywhere in a type. Most members have none, and are not walked to.
template <class T, class Children = typename children_of<T>::type>
inline constexpr bool has_struct = is_struct<T>;
template <class T, class... Children>
  requires(!is_struct<T>)
inline constexpr bool has_struct<T, meta::types<Children...>> = (has_struct<Children> || ...);

template <class State, class T>
struct visit;
template <class State, class List>
struct visit_all;

template <class State>
struct visit_all<State, meta::types<>> {
  using type = State;
};
template <class State, class First, class... Rest>
struct visit_all<State, meta::types<First, Rest...>>
    : visit_all<typename visit<State, First>::type, meta::types<Rest...>> {};
template <class State, class First, class... Rest>
  requires(!(has_struct<First> || ... || has_struct<Rest>))
struct visit_all<State, meta::types<First, Rest...>> {
  using type = State;
};

template <class Seen, class Shared, class T>
struct visit<walk<Seen, Shared>, T> {
  static consteval auto next() {
    if constexpr (!is_struct<T>) {
      return std::type_identity<
          typename visit_all<walk<Seen, Shared>, typename children_of<T>::type>::type>{};
    } else if constexpr (!meta::contains<T, Seen>) {
      return std::type_identity<typename visit_all<walk<meta::append<Seen, T>, Shared>,
                                                   typename children_of<T>::type>::type>{};
    } else if constexpr (!meta::contains<T, Shared>) {
      return std::type_identity<walk<Seen, meta::append<Shared, T>>>{};
    } else {
      return std::type_identity<walk<Seen, Shared>>{};
    }
  }
  using type = typename decltype(next())::type;
};

template <class State>
struct shared_of;
template <class Seen, class Shared>
struct shared_of<walk<Seen, Shared>> {
  using type = Shared;
};

/// The structs of `Root`'s schema that are used more than once, or inside themselves.
template <class Root>
using shared_types =
    typename shared_of<typename visit<walk<meta::types<>, meta::types<>>, Root>::type>::type;

// Writes a type's name, with a number behind it if other shared types have the same name. The point
// keeps that apart from every type's own name.
template <class T, class... Shared>
constexpr void write_definition_name(auto& out, meta::types<Shared...>) {
  std::size_t same = 0;
  bool done = false;
  ((done = done || std::is_same_v<T, Shared>,
    same += !done && meta::type_name<Shared> == meta::type_name<T> ? 1 : 0),
   ...);
  out.raw(meta::type_name<T>);
  if (same != 0) {
    out.raw('.');
    out.number(same + 1);
  }
}

// A writer that knows which schema it writes, as far as that matters: where nothing is referred to,
// one type serves all schemas, so that the compiler makes what writes a type once.
template <class Store, class Root, class Shared>
class basic_schema_writer : public basic_writer<Store> {
 public:
  using root = Root;
  using shared = Shared;
  using basic_writer<Store>::basic_writer;
};

template <class Root, class Store, class Shared = shared_types<Root>>
using schema_writer =
    basic_schema_writer<Store, std::conditional_t<Shared::size == 0, void, Root>, Shared>;

/// The members of the schema object of `T`, without the braces.
template <class T, class Out>
constexpr void describe_type(Out& out) {
  if constexpr (meta::contains<T, typename Out::shared>) {
    if constexpr (std::is_same_v<T, typename Out::root>) {
      out.raw(R"("$ref":"#")");
    } else {
      out.raw(R"("$ref":"#/$defs/)");
      write_definition_name<T>(out, typename Out::shared{});
      out.raw('"');
    }
  } else {
    codec<T>::schema(out);
  }
}

}  // namespace sesame::inline v0::json::detail
