// The one customization point of this room: how a type looks as JSON.
//
// A specialization of `codec` says three things of `T`:
//
//     template <>
//     struct sesame::json::codec<uuid> {
//       // the members of the schema object, without the braces
//       static constexpr void schema(auto& out) { out.raw(R"("type":"string","format":"uuid")"); }
//       static bool read(json::value v, uuid& to, json::reader& in);   // false after in.fail(...)
//       static constexpr void write(const uuid& from, auto& out);
//     };
//
// and optionally `using children = meta::types<…>` (the types nested in it) and
// `static constexpr bool optional = true` (a member of this type may be left out). A struct that is
// the arguments of a function is read by another function, which is given null for no arguments:
//
//       static bool read_members(const json::object* from, T& to, json::reader& in);
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/reader.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/meta/types.hpp"

#include <string>
#include <type_traits>

namespace sesame::inline v0::json {

namespace detail {

template <class>
inline constexpr bool never = false;

// The keywords that two tags of one field must not both set.
enum keyword : unsigned {
  minimum = 1,
  maximum = 2,
  least_length = 4,
  most_length = 8,
  least_items = 16,
  most_items = 32,
  format_keyword = 64,
  type_keyword = 128,
  default_keyword = 256,
  pattern_keyword = 512,
};

}  // namespace detail

/// How `T` is read, written and described. Structs need no specialization.
template <class T>
struct codec {
  static_assert(detail::never<T>,
                "sesame: this type has no JSON form; use a plain struct, a number, bool, string, "
                "enum class, optional, vector, array, map or variant of these, a chrono time, or "
                "specialize sesame::json::codec");
  static constexpr void schema(auto&) {}
  static bool read(value, auto&, reader&) { return false; }
  static constexpr void write(const auto&, auto&) {}
};

/// Whether a member of type `T` may be left out by its type alone.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
  requires requires { codec<T>::optional; }
inline constexpr bool is_optional<T> = codec<T>::optional;

/// The types that are described inside the description of `T`.
template <class T>
struct children_of {
  using type = meta::types<>;
};
template <class T>
  requires requires { typename codec<T>::children; }
struct children_of<T> {
  using type = typename codec<T>::children;
};

/// Reads `v` into `to`, an object as its type makes it: members that are left out keep their
/// defaults. On failure `in` says where and why, and `to` is partly written.
template <class T>
bool read(value v, T& to, reader& in) {
  return codec<T>::read(v, to, in);
}

/// Writes `from` as JSON.
template <class T, class Writer>
constexpr void write(const T& from, Writer& out) {
  codec<T>::write(from, out);
}

/// The JSON text of a value.
template <class T>
[[nodiscard]] std::string to_json(const T& from) {
  std::string text;
  writer out{text};
  write(from, out);
  return text;
}

}  // namespace sesame::inline v0::json
