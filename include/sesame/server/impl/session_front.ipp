// The front of the revisions from 2024-11-05 to 2025-11-25: a handshake opens a session, and what
// was agreed there holds for the requests within it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/server/engine.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE disposition engine::open_session(exchange& x) {
  using protocol::error_kind;
  auto& reply = *x.reply_;
  reply.speak(protocol::latest_session_revision);
  if (x.message_.kind != protocol::message_kind::request) return disposition::accepted;
  const auto& params = x.message_.params;
  const auto wanted = params ? json::find_string(*params, "protocolVersion") : std::nullopt;
  if (!wanted) return refuse(x, error_kind::invalid_params, "protocolVersion must be a string");
  const auto declared = json::find_object(*params, "capabilities");
  if (!declared) return refuse(x, error_kind::invalid_params, "capabilities must be an object");
  const auto info = json::find(*params, "clientInfo");
  const auto client = info ? protocol::read_implementation(*info) : std::nullopt;

  // A version that is not served is answered by the latest that is; the client decides.
  const auto* chosen = protocol::find_revision(*wanted);
  if (chosen == nullptr || chosen->era != protocol::era::session)
    chosen = &protocol::latest_session_revision;
  reply.speak(*chosen);

  const bool over_http = x.in_.peer == nullptr;
  x.session_ = std::make_shared<detail::session>(
      auth::random_token(), detail::session_owner(x.in_.caller.get()), *chosen,
      client_capabilities::read(*declared).known_to(*chosen), client,
      detail::session_limits{options_.max_requests_in_flight, options_.replay_bytes,
                             options_.replay_events});
  x.session_->changes().join(changes_);
  x.opened_ = true;
  if (over_http)
    sessions_.add(x.session_);
  else
    x.in_.peer->session = x.session_;

  reply.begin();
  reply.member("protocolVersion");
  reply.out().string(chosen->name);
  reply.member("capabilities");
  protocol::write(capabilities_, *chosen, reply.out());
  reply.member("serverInfo");
  protocol::write(identity_, *chosen, reply.out());
  if (!options_.instructions.empty()) {
    reply.member("instructions");
    reply.out().string(options_.instructions);
  }
  reply.end();
  return disposition::answered;
}

SESAME_INLINE result<std::shared_ptr<detail::session>, protocol::rpc_error> engine::find_session(
    const message_fields& fields, const principal* caller) {
  using protocol::error_kind;
  const auto refuse = [](error_kind kind, std::string detail = {}) {
    return failure{protocol::rpc_error{kind, std::move(detail), {}}};
  };
  const protocol::revision* known = nullptr;
  if (const auto version = fields.field("MCP-Protocol-Version")) {
    known = protocol::find_revision(*version);
    if (known == nullptr || known->era != protocol::era::session)
      return refuse(error_kind::unsupported_version, "see MCP-Protocol-Version");
  }
  const auto id = fields.field("Mcp-Session-Id");
  if (!id) return refuse(error_kind::session_required, "Mcp-Session-Id is missing");
  auto found = sessions_.find(*id, detail::session_owner(caller));
  if (!found) return refuse(error_kind::session_unknown);
  // The revision that is assumed of a client without the header says no more than that: some send
  // it whatever was agreed.
  if (known != nullptr && known != &found->wire() && known != &protocol::assumed_revision)
    return refuse(error_kind::unsupported_version,
                  "MCP-Protocol-Version is not that of the session");
  return found;
}

SESAME_INLINE disposition engine::serve_session(exchange& x) {
  using protocol::error_kind;
  using protocol::message_kind;
  auto& reply = *x.reply_;
  reply.speak(protocol::latest_session_revision);
  const bool is_request = x.message_.kind == message_kind::request;

  if (x.in_.fields != nullptr) {
    auto found = find_session(*x.in_.fields, x.in_.caller.get());
    if (!found) return refuse(x, found.error());
    x.session_ = *std::move(found);
  } else {
    if (!is_request && x.message_.method == "notifications/cancelled") {
      cancel(x);
      return disposition::accepted;
    }
    x.session_ = x.in_.peer->session;
    if (!x.session_ && !is_request) return disposition::accepted;
    if (!x.session_ && x.message_.method == "ping") return ping(x);
    if (!x.session_) {
      reply.speak(protocol::stateless_revision);
      return refuse(
          x, error_kind::invalid_envelope,
          "without a session, _meta must hold io.modelcontextprotocol/protocolVersion and "
          "io.modelcontextprotocol/clientCapabilities");
    }
  }

  reply.speak(x.session_->wire());
  x.capabilities_ = x.session_->capabilities();
  x.log_threshold_ = x.session_->log_threshold.load();
  if (x.message_.kind == message_kind::response) {
    x.session_->answer(x.message_.id.key(), x.in_.text);
    return disposition::accepted;
  }
  if (!is_request) {
    if (x.message_.method == "notifications/cancelled") cancel(x);
    if (x.message_.method == "notifications/initialized")
      for (const auto& row : detail::change_table)
        if (row.kind < detail::change_kind::resource && has_list(row.kind))
          x.session_->changes().want(row.kind);
    return disposition::accepted;
  }
  if (!read_progress_token(x)) return disposition::answered;

  using offers = protocol::server_capabilities;
  static constexpr std::array<method, 4> methods{
      {{"ping", &engine::ping},
       {"logging/setLevel", &engine::set_log_level},
       {"resources/subscribe", &engine::watch_resource, &offers::resources},
       {"resources/unsubscribe", &engine::unwatch_resource, &offers::resources}}};
  static constexpr std::array<method, 4> task_methods{
      {{"tasks/get", &engine::read_task, &offers::tasks},
       {"tasks/result", &engine::await_task, &offers::tasks},
       {"tasks/list", &engine::list_tasks, &offers::tasks},
       {"tasks/cancel", &engine::cancel_task, &offers::tasks}}};
  const auto* known = find_shared(x.message_.method);
  if (known == nullptr) known = find_offered(methods, x.message_.method);
  if (known == nullptr && x.session_->wire().tasks == protocol::task_form::core)
    known = find_offered(task_methods, x.message_.method);
  if (known != nullptr) return (this->*known->serve)(x);
  return not_found(*this, x);
}

SESAME_INLINE disposition engine::ping(exchange& x) {
  x.reply_->begin();
  x.reply_->end();
  return disposition::answered;
}

SESAME_INLINE disposition engine::set_log_level(exchange& x) {
  const auto name =
      x.message_.params ? json::find_string(*x.message_.params, "level") : std::nullopt;
  const auto level = name ? meta::enum_value<log_level>(*name) : std::nullopt;
  if (!level) return refuse(x, protocol::error_kind::invalid_params, "unknown log level");
  x.session_->log_threshold = *level;
  return ping(x);
}

SESAME_INLINE disposition engine::watch_resource(exchange& x) {
  using protocol::error_kind;
  const auto uri = detail::uri_parameter.text_in(x.message_);
  if (!uri) return refuse(x, error_kind::invalid_params, "uri must be a string");
  if (!may_watch(x, *uri)) return refuse(x, protocol::resource_not_found(*uri));
  if (!x.session_->changes().watch(*uri, options_.max_watched_resources))
    return refuse(x, error_kind::too_many, "a session cannot watch so many resources");
  return ping(x);
}

SESAME_INLINE disposition engine::unwatch_resource(exchange& x) {
  const auto uri = detail::uri_parameter.text_in(x.message_);
  if (!uri) return refuse(x, protocol::error_kind::invalid_params, "uri must be a string");
  x.session_->changes().unwatch(*uri);
  return ping(x);
}

// Cancels what the peer itself has asked for. What is finished or was never there is no error.
SESAME_INLINE void engine::cancel(exchange& x) {
  const auto given = x.message_.params ? json::find(*x.message_.params, "requestId") : std::nullopt;
  const auto id = given ? protocol::message_id::read(*given) : std::nullopt;
  if (!id) return;
  const auto key = id->key();
  if (x.session_) x.session_->cancel(key);
  if (x.in_.peer == nullptr) return;
  for (const auto& [request, cancellation] : x.in_.peer->in_flight)
    if (request == key) cancellation->request();
}

}  // namespace sesame::inline v0
