// What server/engine.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/current_principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/token_cache.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/same_text.hpp"
#include "sesame/server/classify.hpp"
#include "sesame/server/coarse_clock.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/engine_handle.hpp"
#include "sesame/server/exchange.hpp"
#include "sesame/server/listing.hpp"
#include "sesame/server/options.hpp"
#include "sesame/server/session.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/metadata.hpp"

#include <asio/co_spawn.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

SESAME_INLINE engine_handle::engine_handle(server_options options, engine_parts parts)
    : engine_(std::make_unique<sesame::engine>(std::move(options), std::move(parts))) {}

SESAME_INLINE engine_handle::~engine_handle() = default;

SESAME_INLINE void engine_handle::publish(const change& what) const {
  engine_->publish(what);
}

SESAME_INLINE bool engine_handle::enable(primitive kind, std::string_view key, bool on) const {
  return engine_->enable(kind, key, on);
}

}  // namespace detail

SESAME_INLINE const engine::method* engine::find_offered(std::span<const method> methods,
                                                         std::string_view name) const noexcept {
  const auto known = std::ranges::find_if(
      methods, [&](const method& one) { return detail::same_text(one.name, name); });
  if (known == methods.end()) return nullptr;
  return known->offered == nullptr || capabilities_.*known->offered ? &*known : nullptr;
}

SESAME_INLINE engine::engine(server_options options, detail::engine_parts parts)
    : options_((detail::check_options(options), std::move(options))),
      parts_(std::move(parts)),
      identity_{options_.name,        options_.version,     options_.title,
                options_.description, options_.website_url, options_.icons},
      sealer_(options_.request_state_key.empty() ? secret{auth::random_bytes(32)}
                                                 : options_.request_state_key),
      tasks_(options_.max_tasks, options_.max_tasks_per_caller),
      sessions_(options_.max_sessions, options_.session_idle_timeout) {
  std::string info;
  json::writer out{info};
  protocol::write(identity_, protocol::stateless_revision, out);
  own_meta_ = protocol::reply::own_meta_of(info);
  const bool tells_schemes = options_.security_schemes && !issuers().empty();
  for (auto& tool : parts_.tools)
    if (tells_schemes)
      tool.meta = detail::with_member(tool.meta, "securitySchemes", tool.security);
    else
      tool.security.clear();
  lists_ = {detail::listing{parts_.tools, "tools"}, detail::listing{parts_.resources, "resources"},
            detail::listing{parts_.templates, "resourceTemplates"},
            detail::listing{parts_.prompts, "prompts"}};
  // What the compiler could not know of parts that name themselves.
  for (const auto& one : parts_.templates)
    if (std::ranges::count(parts_.templates, one.key, &detail::entry::key) > 1)
      throw configuration_error("uri",
                                "two resource templates are the same: " + std::string{one.key});
  capabilities_.tools = !parts_.tools.empty();
  capabilities_.resources = !parts_.resources.empty() || !parts_.templates.empty();
  capabilities_.prompts = !parts_.prompts.empty();
  capabilities_.list_changed = capabilities_.subscribe = true;
  for (const auto& one : parts_.tools)
    capabilities_.tasks = capabilities_.tasks || one.tasks != detail::task_support::forbidden;
  bool closed = false;
  parts_.each([&](const detail::entry& one) {
    (one.providers.empty() ? open_ : closed) = true;
    for (const auto& argument : one.completers)
      capabilities_.completions = capabilities_.completions || argument.completes();
  });
  open_ = open_ || !closed;
  asks_ =
      std::ranges::any_of(parts_.providers, [](const auto& one) { return one.look_up != nullptr; });
}

SESAME_INLINE std::vector<std::string> engine::issuers() const {
  std::vector<std::string> all;
  for (const auto& provider : parts_.providers)
    for (auto& issuer : provider.issuers(provider.object))
      if (std::ranges::find(all, issuer) == all.end()) all.push_back(std::move(issuer));
  return all;
}

SESAME_INLINE std::vector<std::string_view> engine::scopes() const {
  std::vector<std::string_view> all;
  parts_.each([&](const detail::entry& one) {
    for (const auto scope : one.scopes)
      if (std::ranges::find(all, scope) == all.end()) all.push_back(scope);
  });
  return all;
}

SESAME_INLINE std::string engine::report(std::string_view what) const {
  auto id = auth::random_token(9);
  options_.on_error("[" + id + "] " + std::string{what});
  return id;
}

// Of the refusals of several providers, the one that says most: one that could not decide might
// still have let the caller in, and one that knows the token knows best what is wrong with it.
SESAME_INLINE void engine::keep_telling(auth_failure& told, auth_failure&& next) {
  const auto rank = [](auth_error error) {
    constexpr std::array order{auth_error::verification_failed, auth_error::invalid_token,
                               auth_error::insufficient_scope, auth_error::forbidden,
                               auth_error::unavailable};
    return std::ranges::find(order, error) - order.begin();
  };
  if (told.detail.empty() || rank(next.code) > rank(told.code)) told = std::move(next);
}

SESAME_INLINE detail::known_caller engine::remember(std::string_view token, principal&& caller,
                                                    std::size_t provider, clock::time_point now) {
  caller.provider = provider;
  if (options_.keep_access_tokens) caller.access_token = secret{std::string{token}};
  return unless_revoked(tokens_.remember(token, std::move(caller), now));
}

SESAME_INLINE net::doorbell::time_point engine::stream_end(const principal* caller) {
  if (caller == nullptr) return net::doorbell::time_point::max();
  const auto left = caller->expires - std::chrono::system_clock::now();
  return std::chrono::steady_clock::now() +
         std::min<std::chrono::system_clock::duration>(left, std::chrono::hours{24 * 366});
}

SESAME_INLINE bool engine::may_hear_on(const std::shared_ptr<const principal>& caller) const {
  return !caller ||
         (caller->expires > std::chrono::system_clock::now() && unless_revoked(caller).has_value());
}

SESAME_INLINE detail::known_caller engine::unless_revoked(
    std::shared_ptr<const principal> caller) const {
  if (options_.is_revoked && options_.is_revoked(*caller))
    return failure{auth_failure{auth_error::invalid_token, "the token was revoked"}};
  return caller;
}

SESAME_INLINE detail::known_caller engine::authenticate(std::string_view token,
                                                        clock::time_point now) {
  if (auto known = tokens_.find(token, now)) return unless_revoked(std::move(known));
  auth_failure why{auth_error::verification_failed, {}};
  for (std::size_t i = 0; i < parts_.providers.size(); ++i) {
    const auto& provider = parts_.providers[i];
    auto verified = provider.verify(provider.object, token, now);
    if (verified) return remember(token, *std::move(verified), i, now);
    keep_telling(why, std::move(verified).error());
  }
  return failure{std::move(why)};
}

SESAME_INLINE task<detail::known_caller> engine::look_up(std::string token, clock::time_point now) {
  if (auto known = tokens_.find(token, now)) co_return unless_revoked(std::move(known));
  auth_failure why{auth_error::verification_failed, {}};
  for (std::size_t i = 0; i < parts_.providers.size(); ++i) {
    const auto& provider = parts_.providers[i];
    auto verified = provider.verify(provider.object, token, now);
    if (!verified && verified.error().code == auth_error::unavailable &&
        provider.look_up != nullptr)
      verified = co_await provider.look_up(provider.object, token, now);
    if (verified) co_return remember(token, *std::move(verified), i, now);
    keep_telling(why, std::move(verified).error());
  }
  co_return failure{std::move(why)};
}

SESAME_INLINE disposition engine::begin(exchange& x, inbound message) {
  using protocol::error_kind;
  x.reset(*this, std::move(message), own_meta_);
  const auto& in = x.in_;
  const auto parsed = x.document_.parse(in.text, in.padding);
  if (!parsed) return refuse(x, error_kind::parse, json::describe(parsed.error()));
  if (const auto several = json::as_array(*parsed)) {
    if (in.part_of_batch)
      return refuse(x, error_kind::invalid_request, "an array holds messages, and no arrays");
    return serve_batch(x, *several);
  }
  auto wrong = protocol::read_message(*parsed, x.message_);
  x.reply_->answer_to(x.message_.id);
  if (wrong) {
    // Without an id there was no request whose parameters could be wrong.
    if (!x.message_.id.present()) wrong->kind = error_kind::invalid_request;
    return refuse(x, *wrong);
  }

  const auto version = in.fields != nullptr ? in.fields->field("MCP-Protocol-Version")
                                            : std::optional<std::string_view>{};
  const auto route = detail::classify(x.message_, version);
  if (!route) return refuse(x, route.error());
  if (in.fields == nullptr && in.peer != nullptr)
    if (const auto done = read_token(x, *route)) return *done;
  return serve(x, *route);
}

SESAME_INLINE disposition engine::serve(exchange& x, detail::route where) {
  switch (where) {
    case detail::route::stateless:
      return serve_stateless(x);
    case detail::route::stateless_notification:
      if (x.message_.method == "notifications/cancelled") cancel(x);
      return disposition::accepted;
    case detail::route::session_open:
      if (x.in_.part_of_batch)
        return refuse(x, protocol::error_kind::invalid_request, "initialize stands alone");
      return open_session(x);
    case detail::route::session:
      return serve_session(x);
  }
  return disposition::accepted;
}

SESAME_INLINE disposition engine::refuse(exchange& x, const protocol::rpc_error& error) const {
  if (x.message_.kind != protocol::message_kind::request && !x.message_.method.empty() &&
      x.in_.fields == nullptr)
    return disposition::accepted;
  x.reply_->error(error);
  return disposition::answered;
}

SESAME_INLINE disposition engine::deny(exchange& x, auth_error error,
                                       std::span<const std::string_view> scopes) const {
  const auto& facts = describe(error);
  x.denial_ = denial{error, {scopes.begin(), scopes.end()}};
  const auto kind = facts.status == 403   ? protocol::error_kind::forbidden
                    : facts.status == 503 ? protocol::error_kind::unavailable
                                          : protocol::error_kind::unauthorized;
  return refuse(x, protocol::rpc_error{kind, std::string{facts.description},
                                       R"({"code":")" + std::string{facts.name} + "\"}"});
}

// Away from HTTP a token comes with each request, as `params._meta.authorization`, or is there from
// the beginning; then it is verified for each message all the same, as it will not last for ever.
SESAME_INLINE std::optional<disposition> engine::read_token(exchange& x, detail::route where) {
  // As over HTTP, a server without providers has no use for one.
  if (!verifies_tokens() || !x.in_.peer->sends_tokens) return std::nullopt;
  auto token = x.in_.peer->token.reveal();
  if (token.empty()) {
    const auto& given = x.message_.in_meta.authorization;
    if (!given) return std::nullopt;
    const auto members = json::as_object(*given);
    const auto type = members ? json::find_string(*members, "type") : std::nullopt;
    const auto sent = members ? json::find_string(*members, "token") : std::nullopt;
    if (type != std::string_view{"bearer"} || !sent)
      return refuse(x, protocol::error_kind::invalid_params,
                    "_meta.authorization must be {\"type\":\"bearer\",\"token\":\"...\"}");
    token = *sent;
  }
  auto verified = authenticate(token);
  if (!verified && verified.error().code == auth_error::unavailable && asks_) {
    x.work_ = await_caller(x, std::string{token}, where);
    return x.wait();
  }
  return take_caller(x, std::move(verified));
}

SESAME_INLINE std::optional<disposition> engine::take_caller(exchange& x,
                                                             detail::known_caller verified) const {
  if (!verified) {
    report("a token was refused: " + verified.error().detail);
    // To an answer there is none.
    if (x.message_.kind == protocol::message_kind::response) return disposition::accepted;
    return deny(x, verified.error().code, {});
  }
  if (!(*verified)->key_thumbprint.empty()) {
    report("a token was refused: it is bound to a key, and there is no proof away from HTTP");
    return deny(x, auth_error::invalid_dpop_proof, {});
  }
  x.in_.caller = *std::move(verified);
  return std::nullopt;
}

SESAME_INLINE task<> engine::await_caller(exchange& x, std::string token, detail::route where) {
  auto verified = co_await look_up(std::move(token));
  if (take_caller(x, std::move(verified))) co_return;
  if (serve(x, where) != disposition::pending) co_return;
  auto work = *std::exchange(x.work_, std::nullopt);
  co_await asio::co_spawn(detail::on_behalf_of(x.in_.caller, co_await asio::this_coro::executor),
                          std::move(work), asio::use_awaitable);
}

SESAME_INLINE bool engine::read_progress_token(exchange& x) {
  const auto& given = x.message_.in_meta.progress_token;
  if (!given) return true;
  x.progress_token_ = protocol::message_id::read(*given);
  if (x.progress_token_) return true;
  refuse(x, protocol::error_kind::invalid_params,
         "_meta.progressToken must be a string or an integer");
  return false;
}

// Why a caller may not have something, if so.
SESAME_INLINE std::optional<auth_error> engine::refusal(const principal* caller,
                                                        const detail::entry& item) {
  if (item.providers.empty()) return std::nullopt;
  if (caller == nullptr) return auth_error::missing_token;
  if (std::ranges::find(item.providers, caller->provider) == item.providers.end())
    return auth_error::verification_failed;
  for (const auto& guard : item.guards)
    if (!guard.holds(*caller, item.scope_rules)) return guard.otherwise;
  return std::nullopt;
}

SESAME_INLINE std::optional<disposition> engine::authorize(exchange& x, const detail::entry& item) {
  if (const auto why = refusal(x.in_.caller.get(), item)) return deny(x, *why, item.scopes);
  return std::nullopt;
}

// The caller may, and does not too often.
SESAME_INLINE std::optional<disposition> engine::admit(exchange& x, const detail::entry& item,
                                                       const void* account) {
  if (const auto done = authorize(x, item)) return done;
  if (item.rate.calls == 0) return std::nullopt;
  const auto wait = rates_.take(account, x.in_.caller.get(), item.rate,
                                detail::coarse_now<detail::rate_limiter::clock>());
  if (!wait) return std::nullopt;
  x.retry_after_ = std::chrono::ceil<std::chrono::seconds>(*wait);
  return refuse(
      x, protocol::rpc_error{protocol::error_kind::too_many,
                             {},
                             R"({"retryAfter":)" + std::to_string(x.retry_after_->count()) + '}'});
}

SESAME_INLINE disposition engine::refuse_client(exchange& x, client_capabilities needs) {
  const auto needed = needs.to_json();
  if (x.reply_->wire().era == protocol::era::stateless)
    return refuse(x, protocol::rpc_error{protocol::error_kind::missing_capability,
                                         {},
                                         R"({"requiredCapabilities":)" + needed + '}'});
  x.item_->fail(*x.call_, "This needs a client with the capabilities " + needed);
  return disposition::answered;
}

// Runs the function here and now, or as a task.
SESAME_INLINE std::optional<task<>> engine::run(exchange& x, const detail::entry& item) {
  if (!x.as_task_) {
    const principal_scope scope(x.in_.caller.get());
    return item.invoke(item.service(parts_.services), *x.call_);
  }
  start_task(x, item);
  return std::nullopt;
}

SESAME_INLINE disposition engine::invoke(exchange& x, const detail::entry& item) {
  x.work_ = run(x, item);
  return x.work_ ? x.wait() : disposition::answered;
}

// Whether one more message may leave beside the answer now.
SESAME_INLINE bool exchange::may_notify() {
  const auto now = std::chrono::steady_clock::now();
  if (notified_ == 0 || now - notified_since_ >= std::chrono::seconds{1}) {
    notified_since_ = now;
    notified_ = 0;
  }
  if (notified_ == server_->options().notifications_per_second) return false;
  ++notified_;
  return true;
}

SESAME_INLINE std::string exchange::report_fault(std::string_view what) {
  std::string text = "a call failed: ";
  text += what;
  return server_->report(text);
}

// From here on the request can be cancelled by its id, also before its work has begun.
SESAME_INLINE disposition exchange::wait() {
  if (!cancellation_) make_cancellable();
  // What has waited for its caller waits on.
  if (in_.peer != nullptr &&
      std::ranges::find(in_.peer->in_flight, cancellation_,
                        [](const auto& one) { return one.second; }) != in_.peer->in_flight.end())
    return disposition::pending;
  const bool taken = in_.peer != nullptr
                         ? in_.peer->in_flight.size() < server_->options().max_requests_in_flight
                         : !session_ || session_->started(message_.id.key(), cancellation_);
  if (!taken) {
    work_.reset();
    return server_->refuse(*this, protocol::error_kind::too_many, "some have to be done first");
  }
  if (in_.peer != nullptr) in_.peer->in_flight.emplace_back(message_.id.key(), cancellation_);
  return disposition::pending;
}

SESAME_INLINE void exchange::publish(const detail::change& what) {
  server_->publish(what);
}

}  // namespace sesame::inline v0
