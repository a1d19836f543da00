// The row of the dispatch table that the compiler makes of a tool, resource or prompt.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/json/schema.hpp"
#include "sesame/json/value.hpp"
#include "sesame/meta/annotations.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/meta/fields.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/service/declaration.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/guards.hpp"
#include "sesame/service/invoker.hpp"
#include "sesame/service/mcp_header.hpp"
#include "sesame/service/metadata.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/questions.hpp"
#include "sesame/service/text_arguments.hpp"
#include "sesame/service/tool_result.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

template <class List>
inline constexpr std::array<std::string_view, 0> hint_list{};
template <class... P>
  requires(sizeof...(P) != 0)
inline constexpr std::array<std::string_view, sizeof...(P)> hint_list<meta::types<P...>>{
    policy_traits<P>::json...};

template <class Enum>
inline constexpr auto choice_names = [] {
  std::array<std::string_view, meta::enumerators<Enum>().size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = meta::enumerators<Enum>()[i].name;
  return names;
}();

// Who may have what `Item` has, completed by `Policy`.
template <class Policy, class Item>
struct completing_item;
template <class Policy, class... Own>
struct completing_item<Policy, meta::types<Own...>> {
  template <class P>
  static constexpr bool guards = policy_traits<P>::kind == policy_kind::authentication ||
                                 policy_traits<P>::kind == policy_kind::scopes;
  template <class... P>
  static auto with(meta::types<P...>) ->
      typename policy_traits<Policy>::template item<P..., named<"complete">>;
  using type = decltype(with(
      meta::concatenate<std::conditional_t<guards<Own>, meta::types<Own>, meta::types<>>...>{}));
};

// The completer of each argument, in the order of the struct.
template <class Service, class Item, class ServerPolicies>
std::vector<completer> completers_of() {
  using declared = declaration<Service, Item, ServerPolicies>;
  using arguments = typename declared::arguments;
  std::vector<completer> all;
  meta::for_each_field<arguments>([&]<std::size_t I>() {
    using type = meta::without_optional<meta::field_type<arguments, I>>;
    completer one{.argument = meta::field_name<arguments, I>};
    if constexpr (std::is_enum_v<type>) one.choices = choice_names<type>;
    all.push_back(one);
  });
  [&]<class... P>(meta::types<P...>) {
    [[maybe_unused]] const auto add = [&]<class Policy>(std::type_identity<Policy>) {
      using completing = typename completing_item<Policy, typename Item::policies>::type;
      static_assert(declaration<Service, completing, ServerPolicies>::check());
      auto& one = all[place_of_field<arguments>(policy_traits<Policy>::field())];
      one.choices = {};
      one.invoke = &invoker<Service, completing, ServerPolicies>::invoke;
    };
    (add(std::type_identity<P>{}), ...);
  }(typename declared::completers{});
  return all;
}

// Fills in what only one kind has.

/// The rules, and what follows from two of them.
std::vector<scope_rule> closure(std::vector<scope_rule> rules);

template <class... P>
std::vector<scope_rule> scope_rules_of(meta::types<P...>) {
  std::vector<scope_rule> all;
  [[maybe_unused]] const auto add = [&all](const auto& rules) {
    all.insert(all.end(), rules.begin(), rules.end());
  };
  (add(policy_traits<P>::rules()), ...);
  return closure(std::move(all));
}

/// The ways in which a tool may be called: without a token, or with one that has these scopes.
std::string security_schemes(const entry& item, bool knows_anybody);

template <class Declared, class Item>
void describe(tool_entry& made) {
  using value_type = typename returned<typename Declared::result>::type;
  made.input_schema = json::schema<typename Declared::arguments>();
  made.output_schema = output_schema<typename Declared::result>();
  if constexpr (!std::is_void_v<value_type>) made.output_is_object = is_object<value_type>;
  made.hints = hint_list<typename Declared::template policy<policy_kind::hint>>;
  if constexpr (has_headers<typename Declared::arguments>)
    made.headers = mirrored_headers<typename Declared::arguments>();
  made.tasks = task_support_of<typename Declared::template policy<policy_kind::task>>;
  using page = typename Declared::template own_policy<policy_kind::ui>;
  if constexpr (page::size != 0)
    made.meta =
        with_member(made.meta, "ui", page_member(Declared::page, visibility_of_policy<page>));
  made.security = security_schemes(made, Declared::takes_anybody);
}

template <class Declared, class Item>
void describe(resource_entry& made) {
  made.mime_type = Declared::mime_type;
  using size = typename Declared::template own_policy<policy_kind::size>;
  if constexpr (size::size != 0) made.size = size_of_policy<size>;
  made.annotations = annotations_of(typename Declared::template policy<policy_kind::annotation>{});
}

template <class Declared, class Item>
void describe(prompt_entry& made) {
  using arguments = typename Declared::arguments;
  meta::for_each_field<arguments>([&]<std::size_t I>() {
    made.arguments.push_back({meta::field_name<arguments, I>,
                              meta::annotation<arguments, I>::description(),
                              json::codec<arguments>::required()[I]});
  });
}

/// Makes the row of a tool, resource or prompt. `providers` and `service` are the server's business.
template <class Service, class Item, class ServerPolicies>
auto make_entry(std::span<const std::size_t> providers, void* (*service)(void*)) {
  using declared = declaration<Service, Item, ServerPolicies>;
  using rules = typename Item::rules;
  entry_of<Item::kind> made{};
  made.key = declared::key;
  made.name = declared::name;
  made.title = declared::title;
  made.description = Item::description();
  made.icons = icons_of(typename declared::template policy<policy_kind::icon>{});
  made.meta = text_of_policy<typename declared::template own_policy<policy_kind::meta>>;
  made.scopes = declared::scopes;
  made.scope_rules = scope_rules_of(typename declared::template policy<policy_kind::hierarchy>{});
  using guarding = guard_table<typename declared::guards>;
  made.guards = guarding::rows;
  if constexpr (guarding::conditions::size != 0)
    made.allows = [](const principal& caller, const std::optional<json::object>& arguments) {
      return detail::allows<rules, typename declared::arguments>(typename guarding::conditions{},
                                                                 caller, arguments);
    };
  made.providers = providers;
  made.rate = declared::rate;
  made.needs = declared::needs;
  if constexpr (declared::asks) {
    using policy = policy_traits<typename first_or<typename declared::asking, void>::type>;
    made.form = form_entry{policy::key(),
                           policy::message().empty() ? Item::description() : policy::message(),
                           form_schema<typename declared::form>(),
                           &check_answer<elicit_form<typename declared::form>>};
  }
  if constexpr (rules::scalars == json::scalar_form::text)
    made.completers = completers_of<Service, Item, ServerPolicies>();
  made.service = service;
  made.check = &check_arguments<rules, typename declared::arguments>;
  made.invoke = &invoker<Service, Item, ServerPolicies>::invoke;
  made.refuse = &rules::refuse;
  made.fail = &fail_by<rules>;
  describe<declared, Item>(made);
  return made;
}

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/make_entry.ipp"
#endif
