// What is said of a struct's members beside their declaration.
//
//     struct record_query {
//       std::string id;
//       int history = 10;
//       using annotations = sesame::annotations<
//           sesame::field<&record_query::id, "Record to fetch", sesame::min_length<1>>>;
//     };
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/fields.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/types.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0 {

/// One member, what it is for, and tags that bind its value (`min_length`, `between`, …).
template <auto Member, fixed_string Description = "", class... Tags>
struct field {
  static constexpr auto member = Member;
  static consteval std::string_view description() noexcept { return text.view(); }
  using tags = meta::types<Tags...>;

 private:
  static constexpr auto text = Description;
};

/// The annotations of a struct: its public member type `annotations` names one of these.
template <class... Fields>
struct annotations {};

namespace meta {

/// Whether `T` says anything of its members.
template <class T>
concept annotated = requires { typename T::annotations; };

namespace detail {

struct member_probe {
  int sentinel_member;
};
inline constexpr std::string_view probe_member_spelling =
    spelling<&member_probe::sentinel_member>();
inline constexpr std::size_t member_suffix = probe_member_spelling.size() -
                                             probe_member_spelling.rfind("sentinel_member") -
                                             std::string_view{"sentinel_member"}.size();

template <auto Member>
inline constexpr std::string_view member_name = [] {
  auto text = spelling<Member>();
  text.remove_suffix(member_suffix);
  while (text.ends_with(')')) text.remove_suffix(1);
  return last_identifier(text);
}();

template <class>
inline constexpr bool never = false;

template <class Member>
struct member_owner;
template <class C, class M>
struct member_owner<M C::*> {
  using type = C;
};

// Stands for the annotation of a member that has none.
struct no_annotation {
  static consteval std::string_view description() noexcept { return {}; }
  using tags = types<>;
};

template <class... Fields>
consteval bool are_unique(types<Fields...>) {
  constexpr std::size_t n = sizeof...(Fields);
  const std::string_view names[n + 1] = {member_name<Fields::member>..., {}};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (names[i] == names[j]) return false;
  return true;
}

template <class T, class List>
struct annotation_list {
  static consteval auto check() {
    static_assert(never<List>,
                  "sesame: annotations must be sesame::annotations<sesame::field<…>, …>");
    return types<>{};
  }
};
template <class T, class... Fields>
struct annotation_list<T, annotations<Fields...>> {
  template <class Field>
  using pointer = std::remove_const_t<decltype(Field::member)>;

  static consteval auto check() {
    constexpr bool members = (std::is_member_object_pointer_v<pointer<Fields>> && ...);
    static_assert(members, "sesame: the first argument of field is a pointer to a data member");
    if constexpr (!members) {
      return types<>{};
    } else {
      constexpr bool own = (std::is_same_v<typename member_owner<pointer<Fields>>::type, T> && ...);
      static_assert(own, "sesame: an annotation names a member of another struct");
      constexpr bool unique = !own || are_unique(types<Fields...>{});
      static_assert(unique, "sesame: a member is annotated twice");
      return types<Fields...>{};
    }
  }
};

template <class T>
consteval auto annotations_of() {
  if constexpr (annotated<T>)
    return annotation_list<T, typename T::annotations>::check();
  else
    return types<>{};
}

template <std::size_t I, class T>
struct placed {
  using type = T;
};
template <class Indices, class... T>
struct places;
template <std::size_t... I, class... T>
struct places<std::index_sequence<I...>, T...> : placed<I, T>... {};
template <std::size_t I, class T>
placed<I, T> at(const placed<I, T>&);

// Which of a struct's annotations is for which member. The names are compared once for the whole
// struct: a search for each member costs the compiler a multiple.
template <class T, class List>
struct annotation_table;
template <class T, class... Fields>
struct annotation_table<T, types<Fields...>> {
  static constexpr std::size_t none = sizeof...(Fields);
  using list = places<std::make_index_sequence<none + 1>, Fields..., no_annotation>;

  template <std::size_t... I>
  static consteval auto match(std::index_sequence<I...>) {
    constexpr std::string_view given[] = {member_name<Fields::member>..., {}};
    constexpr std::string_view names[] = {field_name<T, I>..., {}};
    std::array<std::size_t, sizeof...(I)> found{};
    for (std::size_t i = 0; i < sizeof...(I); ++i)
      while (found[i] != none && given[found[i]] != names[i]) ++found[i];
    return found;
  }
  static constexpr auto of_member = match(std::make_index_sequence<field_count<T>>{});

  template <std::size_t I>
  using at = typename decltype(detail::at<of_member[I]>(std::declval<list>()))::type;
};
template <class T>
struct annotation_table<T, types<>> {
  template <std::size_t>
  using at = no_annotation;
};

}  // namespace detail

/// The `field<…>` that annotates the `I`th member of `T`, or a stand-in with no description and no
/// tags.
template <class T, std::size_t I>
using annotation =
    typename detail::annotation_table<T, decltype(detail::annotations_of<T>())>::template at<I>;

}  // namespace meta
}  // namespace sesame::inline v0
