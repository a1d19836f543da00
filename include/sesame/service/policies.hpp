// The tags of a service and of its tools, resources and prompts: who may call, what is asked before,
// what a client is told.
//
// Policies nest: the own list of a tool, resource or prompt counts before its service's, and that
// before the server's. The nearest list that has a policy of some kind decides on that kind alone.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/protocol/capabilities.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0 {

/// Only for callers whose token `Provider` verified. Several in one list are alternatives. The
/// server must be given the provider, which is checked when it is compiled.
template <class Provider>
struct authenticated {};

/// For everybody: opens one tool, resource or prompt of a closed service.
struct anonymous {};

/// Each caller may call it `Calls` times in `Seconds`, all at once or spread over the time (a token
/// bucket that holds `Calls` and is filled in `Seconds`); who calls more often is refused with 429,
/// and told when to come again. All callers without a token are one. What stands at a
/// service or server counts for each of its tools, resources and prompts by itself; completions are
/// counted apart. A request that brings answers of the user is a request like any other.
template <std::uint32_t Calls, std::uint32_t Seconds = 1>
struct rate_limit {
  static_assert(
      Calls != 0 && Seconds != 0,
      "sesame: rate_limit<Calls, Seconds> allows at least one call in at least one second");
};

/// Before the function runs, the user fills in `Form`: a flat struct of strings, numbers, booleans,
/// enumerations and lists of enumerations. The function takes the outcome as `elicited<Form>`.
/// `Message` is what the user is told, by default the description; `Key` names the question
/// among others on the wire.
template <class Form, fixed_string Message = "", fixed_string Key = "form">
struct elicitation {
  using form = Form;
};

/// Only for clients that declare these capabilities. `elicitation` brings its own along.
template <std::uint8_t Capabilities>
struct requires_client {};

/// The name of a tool, resource or prompt, instead of that of its function.
template <fixed_string Name>
struct named {};

/// What people see instead of the name.
template <fixed_string Text>
struct title {};

/// A call of the tool may be answered by a task: an id at once, by which the client asks for the
/// result later (MCP extension `io.modelcontextprotocol/tasks`; tasks of 2025-11-25). Clients that
/// know nothing of tasks wait for the result as ever. The tool is a coroutine.
struct optional_task {};

/// A call of the tool is always answered by a task; clients that know nothing of tasks are refused.
struct required_task {};

/// Hint `readOnlyHint`: the tool changes nothing.
struct read_only {};

/// Hint `destructiveHint`: what the tool changes may be lost by it. Clients assume so of a tool
/// that is not `read_only`, unless it is `additive`.
struct destructive {};

/// Hint `destructiveHint: false`: the tool only adds.
struct additive {};

/// Hint `idempotentHint`: calling twice with the same arguments does no more than calling once.
struct idempotent {};

/// Hint `openWorldHint`: the tool deals with things outside, as a web search does. Clients assume
/// so unless it is `closed_world`.
struct open_world {};

/// Hint `openWorldHint: false`: the tool deals with things of this server alone.
struct closed_world {};

/// The base of a service, with the policies of all that it offers.
template <class... Policies>
struct service {
  using policies = meta::types<Policies...>;
};

/// Policies of all services of a server: given to the server among its services.
template <class... Policies>
struct policies {};

namespace detail {

enum class policy_kind {
  authentication,
  scopes,
  hierarchy,
  roles,
  permissions,
  entitlement,
  condition,
  rate,
  elicitation,
  client,
  name,
  title,
  hint,
  task,
  completer,
  icon,
  meta,
  ui,
  mime_type,
  size,
  annotation,
  none,
};

template <class Policy>
struct policy_traits {
  static constexpr policy_kind kind = policy_kind::none;
};
template <policy_kind Kind>
struct kind_of {
  static constexpr policy_kind kind = Kind;
};
template <class Provider>
struct policy_traits<authenticated<Provider>> : kind_of<policy_kind::authentication> {};
template <>
struct policy_traits<anonymous> : kind_of<policy_kind::authentication> {};
struct call_rate {
  std::uint32_t calls = 0;  ///< 0: not limited
  std::uint32_t seconds = 1;
};
template <std::uint32_t Calls, std::uint32_t Seconds>
struct policy_traits<rate_limit<Calls, Seconds>> : kind_of<policy_kind::rate> {
  static_assert(sizeof(rate_limit<Calls, Seconds>) != 0);
  static constexpr call_rate rate{Calls, Seconds};
};
template <class Form, fixed_string Message, fixed_string Key>
struct policy_traits<elicitation<Form, Message, Key>> : kind_of<policy_kind::elicitation> {
  using form = Form;
  static constexpr std::string_view message() { return text.view(); }
  static constexpr std::string_view key() { return name.view(); }

 private:
  static constexpr auto text = Message;
  static constexpr auto name = Key;
};
template <std::uint8_t Capabilities>
struct policy_traits<requires_client<Capabilities>> : kind_of<policy_kind::client> {
  static constexpr client_capabilities needed{Capabilities};
};
template <policy_kind Kind, fixed_string Text>
struct text_policy : kind_of<Kind> {
  static constexpr std::string_view view() { return text.view(); }

 private:
  static constexpr auto text = Text;
};
template <fixed_string Text>
struct policy_traits<named<Text>> : text_policy<policy_kind::name, Text> {};
template <fixed_string Text>
struct policy_traits<title<Text>> : text_policy<policy_kind::title, Text> {};

enum class task_support : std::uint8_t { forbidden, optional, required };
template <>
struct policy_traits<optional_task> : kind_of<policy_kind::task> {
  static constexpr task_support support = task_support::optional;
};
template <>
struct policy_traits<required_task> : kind_of<policy_kind::task> {
  static constexpr task_support support = task_support::required;
};

struct hint : kind_of<policy_kind::hint> {};
template <>
struct policy_traits<read_only> : hint {
  static constexpr std::string_view json = R"("readOnlyHint":true)";
};
template <>
struct policy_traits<destructive> : hint {
  static constexpr std::string_view json = R"("destructiveHint":true)";
};
template <>
struct policy_traits<additive> : hint {
  static constexpr std::string_view json = R"("destructiveHint":false)";
};
template <>
struct policy_traits<idempotent> : hint {
  static constexpr std::string_view json = R"("idempotentHint":true)";
};
template <>
struct policy_traits<open_world> : hint {
  static constexpr std::string_view json = R"("openWorldHint":true)";
};
template <>
struct policy_traits<closed_world> : hint {
  static constexpr std::string_view json = R"("openWorldHint":false)";
};

// Which kinds of policies are in a list, a bit for each. Most lists have none of most kinds, and a
// list of its own for each of these would be most of what the compiler does for a declaration.
template <class List>
inline constexpr std::uint32_t kinds_in = 0;
template <class... P>
inline constexpr std::uint32_t kinds_in<meta::types<P...>> =
    ((std::uint32_t{1} << static_cast<unsigned>(policy_traits<P>::kind)) | ... | 0U);

template <policy_kind Kind, class List>
inline constexpr bool has_kind = (kinds_in<List> >> static_cast<unsigned>(Kind) & 1U) != 0;

template <bool Some>
struct of_kind_if {
  template <policy_kind, class>
  using type = meta::types<>;
};
template <>
struct of_kind_if<true> {
  template <policy_kind Kind, class List>
  struct those;
  template <policy_kind Kind, class... P>
  struct those<Kind, meta::types<P...>> {
    using type = meta::concatenate<
        std::conditional_t<policy_traits<P>::kind == Kind, meta::types<P>, meta::types<>>...>;
  };
  template <policy_kind Kind, class List>
  using type = typename those<Kind, List>::type;
};

// The policies of one kind in a list.
template <policy_kind Kind, class List>
using of_kind = typename of_kind_if<has_kind<Kind, List>>::template type<Kind, List>;

// The policies of one kind in the first of three lists that has any.
template <policy_kind Kind, class First, class Second, class Third>
using nearest =
    of_kind<Kind, std::conditional_t<has_kind<Kind, First>, First,
                                     std::conditional_t<has_kind<Kind, Second>, Second, Third>>>;

}  // namespace detail
}  // namespace sesame::inline v0
