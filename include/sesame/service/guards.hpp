// What is demanded of a caller who is known: scopes, permissions, roles, what he has subscribed to,
// or whatever a function of the program says.
//
// Guards stand beside an `authenticated<Provider>` or further in, on every kind of thing. As with all
// policies the nearest list that has one of a kind decides on that kind; of different kinds all have
// to hold. A caller who lacks a scope is told which to ask for (403 with a challenge); who lacks
// anything else is told that he may not, and no more.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/function.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/service/policies.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sesame::inline v0 {

/// Only for callers who were granted all of these scopes (RFC 6749, section 3.3).
template <fixed_string... Scopes>
struct scopes {
  static_assert((is_scope_token(Scopes.view()) && ...),
                "sesame: a scope is one or more printable characters without space, quote and "
                "backslash");
};

/// Who was granted `Scope` was granted the others too, and what these include in turn. Stands beside
/// `scopes` or further out, best at the server; one list may have several.
template <fixed_string Scope, fixed_string... Included>
struct scope_includes {
  static_assert(is_scope_token(Scope.view()) && (is_scope_token(Included.view()) && ...),
                "sesame: a scope is one or more printable characters without space, quote and "
                "backslash");
};

/// Only for callers who were granted one of these scopes at least. Who has none is told to ask for
/// the first.
template <fixed_string First, fixed_string... Others>
struct any_scope {
  static_assert(is_scope_token(First.view()) && (is_scope_token(Others.view()) && ...),
                "sesame: a scope is one or more printable characters without space, quote and "
                "backslash");
};

/// Only for callers who have all of these permissions (`principal::permissions`).
template <fixed_string First, fixed_string... Others>
struct permissions {};

/// Only for callers who have one of these permissions at least.
template <fixed_string First, fixed_string... Others>
struct any_permission {};

/// Only for callers who have all of these roles (`principal::roles`).
template <fixed_string First, fixed_string... Others>
struct roles {};

/// Only for callers who have one of these roles at least.
template <fixed_string First, fixed_string... Others>
struct any_role {};

/// Only for callers of whom the issuer says so: the claim `Claim` (a name or a JSON Pointer, as
/// `principal::claim` takes it) is one of these texts, or a list that has one of them. For plans and
/// features: `entitlement<"plan", "pro", "enterprise">`. Reads the claims at each call.
template <fixed_string Claim, fixed_string Value, fixed_string... Others>
struct entitlement {};

/// Only for callers whom `Predicate` lets pass: a function or captureless lambda that takes a
/// `const principal&` and, if it wants, the struct of arguments of the function it guards, as a
/// `const Arguments&`. It is asked before anything else is done for the call, by several threads at
/// once; what it throws means no. With arguments it is not asked where there are none that fit: in
/// lists, in completions, and where the call will be refused anyway.
///
///     allowed_if<[](const principal& caller, const transfer& t) { return t.from == caller.subject; }>
template <auto Predicate>
struct allowed_if {};

namespace detail {

/// Whoever has `scope` has `included`.
struct scope_rule {
  std::string_view scope;
  std::string_view included;
  friend bool operator==(const scope_rule&, const scope_rule&) = default;
};

/// One thing that has to hold of a caller.
struct guard {
  bool (*holds)(const principal& caller, std::span<const scope_rule> rules);
  auth_error otherwise;
};

/// Whether a scope was granted, by itself or by one that includes it.
[[nodiscard]] bool is_granted(const principal& caller, std::string_view scope,
                              std::span<const scope_rule> rules) noexcept;

/// Whether a claim is one of these texts, or a list that has one.
[[nodiscard]] bool has_entitlement(const principal& caller, std::string_view claim,
                                   std::span<const std::string_view> values);

template <fixed_string... Texts>
struct texts {
 private:
  template <fixed_string Text>
  static constexpr auto part = Text;

 public:
  static constexpr std::array<std::string_view, sizeof...(Texts)> list{part<Texts>.view()...};
};

// Each guard says what has to hold, what a caller is told otherwise, and which scopes to ask for then.
template <policy_kind Kind>
struct guard_policy : kind_of<Kind> {
  static constexpr auth_error otherwise =
      Kind == policy_kind::scopes ? auth_error::insufficient_scope : auth_error::forbidden;
  static constexpr std::array<std::string_view, 0> asked{};
};

template <fixed_string... S>
struct policy_traits<scopes<S...>> : guard_policy<policy_kind::scopes> {
  static_assert(sizeof(scopes<S...>) != 0);
  static constexpr auto asked = texts<S...>::list;
  static bool holds(const principal& caller, std::span<const scope_rule> rules) {
    return std::ranges::all_of(asked, [&](auto scope) { return is_granted(caller, scope, rules); });
  }
};
template <fixed_string First, fixed_string... Others>
struct policy_traits<any_scope<First, Others...>> : guard_policy<policy_kind::scopes> {
  static_assert(sizeof(any_scope<First, Others...>) != 0);
  static constexpr auto asked = texts<First>::list;
  static bool holds(const principal& caller, std::span<const scope_rule> rules) {
    return std::ranges::any_of(texts<First, Others...>::list,
                               [&](auto scope) { return is_granted(caller, scope, rules); });
  }
};
template <fixed_string Scope, fixed_string... Included>
struct policy_traits<scope_includes<Scope, Included...>> : kind_of<policy_kind::hierarchy> {
  static_assert(sizeof(scope_includes<Scope, Included...>) != 0);
  static constexpr std::array<scope_rule, sizeof...(Included)> rules() {
    return {scope_rule{texts<Scope>::list[0], texts<Included>::list[0]}...};
  }
};

template <fixed_string... P>
struct policy_traits<permissions<P...>> : guard_policy<policy_kind::permissions> {
  static bool holds(const principal& caller, std::span<const scope_rule> /*rules*/) {
    return std::ranges::all_of(texts<P...>::list,
                               [&](auto one) { return caller.permissions.contains(one); });
  }
};
template <fixed_string... P>
struct policy_traits<any_permission<P...>> : guard_policy<policy_kind::permissions> {
  static bool holds(const principal& caller, std::span<const scope_rule> /*rules*/) {
    return std::ranges::any_of(texts<P...>::list,
                               [&](auto one) { return caller.permissions.contains(one); });
  }
};
template <fixed_string... R>
struct policy_traits<roles<R...>> : guard_policy<policy_kind::roles> {
  static bool holds(const principal& caller, std::span<const scope_rule> /*rules*/) {
    return std::ranges::all_of(texts<R...>::list,
                               [&](auto one) { return caller.roles.contains(one); });
  }
};
template <fixed_string... R>
struct policy_traits<any_role<R...>> : guard_policy<policy_kind::roles> {
  static bool holds(const principal& caller, std::span<const scope_rule> /*rules*/) {
    return std::ranges::any_of(texts<R...>::list,
                               [&](auto one) { return caller.roles.contains(one); });
  }
};
template <fixed_string Claim, fixed_string... Values>
struct policy_traits<entitlement<Claim, Values...>> : guard_policy<policy_kind::entitlement> {
  static bool holds(const principal& caller, std::span<const scope_rule> /*rules*/) {
    return has_entitlement(caller, texts<Claim>::list[0], texts<Values...>::list);
  }
};

// What a condition looks at beside the caller.
template <class Parameters>
struct condition_arguments {
  static constexpr bool is_condition = false;
};
template <class Caller>
  requires std::same_as<Caller, const principal&>
struct condition_arguments<meta::types<Caller>> {
  static constexpr bool is_condition = true;
  using type = void;
};
template <class Caller, class Arguments>
  requires std::same_as<Caller, const principal&>
struct condition_arguments<meta::types<Caller, Arguments>> {
  static constexpr bool is_condition =
      std::same_as<Arguments, const std::remove_cvref_t<Arguments>&>;
  using type = std::remove_cvref_t<Arguments>;
};

template <auto Predicate>
struct policy_traits<allowed_if<Predicate>> : guard_policy<policy_kind::condition> {
  using signature = meta::signature<std::remove_const_t<decltype(Predicate)>>;
  using seen = condition_arguments<typename signature::arguments>;
  static_assert(
      seen::is_condition && std::same_as<typename signature::result, bool>,
      "sesame: allowed_if<Predicate> takes a function of a const principal&, or of one and "
      "a const Arguments&, that returns a bool");
  using arguments = typename seen::type;

  static bool holds(const principal& caller, std::span<const scope_rule> /*rules*/) {
    return says(caller);
  }
  template <class Arguments>
  static bool holds_for(const principal& caller, const Arguments& given) {
    return says(caller, given);
  }

 private:
  template <class... Given>
  static bool says(const Given&... given) noexcept {
    if constexpr (std::is_invocable_v<decltype(Predicate), const Given&...>) {
      try {
        return Predicate(given...);
      } catch (...) {
        return false;
      }
    } else {
      return false;
    }
  }
};

template <class Policy>
inline constexpr bool sees_arguments = false;
template <auto Predicate>
inline constexpr bool sees_arguments<allowed_if<Predicate>> =
    !std::is_void_v<typename policy_traits<allowed_if<Predicate>>::arguments>;

/// The guards of a list, but for those that look at arguments, as a table.
template <class List>
struct guard_table;
template <class... P>
struct guard_table<meta::types<P...>> {
  template <class One>
  using without_arguments =
      std::conditional_t<sees_arguments<One>, meta::types<>, meta::types<One>>;
  template <class One>
  using with_arguments = std::conditional_t<sees_arguments<One>, meta::types<One>, meta::types<>>;
  template <class... One>
  static constexpr auto rows_of(meta::types<One...>) {
    return std::array<guard, sizeof...(One)>{
        guard{&policy_traits<One>::holds, policy_traits<One>::otherwise}...};
  }
  using conditions = meta::concatenate<with_arguments<P>...>;
  static constexpr auto rows = rows_of(meta::concatenate<without_arguments<P>...>{});
};

/// What a challenge asks for where scopes are missing.
template <class List>
inline constexpr auto asked_scopes = std::array<std::string_view, 0>{};
template <class... P>
  requires(sizeof...(P) != 0)
inline constexpr auto asked_scopes<meta::types<P...>> = [] {
  std::array<std::string_view, (policy_traits<P>::asked.size() + ...)> all{};
  auto to = all.begin();
  ((to = std::ranges::copy(policy_traits<P>::asked, to).out), ...);
  return all;
}();

/// Whether a list has a guard.
template <class List>
inline constexpr bool demands = false;
template <class... P>
inline constexpr bool demands<meta::types<P...>> =
    (requires { policy_traits<P>::otherwise; } || ...);

}  // namespace detail
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/guards.ipp"
#endif
