// What the compiler makes of one tool, resource or prompt of one service: its parameters sorted, its
// policies resolved, and everything that is wrong with it said in a sentence.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/fwd.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/service/completion.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/guards.hpp"
#include "sesame/service/metadata.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/primitive.hpp"
#include "sesame/service/text_arguments.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0::detail {

// What a parameter asks for.
enum class parameter_kind {
  arguments,
  principal,
  optional_principal,
  context,
  form,
  typed,       // the text to complete
  completion,  // what was filled in before
  none
};

template <class T>
struct form_of {
  using type = void;
};
template <class Form>
struct form_of<elicited<Form>> {
  using type = Form;
};

template <class Parameter>
consteval parameter_kind kind_of_parameter() {
  using type = std::remove_cvref_t<Parameter>;
  if constexpr (std::same_as<type, principal>)
    return parameter_kind::principal;
  else if constexpr (std::same_as<type, const principal*>)
    return parameter_kind::optional_principal;
  else if constexpr (std::same_as<type, context>)
    return parameter_kind::context;
  else if constexpr (std::same_as<type, std::string_view>)
    return parameter_kind::typed;
  else if constexpr (std::same_as<type, completion_context>)
    return parameter_kind::completion;
  else if constexpr (!std::is_void_v<typename form_of<type>::type>)
    return parameter_kind::form;
  else
    return parameter_kind::arguments;
}

template <class List>
struct sorted_parameters;
template <class... P>
struct sorted_parameters<meta::types<P...>> {
  static constexpr std::array<parameter_kind, sizeof...(P) + 1> kinds{kind_of_parameter<P>()...,
                                                                      parameter_kind::none};
  static constexpr std::size_t count(parameter_kind kind) noexcept {
    std::size_t found = 0;
    for (const auto one : kinds) found += one == kind ? 1 : 0;
    return found;
  }
  template <parameter_kind Kind>
  using of_kind =
      meta::concatenate<std::conditional_t<kind_of_parameter<P>() == Kind,
                                           meta::types<std::remove_cvref_t<P>>, meta::types<>>...>;
};

template <class List, class Otherwise>
struct first_or {
  using type = Otherwise;
};
template <class First, class... Rest, class Otherwise>
struct first_or<meta::types<First, Rest...>, Otherwise> {
  using type = First;
};

// The arguments of a function that takes none.
struct no_arguments {};

template <class Result>
struct unwrapped {
  using type = Result;
  static constexpr bool is_task = false;
};
template <class Result>
struct unwrapped<task<Result>> {
  using type = Result;
  static constexpr bool is_task = true;
};

// The providers in a list of authentication policies.
template <class List>
struct providers_in;
template <class... P>
struct providers_in<meta::types<P...>> {
  template <class>
  struct one {
    using type = meta::types<>;
  };
  template <class Provider>
  struct one<authenticated<Provider>> {
    using type = meta::types<Provider>;
  };
  using type = meta::concatenate<typename one<P>::type...>;
};

template <class List>
inline constexpr task_support task_support_of = task_support::forbidden;
template <class First>
inline constexpr task_support task_support_of<meta::types<First>> = policy_traits<First>::support;

template <class List>
inline constexpr call_rate rate_of{};
template <class First, class... Rest>
inline constexpr call_rate rate_of<meta::types<First, Rest...>> = policy_traits<First>::rate;

template <class List>
inline constexpr client_capabilities needs_of{};
template <class First, class... Rest>
inline constexpr client_capabilities needs_of<meta::types<First, Rest...>> =
    policy_traits<First>::needed.with(needs_of<meta::types<Rest...>>);

template <class Policies>
struct service_policies {
  using type = meta::types<>;
};
template <class Service>
  requires requires { typename Service::policies; }
struct service_policies<Service> {
  using type = typename Service::policies;
};

// Whether a list has only what may be said of many things at once.
template <class List>
inline constexpr bool is_for_many =
    !has_kind<policy_kind::name, List> && !has_kind<policy_kind::title, List> &&
    !has_kind<policy_kind::elicitation, List> && !has_kind<policy_kind::completer, List> &&
    !has_kind<policy_kind::meta, List> && !has_kind<policy_kind::ui, List> &&
    !has_kind<policy_kind::size, List>;

template <class List>
inline constexpr bool is_mixed = false;
template <class... P>
inline constexpr bool is_mixed<meta::types<P...>> =
    (std::same_as<P, anonymous> || ...) && sizeof...(P) > 1;

template <class List>
inline constexpr bool are_policies = false;
template <class... P>
inline constexpr bool are_policies<meta::types<P...>> =
    ((policy_traits<P>::kind != policy_kind::none) && ...);

template <class List>
inline constexpr bool are_providers = false;
template <class... P>
inline constexpr bool are_providers<meta::types<P...>> = (provider<P> && ...);

// Whether each argument that is said to be completed is a member, and is said to be so once.
template <class Arguments, class List>
inline constexpr bool complete_fields = false;
template <class Arguments, class... P>
inline constexpr bool complete_fields<Arguments, meta::types<P...>> = [] {
  bool all = true;
  [[maybe_unused]] std::array<bool, meta::field_count<Arguments> + 1> seen{};
  [[maybe_unused]] const auto look = [&](std::size_t place) {
    all = all && place != meta::field_count<Arguments> && !seen[place];
    seen[place] = true;
  };
  (look(place_of_field<Arguments>(policy_traits<P>::field())), ...);
  return all;
}();

// Whether each condition looks at these arguments.
template <class Arguments, class List>
inline constexpr bool looks_at = false;
template <class Arguments, class... P>
inline constexpr bool looks_at<Arguments, meta::types<P...>> =
    (std::same_as<typename policy_traits<P>::arguments, Arguments> && ...);

/// Everything known of `Item` as a part of `Service`, under the server's own policies.
template <class Service, class Item, class ServerPolicies>
struct declaration {
  using signature = typename Item::signature;
  using parameters = typename signature::arguments;
  using own = typename Item::policies;
  using inherited = typename service_policies<Service>::type;

  template <policy_kind Kind>
  using policy = nearest<Kind, own, inherited, ServerPolicies>;
  template <policy_kind Kind>
  using own_policy = of_kind<Kind, own>;

  using authentication = policy<policy_kind::authentication>;
  using providers = typename providers_in<authentication>::type;
  static constexpr bool is_authenticated = providers::size != 0;
  // Scopes come last: nobody should ask for one who may not in the end.
  using guards = std::conditional_t<
      is_authenticated,
      meta::concatenate<policy<policy_kind::roles>, policy<policy_kind::permissions>,
                        policy<policy_kind::entitlement>, policy<policy_kind::condition>,
                        policy<policy_kind::scopes>>,
      meta::types<>>;
  static constexpr auto scopes = asked_scopes<guards>;

  static constexpr call_rate rate = rate_of<policy<policy_kind::rate>>;

  using sorted = sorted_parameters<parameters>;
  using argument_list = typename sorted::template of_kind<parameter_kind::arguments>;
  using arguments = typename first_or<argument_list, no_arguments>::type;
  using form_list = typename sorted::template of_kind<parameter_kind::form>;
  using form = typename form_of<typename first_or<form_list, void>::type>::type;
  static constexpr bool asks = !std::is_void_v<form>;
  using asking = own_policy<policy_kind::elicitation>;
  using completers = own_policy<policy_kind::completer>;

  static constexpr client_capabilities needs =
      needs_of<policy<policy_kind::client>>.with(client_capabilities{
          static_cast<std::uint8_t>(asks ? client_capabilities::elicitation_form : 0)});

  using result = std::remove_cvref_t<typename unwrapped<typename signature::result>::type>;
  static constexpr bool is_task = unwrapped<typename signature::result>::is_task;

  static constexpr std::string_view name = [] {
    using given = own_policy<policy_kind::name>;
    if constexpr (given::size != 0)
      return policy_traits<typename first_or<given, void>::type>::view();
    else
      return meta::function_name<Item::function>;
  }();

  /// What clients ask for it by: a URI or URI template, or the name.
  static constexpr std::string_view key = [] {
    if constexpr (requires { Item::key(); })
      return Item::key();
    else
      return name;
  }();

  static constexpr std::string_view description = Item::description();

  /// What a resource is said to hold: a page of MCP Apps is always of one type.
  static constexpr std::string_view mime_type =
      is_page(key) ? page_type : text_of_policy<policy<policy_kind::mime_type>>;

  /// The page of a tool; empty for none.
  static constexpr std::string_view page = text_of_policy<own_policy<policy_kind::ui>>;

  static constexpr std::string_view title = text_of_policy<own_policy<policy_kind::title>>;

  /// Whether the function is told who calls, if somebody does.
  static constexpr bool takes_anybody = sorted::count(parameter_kind::optional_principal) != 0;

  static consteval bool check();

 private:
  static consteval bool check_place();

  // Whether something is demanded of callers whom nothing authenticates. What a nearer list opens is
  // open: the guards behind it are not its business.
  static constexpr bool has_idle_guards =
      !is_authenticated &&
      (demands<own> || (!has_kind<policy_kind::authentication, own> &&
                        (demands<inherited> || (!has_kind<policy_kind::authentication, inherited> &&
                                                demands<ServerPolicies>))));

  template <class List>
  struct asked_form {
    using type = void;
  };
  template <class One>
  struct asked_form<meta::types<One>> {
    using type = typename policy_traits<One>::form;
  };
};

template <class Service, class Item, class ServerPolicies>
consteval bool declaration<Service, Item, ServerPolicies>::check() {
  static_assert(!name.empty(),
                "sesame: a lambda has no name; add named<\"...\"> to its declaration");
  static_assert(are_policies<own>,
                "sesame: a declaration has something among its policies that is none");
  static_assert(are_policies<inherited>,
                "sesame: a service has something among its policies that is none");
  static_assert(are_policies<ServerPolicies>,
                "sesame: a server has something among its policies that is none");
  static_assert(!is_mixed<authentication>,
                "sesame: a list of policies has both anonymous and another authentication");
  static_assert(are_providers<providers>,
                "sesame: authenticated<Provider> needs a provider: a type with verify(token, now) "
                "and issuers()");
  static_assert(is_for_many<inherited> && is_for_many<ServerPolicies>,
                "sesame: named, title, elicitation, completes, with_meta, ui and resource_size "
                "belong to one tool, resource or prompt, not to a service or server");
  static_assert(
      own_policy<policy_kind::name>::size <= 1 && own_policy<policy_kind::title>::size <= 1,
      "sesame: a declaration has one name and one title");
  static_assert(
      own_policy<policy_kind::meta>::size <= 1 && own_policy<policy_kind::ui>::size <= 1 &&
          own_policy<policy_kind::size>::size <= 1 && policy<policy_kind::mime_type>::size <= 1,
      "sesame: a declaration has one with_meta, one ui, one mime_type and one "
      "resource_size");
  static_assert(
      !has_idle_guards,
      "sesame: this declaration demands something of its caller but is not authenticated; "
      "add authenticated<Provider> to it or its service");
  static_assert(is_authenticated || sorted::count(parameter_kind::principal) == 0,
                "sesame: this function takes a principal but is not authenticated; add "
                "authenticated<Provider> to its declaration or its service, or take a const "
                "principal*");
  static_assert(policy<policy_kind::rate>::size <= 1,
                "sesame: a list of policies has one rate_limit");

  static_assert(argument_list::size <= 1,
                "sesame: a function takes at most one struct of arguments; put them into one "
                "struct");
  constexpr bool completes_text = std::same_as<typename Item::rules, completion_rules>;
  constexpr bool is_struct = (argument_list::size > 1 || json::reflected<arguments>) &&
                             (completes_text || (sorted::count(parameter_kind::typed) == 0 &&
                                                 sorted::count(parameter_kind::completion) == 0));
  static_assert(is_struct,
                "sesame: the arguments of a function are one plain struct; put its parameters into "
                "a struct");
  static_assert(
      !completes_text || (sorted::count(parameter_kind::typed) == 1 && argument_list::size == 0),
      "sesame: what completes an argument takes the text typed so far as a "
      "std::string_view, and no struct of arguments");

  static_assert(form_list::size <= 1, "sesame: a function takes at most one elicited<Form>");
  using form_asked = typename asked_form<asking>::type;
  static_assert(!asks || asking::size != 0,
                "sesame: this function takes an elicited<Form> but nothing is asked; add "
                "elicitation<Form> to its declaration");
  static_assert(asks || asking::size == 0,
                "sesame: this declaration has elicitation<Form> but its function does not take the "
                "outcome; add a parameter const elicited<Form>&");
  static_assert(!asks || asking::size == 0 || std::same_as<form, form_asked>,
                "sesame: elicitation<Form> and elicited<Form> of this function name different "
                "forms");
  if constexpr (asks) static_assert(check_form<form>());

  using owner = std::remove_const_t<typename signature::owner>;
  static_assert(std::is_void_v<owner> || std::is_base_of_v<owner, Service>,
                "sesame: a service lists a member function of another class");

  if constexpr (is_struct && argument_list::size <= 1) {
    static_assert(completes_text || looks_at<arguments, typename guard_table<guards>::conditions>,
                  "sesame: allowed_if<...> looks at other arguments than this function takes");
    static_assert(complete_fields<arguments, completers>,
                  "sesame: completes<...> names what is no member of the struct of arguments, or "
                  "one member twice");
    static_assert(Item::template check<declaration>());
  }
  return check_place();
}

// Whether each policy says something of this kind of thing.
template <class Service, class Item, class ServerPolicies>
consteval bool declaration<Service, Item, ServerPolicies>::check_place() {
  if constexpr (requires { Item::kind; }) {
    constexpr bool is_tool = Item::kind == primitive::tool;
    constexpr bool is_resource =
        Item::kind == primitive::resource || Item::kind == primitive::resource_template;
    using tasks = policy<policy_kind::task>;
    static_assert(tasks::size <= 1,
                  "sesame: a tool has one of optional_task and required_task, not both");
    static_assert(!is_tool || tasks::size == 0 || is_task,
                  "sesame: a tool whose call may be a task is a coroutine; let its function return "
                  "a sesame::task<...>");
    static_assert(is_tool || own_policy<policy_kind::task>::size == 0,
                  "sesame: only the call of a tool can be a task");
    static_assert(is_tool || own_policy<policy_kind::hint>::size == 0,
                  "sesame: read_only, destructive and the like are hints on tools alone");
    static_assert(is_resource || (own_policy<policy_kind::mime_type>::size == 0 &&
                                  own_policy<policy_kind::annotation>::size == 0),
                  "sesame: mime_type, for_user, for_assistant, priority and last_modified are for "
                  "resources alone");
    static_assert(is_tool || own_policy<policy_kind::ui>::size == 0,
                  "sesame: ui<...> names the page of a tool");
    static_assert(
        !is_resource || !is_page(key) || own_policy<policy_kind::mime_type>::size == 0 ||
            text_of_policy<own_policy<policy_kind::mime_type>> == page_type,
        "sesame: a resource under ui:// is text/html;profile=mcp-app; leave its mime_type "
        "out");
    static_assert(Item::kind == primitive::resource || own_policy<policy_kind::size>::size == 0,
                  "sesame: resource_size is for a resource with a URI of its own");
    static_assert(Item::kind == primitive::prompt || Item::kind == primitive::resource_template ||
                      completers::size == 0,
                  "sesame: completes<...> is for prompts and resource templates alone");
  }
  return true;
}

}  // namespace sesame::inline v0::detail
