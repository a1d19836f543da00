// Lists of types, and the name of a type.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/detail/signature.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::meta {

/// A list of types.
template <class... T>
struct types {
  static constexpr std::size_t size = sizeof...(T);
};

/// Whether a `types<…>` holds `T`.
template <class T, class List>
inline constexpr bool contains = false;
template <class T, class... U>
inline constexpr bool contains<T, types<U...>> = (std::same_as<T, U> || ...);

namespace detail {

template <bool...>
struct truths {};

template <class List, class T>
struct append;
template <class... U, class T>
struct append<types<U...>, T> {
  using type = types<U..., T>;
};

template <class... Lists>
struct concatenate {
  using type = types<>;
};
template <class... T>
struct concatenate<types<T...>> {
  using type = types<T...>;
};
template <class... T, class... U>
struct concatenate<types<T...>, types<U...>> {
  using type = types<T..., U...>;
};
template <class First, class Second, class Third, class... Rest>
struct concatenate<First, Second, Third, Rest...>
    : concatenate<typename concatenate<First, Second>::type, Third, Rest...> {};
// Many in groups, so that a server of a thousand tools stays within the depth of templates.
template <class A, class B, class C, class D, class E, class F, class G, class H, class... Rest>
  requires(sizeof...(Rest) != 0)
struct concatenate<A, B, C, D, E, F, G, H, Rest...>
    : concatenate<typename concatenate<A, B, C, D, E, F, G, H>::type,
                  typename concatenate<Rest...>::type> {};

template <template <class...> class Template, class T>
inline constexpr bool specializes = false;
template <template <class...> class Template, class... T>
inline constexpr bool specializes<Template, Template<T...>> = true;

template <class T>
struct type_name_storage {
  // The argument ends the spelling but for the suffix, and may itself have arguments: those are
  // cut.
  static constexpr std::string_view found = [] {
    auto text = type_spelling<T>();
#if defined(__clang__)
    text.remove_suffix(1);
#else
    text = text.substr(0, text.find(';'));
    if (text.ends_with(']')) text.remove_suffix(1);
#endif
    return last_identifier(without_arguments(text));
  }();
  static constexpr name_copy<found.size()> copy{found};
};

template <class T>
struct without_optional {
  using type = T;
};
template <class T>
struct without_optional<std::optional<T>> {
  using type = T;
};

}  // namespace detail

/// Whether all of many are true; clang folds no more than 256.
template <bool... Truths>
inline constexpr bool all =
    std::same_as<detail::truths<true, Truths...>, detail::truths<Truths..., true>>;

/// Whether `T` is a specialization of a template whose parameters are all types.
template <class T, template <class...> class Template>
inline constexpr bool specialization_of = detail::specializes<Template, T>;

/// What is inside an optional; any other type is itself.
template <class T>
using without_optional = typename detail::without_optional<T>::type;

template <class List, class T>
using append = typename detail::append<List, T>::type;

template <class... Lists>
using concatenate = typename detail::concatenate<Lists...>::type;

/// The unqualified name of a class or enumeration, without template arguments.
template <class T>
inline constexpr std::string_view type_name = detail::type_name_storage<T>::copy.view();

}  // namespace sesame::inline v0::meta
