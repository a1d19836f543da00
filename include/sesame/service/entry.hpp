// A tool, resource or prompt as the server sees it, with its types left behind: one row of the
// dispatch table.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/service/completion_result.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/declaration.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/mcp_header.hpp"
#include "sesame/service/prompt_result.hpp"
#include "sesame/service/resource_result.hpp"
#include "sesame/service/tool_result.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// What is asked of the user before a function runs.
struct form_entry {
  std::string_view key;
  std::string_view message;
  std::string_view schema;
  std::optional<std::string> (*check)(json::value answer);  ///< as of `client_question`
};

/// How one argument is completed: out of what an enumeration has, by a function, or not at all.
struct completer {
  std::string_view argument;
  std::span<const std::string_view> choices{};
  std::optional<task<>> (*invoke)(void* service, invocation& call) = nullptr;

  [[nodiscard]] bool completes() const noexcept { return invoke != nullptr || !choices.empty(); }
};

/// Something that any thread may switch off and on while others look at it.
class toggle {
 public:
  toggle() = default;
  toggle(const toggle& other) noexcept : on_(other.on()) {}
  toggle& operator=(const toggle&) = delete;

  [[nodiscard]] bool on() const noexcept { return on_.load(std::memory_order_relaxed); }
  /// Whether that was a change.
  bool turn(bool on) noexcept { return on_.exchange(on) != on; }

 private:
  std::atomic<bool> on_ = true;
};

/// What all kinds have.
struct entry {
  std::string_view key;  ///< what clients ask for it by: a name, a URI, a URI template
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::vector<icon> icons;
  std::string meta;
  std::span<const std::string_view> scopes;  ///< what a challenge asks for
  std::vector<scope_rule> scope_rules;       ///< with all that follows from them
  std::span<const guard> guards;             ///< what has to hold of a caller
  std::span<const std::size_t> providers;    ///< places among the server's; empty: anonymous
  call_rate rate;                            ///< of one caller
  client_capabilities needs;                 ///< what the client must have declared
  std::optional<form_entry> form;
  task_support tasks = task_support::forbidden;  ///< of tools
  std::vector<completer> completers;  ///< one for each argument, where arguments are texts
  toggle enabled;

  /// The service the call goes to. Everything reaches it through here.
  void* (*service)(void* services);

  /// What does not fit in the arguments, if something does not.
  std::optional<json::mismatch> (*check)(const std::optional<json::object>& arguments);

  /// Whether the caller may do this with these arguments; null where he may with any. Those that do
  /// not fit he may use: they will be refused.
  bool (*allows)(const principal& caller, const std::optional<json::object>& arguments) = nullptr;

  /// Runs the function. Nothing is returned where the reply is written; otherwise what has to be
  /// awaited until it is.
  std::optional<task<>> (*invoke)(void* service, invocation& call);

  /// Writes the answer to arguments that do not fit.
  void (*refuse)(invocation& call, const json::mismatch& why);

  /// Writes the answer of a call that failed in a way the peer may know.
  void (*fail)(invocation& call, std::string_view text);
};

struct tool_entry : entry {
  std::string_view input_schema;
  std::string_view output_schema;           ///< empty for none
  bool output_is_object = false;            ///< known to revisions that take objects alone
  std::span<const std::string_view> hints;  ///< JSON members of the annotations
  std::vector<mirrored_header> headers;
  std::string security;  ///< `securitySchemes`, as JSON; empty: not told
};

/// A resource or a template of resources.
struct resource_entry : entry {
  std::string_view mime_type;
  std::optional<std::uint64_t> size;
  content_annotations annotations;
};

struct prompt_entry : entry {
  struct argument {
    std::string_view name;
    std::string_view description;
    bool required;
  };
  std::vector<argument> arguments;
};

template <class Arguments>
bool read_arguments(const std::optional<json::object>& from, Arguments& to, json::reader& in) {
  if (from) return json::codec<Arguments>::read_members(*from, to, in);
  return json::codec<Arguments>::read_none(to, in);
}

/// The answer to a fault: a number to find it by in the server's reports, and nothing of it.
void answer_fault(invocation& call, std::string_view what);

template <class Rules>
void fail_by(invocation& call, std::string_view text) {
  Rules::fail(call, text);
}

/// Answers what is being caught. This is the one boundary that exceptions of users' functions do not
/// pass.
template <class Rules>
void answer_thrown(invocation& call) {
  try {
    throw;
  } catch (const url_elicitation_required& e) {
    call.reply.discard();
    if (!call.channel.require(e.pages())) Rules::fail(call, e.what());
  } catch (const tool_error& e) {
    call.reply.discard();
    if constexpr (requires { Rules::fail(call, e.what(), e.meta()); })
      Rules::fail(call, e.what(), e.meta());
    else
      Rules::fail(call, e.what());
  } catch (const std::exception& e) {
    answer_fault(call, e.what());
  } catch (...) {
    answer_fault(call, "something that is no std::exception");
  }
}

template <class Service, class Item, class ServerPolicies>
struct invoker {
  using declared = declaration<Service, Item, ServerPolicies>;
  using rules = typename Item::rules;
  using arguments_type = typename declared::arguments;
  using result_type = typename declared::result;

  struct nothing {};
  using form_type = std::conditional_t<declared::asks, elicited<typename declared::form>, nothing>;

  // What the function's parameters are taken from. Lives as long as the call.
  struct frame {
    invocation& call;
    context ctx{call.channel};
    completion_context filled{call.filled};
    arguments_type arguments{};
    [[no_unique_address]] form_type form{};
  };

  static std::optional<json::mismatch> check(const std::optional<json::object>& given) {
    arguments_type arguments{};
    json::reader in{json::unknown_members::reject, rules::scalars};
    if (read_arguments(given, arguments, in)) return std::nullopt;
    return std::move(in).error();
  }

  template <class... Conditions>
  static bool allows(meta::types<Conditions...>, const principal& caller,
                     const std::optional<json::object>& given) {
    arguments_type arguments{};
    json::reader in{json::unknown_members::reject, rules::scalars};
    return !read_arguments(given, arguments, in) ||
           (policy_traits<Conditions>::holds_for(caller, arguments) && ...);
  }

  static std::optional<task<>> invoke(void* service, invocation& call) {
    if constexpr (declared::is_task) {
      return run(service, call);
    } else {
      try {
        frame f{call};
        if (!bind(f)) return std::nullopt;
        if constexpr (std::is_void_v<result_type>) {
          apply(service, f, typename declared::parameters{});
          rules::template write<declared>(call);
        } else {
          rules::template write<declared>(call, apply(service, f, typename declared::parameters{}));
        }
      } catch (...) {
        answer_thrown<rules>(call);
      }
      return std::nullopt;
    }
  }

 private:
  static task<> run(void* service, invocation& call) {
    std::exception_ptr thrown;
    try {
      frame f{call};
      if (!bind(f)) co_return;
      if constexpr (std::is_void_v<result_type>) {
        co_await apply(service, f, typename declared::parameters{});
        if (!call.settled) rules::template write<declared>(call);
      } else {
        const result_type value = co_await apply(service, f, typename declared::parameters{});
        if (!call.settled) rules::template write<declared>(call, value);
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    if (!thrown || call.settled) co_return;
    try {
      std::rethrow_exception(thrown);
    } catch (...) {
      answer_thrown<rules>(call);
    }
  }

  static bool bind(frame& f) {
    json::reader in{json::unknown_members::reject, rules::scalars};
    if (!read_arguments(f.call.arguments, f.arguments, in)) {
      rules::refuse(f.call, in.error());
      return false;
    }
    if constexpr (declared::asks) {
      if (f.call.form)
        if (auto read = read_elicited<typename declared::form>(*f.call.form))
          f.form = *std::move(read);
    }
    return true;
  }

  template <class... P>
  static decltype(auto) apply(void* service, frame& f, meta::types<P...>) {
    if constexpr (std::is_member_function_pointer_v<std::remove_const_t<decltype(Item::function)>>)
      return (static_cast<Service*>(service)->*Item::function)(parameter<P>(f)...);
    else
      return Item::function(parameter<P>(f)...);
  }

  template <class P>
  static decltype(auto) parameter(frame& f) {
    constexpr auto kind = kind_of_parameter<P>();
    if constexpr (kind == parameter_kind::principal)
      return *f.call.channel.caller();
    else if constexpr (kind == parameter_kind::optional_principal)
      return f.call.channel.caller();
    else if constexpr (kind == parameter_kind::context)
      return (f.ctx);
    else if constexpr (kind == parameter_kind::form)
      return (f.form);
    else if constexpr (kind == parameter_kind::typed)
      return (f.call.typed);
    else if constexpr (kind == parameter_kind::completion)
      return (f.filled);
    else if constexpr (std::is_lvalue_reference_v<P>)
      return (f.arguments);
    else
      return std::move(f.arguments);
  }
};

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
    using type = typename without_optional<meta::field_type<arguments, I>>::type;
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

/// The text of an item's `_meta` with one more member, whose value is JSON.
std::string with_member(std::string_view meta, std::string_view name, std::string_view value);

/// What is said of a tool's page.
std::string page_member(std::string_view uri, ui_visibility visibility);

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

template <primitive Kind>
using entry_of =
    std::conditional_t<Kind == primitive::tool, tool_entry,
                       std::conditional_t<Kind == primitive::prompt, prompt_entry, resource_entry>>;

/// Makes the row of a tool, resource or prompt. `providers` and `service` are the server's business.
template <class Service, class Item, class ServerPolicies>
auto make_entry(std::span<const std::size_t> providers, void* (*service)(void*)) {
  using declared = declaration<Service, Item, ServerPolicies>;
  using invoker_type = invoker<Service, Item, ServerPolicies>;
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
      return invoker_type::allows(typename guarding::conditions{}, caller, arguments);
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
  made.check = &invoker_type::check;
  made.invoke = &invoker_type::invoke;
  made.refuse = &rules::refuse;
  made.fail = &fail_by<rules>;
  describe<declared, Item>(made);
  return made;
}

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/entry.ipp"
#endif
