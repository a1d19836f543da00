// What the compiler knows of the members of a plain struct: how many, of which types, by which
// names. C++20 has no reflection; this counts by trial initialization, reaches members by
// structured bindings and reads their names from the compiler's spelling of a pointer to each.
//
//     struct point { double x, y; };
//     static_assert(meta::field_count<point> == 2 && meta::field_name<point, 1> == "y");
//
// C++26 reflection (P2996) can replace this file without a change above it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/detail/bindings.hpp"
#include "sesame/meta/detail/signature.hpp"
#include "sesame/meta/types.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__clang__)
// The objects that names are read from are declared and never defined.
#  pragma clang diagnostic push
#  pragma clang diagnostic ignored "-Wundefined-inline"
#  pragma clang diagnostic ignored "-Wundefined-internal"
#  pragma clang diagnostic ignored "-Wundefined-var-template"
#  pragma clang diagnostic ignored "-Wmissing-braces"
#endif

namespace sesame::inline v0::meta {

namespace detail {

// Stands in for one member in a trial initializer. Declared only: a conversion with a body would be
// instantiated for recursive types.
struct any_value {
  template <class T>
  operator T() const noexcept;  // NOLINT(google-explicit-constructor)
};

// Converts to the bases of D alone, so it initializes position 0 only where that is a base.
template <class D>
struct any_base {
  template <class B>
    requires(std::is_base_of_v<B, D> && !std::is_same_v<B, D>)
  operator B() const noexcept;  // NOLINT(google-explicit-constructor)
};

// Converts to nothing: initializes only a member that takes whatever it is given, as std::any does.
struct no_value {};

template <std::size_t>
using any_at = any_value;

template <class T, class Positions>
inline constexpr bool initializable_by = false;
template <class T, std::size_t... I>
inline constexpr bool initializable_by<T, std::index_sequence<I...>> =
    requires { T{any_at<I>{}...}; };
template <class T, std::size_t N>
inline constexpr bool initializable = initializable_by<T, std::make_index_sequence<N>>;

// Whether a position takes `{}`: it does not in the middle of an array whose braces were left out.
template <class T, class Before, class After>
inline constexpr bool whole_by = false;
template <class T, std::size_t... L, std::size_t... R>
inline constexpr bool whole_by<T, std::index_sequence<L...>, std::index_sequence<R...>> =
    requires { T{any_at<L>{}..., {}, any_at<R>{}...}; };

// The same of four positions at once: most structs have no array, and none is looked for one by one.
template <class T, class Before, class After>
inline constexpr bool four_whole_by = false;
template <class T, std::size_t... L, std::size_t... R>
inline constexpr bool four_whole_by<T, std::index_sequence<L...>, std::index_sequence<R...>> =
    requires { T{any_at<L>{}..., {}, {}, {}, {}, any_at<R>{}...}; };

inline constexpr std::size_t no_count = static_cast<std::size_t>(-1);

// The N for which N initializers are taken and N + 1 are not. Stopping at the first N that fails
// would be wrong: a struct whose first member has no default constructor takes no empty list.
template <class T, std::size_t N = 0>
consteval std::size_t count_initializers() {
  if constexpr (N > max_fields)
    return no_count;
  else if constexpr (initializable<T, N> && !initializable<T, N + 1>)
    return N;
  else
    return count_initializers<T, N + 1>();
}

template <class T, std::size_t N>
consteval bool has_base() {
  if constexpr (N == 0)
    return false;
  else
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return requires { T{any_base<T>{}, any_at<I>{}...}; } &&
             !requires { T{no_value{}, any_at<I>{}...}; };
    }(std::make_index_sequence<N - 1>{});
}

template <class T, std::size_t I, std::size_t Rest>
consteval bool is_array_at() {
  if constexpr (whole_by<T, std::make_index_sequence<I>, std::make_index_sequence<Rest>>)
    return true;
  else if constexpr (Rest == 0)
    return false;
  else
    return is_array_at<T, I, Rest - 1>();
}

template <class T, std::size_t N, std::size_t I>
consteval bool are_four_whole() {
  if constexpr (I + 4 > N)
    return false;
  else
    return four_whole_by<T, std::make_index_sequence<I>, std::make_index_sequence<N - I - 4>>;
}

template <class T, std::size_t N, std::size_t I = 0>
consteval bool has_array() {
  if constexpr (I + 1 >= N)
    return false;
  else if constexpr (are_four_whole<T, N, I>())
    return has_array<T, N, I + 4>();
  else if constexpr (whole_by<T, std::make_index_sequence<I>, std::make_index_sequence<N - I - 1>>)
    return has_array<T, N, I + 1>();
  else if constexpr (is_array_at<T, I, N - I - 2>())
    return true;
  else
    return has_array<T, N, I + 1>();
}

// Whether some member is bound as an array: one of a single element is counted right, and so is
// seen only here.
template <class T, std::size_t N>
consteval bool binds_array() {
  using found = decltype(binder<N>::apply(std::declval<T&>(), [](auto&... members) {
    return std::bool_constant<(std::is_array_v<std::remove_reference_t<decltype(members)>> ||
                               ...)>{};
  }));
  return found::value;
}

// What keeps a type from being reflected.
enum class obstacle { none, no_struct, no_aggregate, many_members, strange_member, base, array };

template <class T>
consteval obstacle find_obstacle() {
  if constexpr (!std::is_class_v<T>) {
    return obstacle::no_struct;
  } else if constexpr (!std::is_aggregate_v<T>) {
    return obstacle::no_aggregate;
  } else {
    constexpr std::size_t count = count_initializers<T>();
    if constexpr (count == no_count)
      return initializable<T, max_fields + 1> ? obstacle::many_members : obstacle::strange_member;
    else if constexpr (has_base<T, count>())
      return obstacle::base;
    else if constexpr (has_array<T, count>())
      return obstacle::array;
    else
      return binds_array<T, count>() ? obstacle::array : obstacle::none;
  }
}

template <class T>
inline constexpr obstacle obstacle_of = find_obstacle<T>();

template <class T>
consteval std::size_t count_fields() {
  constexpr obstacle found = obstacle_of<T>;
  static_assert(found != obstacle::no_struct, "sesame: only structs can be reflected");
  static_assert(found != obstacle::no_aggregate,
                "sesame: this struct is not an aggregate; remove its constructors, private members "
                "and virtual functions, or specialize sesame::json::codec for it");
  static_assert(
      found != obstacle::many_members,
      "sesame: this struct has more than 128 members; group some in structs of their own");
  static_assert(found != obstacle::strange_member,
                "sesame: this struct has a member that no value can be put into, such as a "
                "reference");
  static_assert(found != obstacle::base,
                "sesame: this struct has a base class; make it a member instead");
  static_assert(found != obstacle::array, "sesame: this struct has a C array; use std::array");
  if constexpr (found == obstacle::none)
    return count_initializers<T>();
  else
    return 0;
}

template <class T>
struct holder {
  const T value;
};
template <class T>
extern const holder<T> sesame_object_that_has_only_names;

template <class T>
struct address {
  const T* pointer;
};
template <class T>
address(const T*) -> address<T>;

template <std::size_t>
using ignored = const volatile void*;
template <std::size_t I>
inline constexpr auto nth = []<std::size_t... Before>(std::index_sequence<Before...>) {
  return [](ignored<Before>..., auto* chosen, auto*...) { return chosen; };
}(std::make_index_sequence<I>{});

}  // namespace detail

/// Whether the members of `T` can be counted, reached and named.
template <class T>
concept reflectable = detail::obstacle_of<T> == detail::obstacle::none;

/// The number of members of the aggregate `T`, at most 128. A type that cannot be reflected is
/// refused with a sentence that says why.
template <class T>
inline constexpr std::size_t field_count = detail::count_fields<T>();

/// Calls `f` with every member of `object`, in the order of their declaration.
template <class T, class F>
constexpr decltype(auto) with_fields(T& object, F&& f) {
  return detail::binder<field_count<std::remove_const_t<T>>>::apply(object, static_cast<F&&>(f));
}

/// The `I`th member of `object`.
template <std::size_t I, class T>
constexpr auto& field(T& object) noexcept {
  return *with_fields(object, [](auto&... members) { return detail::nth<I>(&members...); });
}

namespace detail {

// All of them by one structured binding: one for each would take the compiler the square of their
// number.
template <std::size_t, class M>
struct address_at : address<M> {};
template <class Indices, class... M>
struct address_list;
template <std::size_t... I, class... M>
struct address_list<std::index_sequence<I...>, M...> : address_at<I, M>... {};

template <class T>
consteval auto addresses() {
  return with_fields(sesame_object_that_has_only_names<T>.value, [](auto&... members) {
    return address_list<std::make_index_sequence<sizeof...(members)>,
                        std::remove_const_t<std::remove_reference_t<decltype(members)>>...>{
        {{&members}}...};
  });
}

template <std::size_t I, class M>
constexpr address<M> address_in(const address_at<I, M>& list) {
  return list;
}

struct probe {
  int sentinel;
};
inline constexpr std::string_view probe_spelling = spelling<address_in<0>(addresses<probe>())>();
static_assert(probe_spelling.rfind("sentinel") != std::string_view::npos,
              "sesame: this compiler prints no member names; please report it");
inline constexpr std::size_t field_suffix =
    probe_spelling.size() - probe_spelling.rfind("sentinel") - std::string_view{"sentinel"}.size();

// The identifier at the end of what a compiler calls the address of a member.
consteval std::string_view name_in(std::string_view spelled) {
  spelled.remove_suffix(field_suffix);
  return last_identifier(spelled);
}

// What is known of all members; their names are in one array of characters.
template <class T, class Addresses = decltype(addresses<T>())>
struct members_of;
template <class T, std::size_t... I, class... M>
struct members_of<T, address_list<std::index_sequence<I...>, M...>> {
  using field_types = types<std::remove_cv_t<M>...>;
  static consteval auto spell() {
    [[maybe_unused]] constexpr auto list = addresses<T>();  // unused where there are none
    return std::array<std::string_view, sizeof...(I)>{
        name_in(spelling<address<M>{static_cast<const address_at<I, M>&>(list)}>())...};
  }
  static constexpr auto spelled = spell();
  static constexpr name_copy<(spelled[I].size() + ... + 0)> copy{spelled};
  static constexpr auto all = [] {
    std::array<std::string_view, sizeof...(I)> names = spelled;
    std::size_t begin = 0;
    for (auto& name : names) {
      name = copy.view().substr(begin, name.size());
      begin += name.size();
    }
    return names;
  }();
};

}  // namespace detail

/// The names of the members, in the order of their declaration and in static storage.
template <class T>
inline constexpr const auto& field_names = detail::members_of<T>::all;

/// The name of the `I`th member, in static storage.
template <class T, std::size_t I>
inline constexpr std::string_view field_name = field_names<T>[I];

static_assert(field_name<detail::probe, 0> == "sentinel");

/// The types of the members, without const, as `types<…>`.
template <class T>
using field_types = typename detail::members_of<T>::field_types;

/// The type of the `I`th member, without const.
template <class T, std::size_t I>
using field_type = std::remove_cv_t<
    std::remove_pointer_t<decltype(detail::address_in<I>(detail::addresses<T>()).pointer)>>;

/// Calls `f.template operator()<I>()` for each member's index.
template <class T, class F>
constexpr void for_each_field(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<I>(), ...);
  }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace sesame::inline v0::meta

#if defined(__clang__)
#  pragma clang diagnostic pop
#endif
