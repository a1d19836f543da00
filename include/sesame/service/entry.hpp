// A tool as the server sees it, with its types left behind: one row of the dispatch table.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/service/context.hpp"
#include "sesame/service/declaration.hpp"
#include "sesame/service/tool_result.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// One call of a tool, on its way from the server to the function and back.
struct tool_call {
  std::optional<json::object> arguments;
  request_channel& channel;
  protocol::reply& reply;
  std::optional<json::value> form;  ///< the answer to the tool's form, which has been checked
  bool settled = false;             ///< the reply is written, whatever the tool still does
};

/// What a tool asks of the user before it runs.
struct form_entry {
  std::string_view key;
  std::string_view message;
  std::string_view schema;
  std::optional<std::string> (*check)(json::value answer);  ///< as of `client_question`
};

/// One tool.
struct tool_entry {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::string_view input_schema;
  std::string_view output_schema;           ///< empty for none
  bool output_is_object = false;            ///< known to revisions that take objects alone
  std::span<const std::string_view> hints;  ///< JSON members of the annotations
  std::span<const std::string_view> scopes;
  std::vector<std::size_t> providers;  ///< places among the server's; empty: anonymous
  client_capabilities needs;           ///< what the client must have declared
  std::optional<form_entry> form;
  std::vector<mirrored_header> headers;

  /// The service the call goes to. Everything reaches it through here.
  void* (*service)(void* services);

  /// Whether the arguments fit; the reader tells what does not.
  bool (*check)(const std::optional<json::object>& arguments, json::reader& in);

  /// Runs the tool. Nothing is returned where the reply is written; otherwise what has to be
  /// awaited until it is.
  std::optional<task<>> (*invoke)(void* service, tool_call& call);
};

/// The answer to arguments that do not fit, as the revision wants it.
inline void refuse_arguments(tool_call& call, const json::mismatch& why) {
  std::string text = "Invalid arguments: ";
  text += why.message();
  if (call.reply.wire().argument_errors_are_results)
    return write_text_result(call.reply, text, true);
  call.reply.error({protocol::error_kind::invalid_params, why.message(), {}});
}

template <class Arguments>
bool read_arguments(const std::optional<json::object>& from, Arguments& to, json::reader& in) {
  if (from) return json::codec<Arguments>::read_members(*from, to, in);
  return json::codec<Arguments>::read_none(to, in);
}

template <class Service, class Tool, class ServerPolicies>
struct invoker {
  using declared = declaration<Service, Tool, ServerPolicies>;
  using arguments_type = typename declared::arguments;
  using result_type = typename declared::result;

  struct nothing {};
  using form_type = std::conditional_t<declared::asks, elicited<typename declared::form>, nothing>;

  // What the function's parameters are taken from. Lives as long as the call.
  struct frame {
    explicit frame(tool_call& c) : call(c), ctx(c.channel) {}
    tool_call& call;
    context ctx;
    arguments_type arguments{};
    [[no_unique_address]] form_type form{};
  };

  static bool check(const std::optional<json::object>& given, json::reader& in) {
    arguments_type arguments{};
    return read_arguments(given, arguments, in);
  }

  static std::optional<task<>> invoke(void* service, tool_call& call) {
    if constexpr (declared::is_task) {
      return run(service, call);
    } else {
      guarded(call, [&] {
        frame f{call};
        if (!bind(f)) return;
        if constexpr (std::is_void_v<result_type>) {
          apply(service, f, typename declared::parameters{});
          write_result(call.reply, content_list{});
        } else {
          write_result(call.reply, apply(service, f, typename declared::parameters{}));
        }
      });
      return std::nullopt;
    }
  }

 private:
  static task<> run(void* service, tool_call& call) {
    std::exception_ptr thrown;
    try {
      frame f{call};
      if (!bind(f)) co_return;
      if constexpr (std::is_void_v<result_type>) {
        co_await apply(service, f, typename declared::parameters{});
        if (!call.settled) write_result(call.reply, content_list{});
      } else {
        const result_type value = co_await apply(service, f, typename declared::parameters{});
        if (!call.settled) write_result(call.reply, value);
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    if (thrown && !call.settled) guarded(call, [&] { std::rethrow_exception(thrown); });
  }

  // The one boundary that exceptions of users' functions do not pass.
  template <class F>
  static void guarded(tool_call& call, F&& work) {
    try {
      work();
    } catch (const tool_error& e) {
      write_text_result_anew(call, e.what());
    } catch (const std::exception& e) {
      fault(call, e.what());
    } catch (...) {
      fault(call, "something that is no std::exception");
    }
  }

  static void write_text_result_anew(tool_call& call, std::string_view text) {
    call.reply.discard();
    write_text_result(call.reply, text, true);
  }

  static void fault(tool_call& call, std::string_view what) {
    if (call.channel.cancelled()) return call.reply.discard();
    const auto id = call.channel.report_fault(what);
    call.reply.error({protocol::error_kind::internal, {}, R"({"correlationId":")" + id + "\"}"});
  }

  static bool bind(frame& f) {
    json::reader in;
    if (!read_arguments(f.call.arguments, f.arguments, in)) {
      refuse_arguments(f.call, in.error());
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
    if constexpr (std::is_member_function_pointer_v<std::remove_const_t<decltype(Tool::function)>>)
      return (static_cast<Service*>(service)->*Tool::function)(parameter<P>(f)...);
    else
      return Tool::function(parameter<P>(f)...);
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

/// Makes the row of a tool. `providers` and `service` are the server's business.
template <class Service, class Tool, class ServerPolicies>
tool_entry make_entry(std::vector<std::size_t> providers, void* (*service)(void*)) {
  using declared = declaration<Service, Tool, ServerPolicies>;
  using invoker_type = invoker<Service, Tool, ServerPolicies>;
  tool_entry entry{};
  entry.name = declared::name;
  entry.title = declared::title;
  entry.description = Tool::description();
  entry.input_schema = json::schema<typename declared::arguments>();
  entry.output_schema = output_schema<typename declared::result>();
  if constexpr (!std::is_void_v<typename returned<typename declared::result>::type>)
    entry.output_is_object = is_object<typename returned<typename declared::result>::type>;
  entry.hints = hint_list<typename declared::template policy<policy_kind::hint>>;
  entry.scopes = declared::scopes;
  entry.providers = std::move(providers);
  entry.needs = declared::needs;
  if constexpr (declared::asks) {
    using policy = policy_traits<typename first_or<typename declared::asking, void>::type>;
    entry.form = form_entry{policy::key(),
                            policy::message().empty() ? Tool::description() : policy::message(),
                            form_schema<typename declared::form>(),
                            &check_answer<elicit_form<typename declared::form>>};
  }
  entry.headers = mirrored_headers<typename declared::arguments>();
  entry.service = service;
  entry.check = &invoker_type::check;
  entry.invoke = &invoker_type::invoke;
  return entry;
}

}  // namespace sesame::inline v0::detail
