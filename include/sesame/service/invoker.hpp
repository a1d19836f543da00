// Where types come back: one call of a function that a user wrote, with its arguments read into their
// struct, and what it returned or threw answered.
// SPDX-License-Identifier: BSL-1.0

#pragma once

// The headers of results have the rules of each kind of item, which items only name.
#include "sesame/auth/principal.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/json/value.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/service/completion.hpp"
#include "sesame/service/completion_result.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/declaration.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/prompt_result.hpp"
#include "sesame/service/questions.hpp"
#include "sesame/service/resource_result.hpp"
#include "sesame/service/task.hpp"
#include "sesame/service/tool_error.hpp"
#include "sesame/service/tool_result.hpp"

#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0::detail {

// What a message gives as arguments; null where it gives none.
inline const json::object* object_in(const std::optional<json::object>& given) noexcept {
  return given ? &*given : nullptr;
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

// Stands for the outcome of a form where none is asked.
struct no_form {};

// What a function's parameters are taken from. Lives as long as the call. It is the same for all
// functions that take the same struct, and so is what is done with it.
template <class Arguments, class Form>
struct call_frame {
  invocation& call;
  context ctx{call.channel};
  completion_context filled{call.filled};
  Arguments arguments{};
  [[no_unique_address]] Form form{};
};

/// What is wrong with arguments, if anything.
template <class Rules, class Arguments>
std::optional<json::mismatch> check_arguments(const std::optional<json::object>& given) {
  Arguments arguments{};
  json::reader in{json::unknown_members::reject, Rules::scalars};
  if (json::codec<Arguments>::read_members(object_in(given), arguments, in)) return std::nullopt;
  return std::move(in).error();
}

/// Whether a caller may give these arguments; what cannot be read is refused elsewhere.
template <class Rules, class Arguments, class... Conditions>
bool allows(meta::types<Conditions...>, const principal& caller,
            const std::optional<json::object>& given) {
  Arguments arguments{};
  json::reader in{json::unknown_members::reject, Rules::scalars};
  return !json::codec<Arguments>::read_members(object_in(given), arguments, in) ||
         (policy_traits<Conditions>::holds_for(caller, arguments) && ...);
}

template <class Rules, class Arguments, class Form>
bool bind(call_frame<Arguments, Form>& f) {
  json::reader in{json::unknown_members::reject, Rules::scalars};
  if (!json::codec<Arguments>::read_members(object_in(f.call.arguments), f.arguments, in)) {
    Rules::refuse(f.call, in.error());
    return false;
  }
  using asked = typename form_of<Form>::type;
  if constexpr (!std::is_void_v<asked>) {
    if (f.call.form)
      if (auto read = read_elicited<asked>(*f.call.form)) f.form = *std::move(read);
  }
  return true;
}

template <class P, class Frame>
decltype(auto) argument_for(Frame& f) {
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

template <class Service, class Item, class ServerPolicies>
struct invoker {
  using declared = declaration<Service, Item, ServerPolicies>;
  using rules = typename Item::rules;
  using result_type = typename declared::result;
  using form_type = std::conditional_t<declared::asks, elicited<typename declared::form>, no_form>;
  using frame = call_frame<typename declared::arguments, form_type>;

  static std::optional<task<>> invoke(void* service, invocation& call) {
    if constexpr (declared::is_task) {
      return run(service, call);
    } else {
      try {
        frame f{call};
        if (!detail::bind<rules>(f)) return std::nullopt;
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
      if (!detail::bind<rules>(f)) co_return;
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

  template <class... P>
  static decltype(auto) apply(void* service, frame& f, meta::types<P...>) {
    if constexpr (std::is_member_function_pointer_v<std::remove_const_t<decltype(Item::function)>>)
      return (static_cast<Service*>(service)->*Item::function)(detail::argument_for<P>(f)...);
    else
      return Item::function(detail::argument_for<P>(f)...);
  }
};

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/invoker.ipp"
#endif
