// What a client can ask of services, in either era: the lists, tools, resources, prompts and
// completions. Which of the methods there are follows from what the server is made of.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/current_principal.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/uri.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/service/completion_result.hpp"
#include "sesame/service/uri_template.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

// A method behind a capability that the server does not have is no method of it.
SESAME_INLINE const engine::method* engine::find_shared(std::string_view name) const noexcept {
  using offers = protocol::server_capabilities;
  static constexpr std::array<method, 8> methods{{
      {"tools/call", &engine::call_tool, &offers::tools},
      {"tools/list", &engine::list<primitive::tool>, &offers::tools},
      {"resources/read", &engine::read_resource, &offers::resources},
      {"resources/list", &engine::list<primitive::resource>, &offers::resources},
      {"resources/templates/list", &engine::list<primitive::resource_template>, &offers::resources},
      {"prompts/get", &engine::prompt, &offers::prompts},
      {"prompts/list", &engine::list<primitive::prompt>, &offers::prompts},
      {"completion/complete", &engine::complete, &offers::completions},
  }};
  return find_offered(methods, name);
}

template <primitive Kind>
disposition engine::list(exchange& x) {
  auto& reply = *x.reply_;
  const auto& list = lists_[static_cast<std::size_t>(Kind)];
  std::size_t begin = 0;
  if (const auto& cursor = x.message_.param.cursor) {
    const auto text = json::as_string(*cursor);
    const auto place = text ? list.open(*text, sealer_) : std::nullopt;
    if (!place) return refuse(x, protocol::error_kind::invalid_params, "unknown cursor");
    begin = *place;
  }
  reply.begin();
  reply.member(list.member());
  if (const auto next = list.write_page(begin, options_.page_size, reply.wire(), reply.out(),
                                        options_.list_per_caller ? &engine::may_see : nullptr,
                                        x.in_.caller.get())) {
    reply.member("nextCursor");
    reply.out().string(list.seal(*next, sealer_));
  }
  protocol::write(protocol::cache_hints{options_.list_ttl, options_.list_scope}, reply);
  reply.end();
  return disposition::answered;
}

// Reads what the methods have in common that call something. `key` is the parameter that says what.
SESAME_INLINE std::optional<disposition> engine::read_params(exchange& x,
                                                             const detail::parameter& key,
                                                             call_params& to) {
  using protocol::error_kind;
  if (!x.message_.params)
    return refuse(x, error_kind::invalid_params, std::string{key.name} + " is missing");
  // Read where they stay: a copy of two words would wait for both of them.
  const auto& name = x.message_.param.*key.place;
  if (!name || !name->get(to.key))
    return refuse(x, error_kind::invalid_params, std::string{key.name} + " must be a string");
  if (const auto& arguments = x.message_.param.arguments)
    if (!json::read_object(*arguments, to.arguments))
      return refuse(x, error_kind::invalid_params, "arguments must be an object");
  return std::nullopt;
}

// From here on a tool, a resource and a prompt are one thing. The caller has been let in.
SESAME_INLINE disposition engine::serve(exchange& x, const detail::entry& item,
                                        const call_params& params) {
  auto& call = x.call_.emplace(x, *x.reply_);
  call.arguments = params.arguments;
  call.uri = params.key;
  call.cache = {options_.read_ttl, options_.read_scope};
  x.item_ = &item;
  x.target_ = params.key;
  if (item.allows != nullptr && !item.allows(*x.in_.caller, params.arguments))
    return deny(x, auth_error::forbidden, {});
  if (!x.capabilities_.covers(item.needs)) return refuse_client(x, item.needs);
  if (capabilities_.tasks && (item.tasks != detail::task_support::forbidden ||
                              x.reply_->wire().tasks == protocol::task_form::core))
    if (const auto done = decide_on_task(x, item)) return *done;
  if (x.message_.param.request_state || x.message_.param.input_responses)
    if (const auto done = read_input(x)) return *done;
  if (item.form)
    if (const auto done = resolve_form(x, item)) return *done;
  return invoke(x, item);
}

SESAME_INLINE disposition engine::call_tool(exchange& x) {
  call_params params;
  if (const auto done = read_params(x, detail::name_parameter, params)) return *done;
  const auto place = parts_.find_tool(params.key);
  if (place == parts_.tools.size() || !parts_.tools[place].enabled.on())
    return refuse(x, protocol::error_kind::invalid_params, "unknown tool");
  const auto& tool = parts_.tools[place];
  if (const auto done = admit(x, tool, &tool)) return *done;
  if (x.reply_->wire().era == protocol::era::stateless && x.in_.fields != nullptr)
    if (const auto done = check_mirrored(x, tool, params)) return *done;
  return serve(x, tool, params);
}

SESAME_INLINE disposition engine::prompt(exchange& x) {
  call_params params;
  if (const auto done = read_params(x, detail::name_parameter, params)) return *done;
  const auto place = parts_.find_prompt(params.key);
  if (place == parts_.prompts.size() || !parts_.prompts[place].enabled.on())
    return refuse(x, protocol::error_kind::invalid_params, "unknown prompt");
  const auto& found = parts_.prompts[place];
  if (const auto done = admit(x, found, &found)) return *done;
  return serve(x, found, params);
}

// The variables of a template as arguments are.
SESAME_INLINE std::optional<json::object> engine::read_variables(
    const detail::template_values& values, json::document& document) {
  std::string text = "{";
  json::writer out{text};
  for (const auto& [name, value] : values) {
    if (text.size() > 1) out.raw(',');
    out.string(name);
    out.raw(':');
    out.string(value);
  }
  out.raw('}');
  const auto parsed = document.parse(text);
  return parsed ? json::as_object(*parsed) : std::nullopt;
}

// The resource of that URI, or the first template that makes it; with what its variables are then.
SESAME_INLINE const detail::resource_entry* engine::find_resource(
    exchange& x, std::string_view uri, std::optional<json::object>& variables) const {
  const auto place = parts_.find_resource(uri);
  if (place != parts_.resources.size() && parts_.resources[place].enabled.on())
    return &parts_.resources[place];
  for (const auto& one : parts_.templates) {
    if (!one.enabled.on()) continue;
    const auto values = detail::match_template(one.key, uri);
    if (!values) continue;
    if (!x.variables_) x.variables_ = std::make_unique<json::document>(options_.message);
    variables = read_variables(*values, *x.variables_);
    return variables ? &one : nullptr;
  }
  return nullptr;
}

// What a caller may not read it is not told of either.
SESAME_INLINE bool engine::may_watch(const exchange& x, std::string_view uri) const {
  if (!net::is_uri(uri)) return false;
  const auto offered = [&](const detail::resource_entry& one) {
    return one.enabled.on() && !refusal(x.in_.caller.get(), one);
  };
  const auto place = parts_.find_resource(uri);
  if (place != parts_.resources.size()) return offered(parts_.resources[place]);
  return std::ranges::any_of(parts_.templates, [&](const auto& one) {
    const auto values = offered(one) ? detail::match_template(one.key, uri) : std::nullopt;
    if (!values || one.allows == nullptr) return values.has_value();
    json::document document{options_.message};
    const auto variables = read_variables(*values, document);
    return variables && one.allows(*x.in_.caller, variables);
  });
}

SESAME_INLINE bool engine::has_list(detail::change_kind kind) const noexcept {
  return kind == detail::change_kind::tools     ? capabilities_.tools
         : kind == detail::change_kind::prompts ? capabilities_.prompts
                                                : capabilities_.resources;
}

SESAME_INLINE disposition engine::read_resource(exchange& x) {
  using protocol::error_kind;
  call_params params;
  if (const auto done = read_params(x, detail::uri_parameter, params)) return *done;
  if (!net::is_uri(params.key))
    return refuse(x, protocol::rpc_error{error_kind::invalid_params, "uri must be a URI",
                                         protocol::uri_data(params.key)});
  params.arguments.reset();
  const auto* const found = find_resource(x, params.key, params.arguments);
  if (found == nullptr) return refuse(x, protocol::resource_not_found(params.key));
  if (const auto done = admit(x, *found, found)) return *done;
  return serve(x, *found, params);
}

// What a completion is for. A template is meant by itself or by a URI that it makes.
SESAME_INLINE const detail::entry* engine::find_reference(json::object ref) const {
  const auto type = json::find_string(ref, "type");
  if (type == std::string_view{"ref/prompt"}) {
    const auto place = parts_.find_prompt(json::find_string(ref, "name").value_or(""));
    return place == parts_.prompts.size() ? nullptr : &parts_.prompts[place];
  }
  const auto uri = json::find_string(ref, "uri");
  if (type != std::string_view{"ref/resource"} || !uri) return nullptr;
  const auto place = parts_.find_resource(*uri);
  if (place != parts_.resources.size()) return &parts_.resources[place];
  const auto meant = std::ranges::find_if(parts_.templates, [&](const auto& one) {
    return one.key == *uri || detail::match_template(one.key, *uri).has_value();
  });
  return meant == parts_.templates.end() ? nullptr : &*meant;
}

SESAME_INLINE disposition engine::complete(exchange& x) {
  using protocol::error_kind;
  const auto& params = x.message_.params;
  const auto ref = params ? json::find_object(*params, "ref") : std::nullopt;
  const auto argument = params ? json::find_object(*params, "argument") : std::nullopt;
  const auto name = argument ? json::find_string(*argument, "name") : std::nullopt;
  const auto typed = argument ? json::find_string(*argument, "value") : std::nullopt;
  if (!ref || !name || !typed)
    return refuse(x, error_kind::invalid_params,
                  "ref and argument must be objects, argument.name and argument.value strings");
  const auto* const item = find_reference(*ref);
  if (item == nullptr || !item->enabled.on())
    return refuse(x, error_kind::invalid_params, "ref is no prompt and no resource template");
  if (const auto done = admit(x, *item, &item->completers)) return *done;
  const auto known = std::ranges::find(item->completers, *name, &detail::completer::argument);
  if (known == item->completers.end())
    return refuse(x, error_kind::invalid_params, "argument.name is no argument");
  if (known->invoke == nullptr) {
    detail::write_completion(*x.reply_, known->choices | std::views::filter([&](auto choice) {
                                          return choice.starts_with(*typed);
                                        }));
    return disposition::answered;
  }
  const auto before = json::find_object(*params, "context");
  auto& call = x.call_.emplace(x, *x.reply_);
  call.typed = *typed;
  if (before) call.filled = json::find_object(*before, "arguments");
  const principal_scope scope(x.in_.caller.get());
  x.work_ = known->invoke(item->service(parts_.services), *x.call_);
  return x.work_ ? x.wait() : disposition::answered;
}

SESAME_INLINE bool engine::enable(primitive kind, std::string_view key, bool on) {
  const auto turn = [&](auto& entries) {
    const auto found = std::ranges::find(entries, key, &detail::entry::key);
    if (found == entries.end()) return false;
    if (found->enabled.turn(on)) publish({detail::list_of(kind)});
    return true;
  };
  switch (kind) {
    case primitive::tool:
      return turn(parts_.tools);
    case primitive::resource:
      return turn(parts_.resources);
    case primitive::resource_template:
      return turn(parts_.templates);
    case primitive::prompt:
      return turn(parts_.prompts);
  }
  return false;
}

}  // namespace sesame::inline v0
