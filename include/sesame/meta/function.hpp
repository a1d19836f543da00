// The name and the signature of a member function, a free function or a lambda.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/detail/signature.hpp"
#include "sesame/meta/types.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0::meta {

/// What a callable takes and gives: `result`, `arguments` (a `types<…>` of the parameters as they
/// are declared), and `owner`, the class of a member function or void.
template <class Function>
struct signature;

namespace detail {

template <class Owner, class Result, class... Arguments>
struct signature_parts {
  using owner = Owner;
  using result = Result;
  using arguments = types<Arguments...>;
};

// A lambda is read by its call operator, and has no owner to be called on.
template <class Call>
struct call_operator;
template <class C, class R, class... A>
struct call_operator<R (C::*)(A...)> : signature_parts<void, R, A...> {};
template <class C, class R, class... A>
struct call_operator<R (C::*)(A...) const> : signature_parts<void, R, A...> {};
template <class C, class R, class... A>
struct call_operator<R (C::*)(A...) noexcept> : signature_parts<void, R, A...> {};
template <class C, class R, class... A>
struct call_operator<R (C::*)(A...) const noexcept> : signature_parts<void, R, A...> {};

}  // namespace detail

template <class C, class R, class... A>
struct signature<R (C::*)(A...)> : detail::signature_parts<C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const> : detail::signature_parts<const C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) noexcept> : detail::signature_parts<C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const noexcept> : detail::signature_parts<const C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...)&> : detail::signature_parts<C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const&> : detail::signature_parts<const C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) & noexcept> : detail::signature_parts<C, R, A...> {};
template <class C, class R, class... A>
struct signature<R (C::*)(A...) const & noexcept> : detail::signature_parts<const C, R, A...> {};
template <class R, class... A>
struct signature<R (*)(A...)> : detail::signature_parts<void, R, A...> {};
template <class R, class... A>
struct signature<R (*)(A...) noexcept> : detail::signature_parts<void, R, A...> {};
template <class F>
  requires requires { &F::operator(); }
struct signature<F> : detail::call_operator<decltype(&F::operator())> {};

/// Something whose signature can be read: no overload set, no template.
template <class Function>
concept readable_function = requires { typename signature<Function>::result; };

namespace detail {

void sentinel_function();
inline constexpr std::string_view probe_function_spelling = spelling<&sentinel_function>();
static_assert(probe_function_spelling.rfind("sentinel_function") != std::string_view::npos,
              "sesame: this compiler prints no function names; please report it");
inline constexpr std::size_t function_suffix = probe_function_spelling.size() -
                                               probe_function_spelling.rfind("sentinel_function") -
                                               std::string_view{"sentinel_function"}.size();

template <auto Function>
struct function_name_storage {
  static constexpr std::string_view found = [] {
    // An object such as a lambda has a type, and no name.
    if (std::is_class_v<decltype(Function)>) return std::string_view{};
    auto text = spelling<Function>();
    text.remove_suffix(function_suffix);
    // A chosen overload may be spelled as a cast, in parentheses.
    while (text.ends_with(')')) text.remove_suffix(1);
    return last_identifier(without_arguments(text));
  }();
  static constexpr name_copy<found.size()> copy{found};
};

}  // namespace detail

/// The unqualified name of a function or member function, in static storage, without template
/// arguments; empty for a lambda or an operator.
template <auto Function>
inline constexpr std::string_view function_name =
    detail::function_name_storage<Function>::copy.view();

}  // namespace sesame::inline v0::meta
