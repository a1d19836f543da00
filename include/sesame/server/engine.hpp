// A server without its types and without sockets: bytes of a message and a caller in, bytes of the
// answer out. All transports, tests, benchmarks and fuzzers come in by `begin`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/token_cache.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/server/classify.hpp"
#include "sesame/server/event_bus.hpp"
#include "sesame/server/exchange.hpp"
#include "sesame/server/listing.hpp"
#include "sesame/server/options.hpp"
#include "sesame/server/request_state.hpp"
#include "sesame/server/session.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/service/entry.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>

#include <array>
#include <atomic>
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

/// A provider with its type left behind.
struct provider_entry {
  const void* object;
  result<principal, auth_failure> (*verify)(const void* object, std::string_view token,
                                            std::chrono::system_clock::time_point now);
  std::vector<std::string> (*issuers)(const void* object);
};

/// What a server is made of, once its types are gone.
struct engine_parts {
  using finder = std::size_t (*)(std::string_view key);  ///< a place, or the number of places

  void* services = nullptr;
  std::vector<tool_entry> tools;
  std::vector<resource_entry> resources;
  std::vector<resource_entry> templates;
  std::vector<prompt_entry> prompts;
  finder find_tool = nullptr;
  finder find_resource = nullptr;
  finder find_prompt = nullptr;
  std::vector<provider_entry> providers;

  /// Calls f with everything that is offered.
  template <class F>
  void each(F f) const {
    for (const auto& one : tools) f(one);
    for (const auto& one : resources) f(one);
    for (const auto& one : templates) f(one);
    for (const auto& one : prompts) f(one);
  }
};

}  // namespace detail

namespace detail {
struct batch_part;
class open_question;
struct task_run;
}  // namespace detail

/// Answers messages. May be used by several threads at once, each with exchanges of its own; tools
/// then run on several threads too.
class engine {
 public:
  using clock = std::chrono::system_clock;

  /// Throws `configuration_error` naming the setting.
  engine(server_options options, detail::engine_parts parts);
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  [[nodiscard]] const server_options& options() const noexcept { return options_; }

  /// Takes one message: all that can be decided without waiting is, and a plain tool has run when
  /// this returns. Never throws for what a peer sent.
  disposition begin(exchange& x, const inbound& in);

  /// Whose token this is.
  [[nodiscard]] result<std::shared_ptr<const principal>, auth_failure> authenticate(
      std::string_view token, clock::time_point now = clock::now());

  /// Whether there is a provider, so that tokens mean something here.
  [[nodiscard]] bool verifies_tokens() const noexcept { return !parts_.providers.empty(); }

  /// Whether there is something that a caller without a token may do.
  [[nodiscard]] bool opens_to_anonymous() const noexcept { return open_; }

  /// The authorization servers that callers get their tokens from; empty where nobody needs one.
  [[nodiscard]] std::vector<std::string> issuers() const;

  /// Every scope that something demands, each once.
  [[nodiscard]] std::vector<std::string_view> scopes() const;

  [[nodiscard]] detail::session_table& sessions() noexcept { return sessions_; }

  /// Switches a tool or prompt (by its name), a resource (by its URI) or a resource template (by the
  /// template) off, or on again. What is off is not listed, and is unknown to whoever asks for it;
  /// calls that run already go on; whoever listens is told. False if there is none of that key. From
  /// any thread.
  bool enable(primitive kind, std::string_view key, bool on = true);

  /// The session that a request over HTTP names, if it is the caller's.
  [[nodiscard]] result<std::shared_ptr<detail::session>, protocol::rpc_error> find_session(
      const message_fields& fields, const principal* caller);

  /// Tells everybody who listens; from any thread.
  void publish(const detail::change& what) { changes_.publish(what); }

  /// Logs what a peer may not see, with an id that it may.
  std::string report(std::string_view what) const;

 private:
  friend class exchange;

  // Both eras (engine.hpp).
  disposition refuse(exchange& x, const protocol::rpc_error& error) const;
  disposition refuse(exchange& x, protocol::error_kind kind, std::string_view detail = {}) const {
    return refuse(x, protocol::rpc_error{kind, std::string{detail}, {}});
  }
  disposition deny(exchange& x, auth_error error, std::span<const std::string_view> scopes) const;
  std::optional<disposition> read_token(exchange& x);
  bool read_progress_token(exchange& x);
  disposition refuse_client(exchange& x, client_capabilities needs);
  std::optional<task<>> run(exchange& x, const detail::entry& item);
  disposition invoke(exchange& x, const detail::entry& item);
  static std::optional<auth_error> refusal(const principal* caller, const detail::entry& item);
  std::optional<disposition> authorize(exchange& x, const detail::entry& item);
  static disposition not_found(engine& self, exchange& x) {
    return self.refuse(x, protocol::error_kind::method_not_found, x.message_.method);
  }

  // What services offer (primitives.hpp).
  struct method {
    std::string_view name;
    disposition (engine::*serve)(exchange&);
    bool protocol::server_capabilities::* offered = nullptr;  ///< what there must be for it
  };
  struct call_params {
    std::string_view key;
    std::optional<json::object> arguments;
    std::optional<json::value> input_responses;
    std::optional<json::value> request_state;
  };
  [[nodiscard]] const method* find_offered(std::span<const method> methods,
                                           std::string_view name) const noexcept {
    const auto known = std::ranges::find(methods, name, &method::name);
    if (known == methods.end()) return nullptr;
    return known->offered == nullptr || capabilities_.*known->offered ? &*known : nullptr;
  }
  [[nodiscard]] const method* find_shared(std::string_view name) const noexcept;
  template <primitive Kind>
  disposition list(exchange& x);
  disposition call_tool(exchange& x);
  disposition read_resource(exchange& x);
  disposition prompt(exchange& x);
  disposition complete(exchange& x);
  std::optional<disposition> read_params(exchange& x, std::string_view key, call_params& to);
  disposition serve(exchange& x, const detail::entry& item, const call_params& params);
  const detail::resource_entry* find_resource(exchange& x, std::string_view uri,
                                              std::optional<json::object>& variables) const;
  const detail::entry* find_reference(json::object ref) const;

  // The stateless era (stateless_front.hpp).
  disposition serve_stateless(exchange& x);
  std::optional<disposition> check_fields(exchange& x);
  std::optional<disposition> check_mirrored(exchange& x, const detail::tool_entry& tool,
                                            const call_params& params);
  disposition discover(exchange& x);

  // Subscriptions (listen.hpp).
  disposition listen(exchange& x);
  task<> serve_subscription(exchange& x, std::shared_ptr<detail::subscription> own,
                            std::string honoured);
  // Whether the server tells of changes of that list; and this caller of those of that resource.
  [[nodiscard]] bool has_list(detail::change_kind kind) const noexcept;
  [[nodiscard]] bool may_watch(const exchange& x, std::string_view uri) const;

  // Tasks (tasks.hpp).
  static std::string task_owner(const exchange& x);
  std::optional<disposition> decide_on_task(exchange& x, const detail::entry& item);
  void start_task(exchange& x, const detail::entry& item);
  task<> run_task(std::shared_ptr<detail::task_run> run,
                  std::shared_ptr<detail::background_task> made);
  task<std::vector<std::string>> ask_in_task(exchange& x,
                                             std::vector<detail::client_question> questions);
  std::shared_ptr<detail::background_task> find_task(exchange& x, disposition& done);
  void write_task(exchange& x, const detail::background_task& task);
  disposition read_task(exchange& x);
  disposition update_task(exchange& x);
  disposition cancel_task(exchange& x);
  disposition list_tasks(exchange& x);
  disposition await_task(exchange& x);
  task<> await_outcome(exchange& x, std::shared_ptr<detail::background_task> task);
  task<> relay(detail::open_question open, std::shared_ptr<detail::background_task> task,
               std::shared_ptr<detail::task_question> question);

  // Several messages at once (batch.hpp).
  disposition serve_batch(exchange& x, json::array messages);
  task<> finish_batch(exchange& x, std::vector<std::unique_ptr<detail::batch_part>> parts);

  // The session era (session_front.hpp).
  disposition open_session(exchange& x);
  disposition serve_session(exchange& x);
  disposition set_log_level(exchange& x);
  disposition ping(exchange& x);
  disposition watch_resource(exchange& x);
  disposition unwatch_resource(exchange& x);
  void cancel(exchange& x);

  // Asking the user or the client (input_broker.hpp).
  static detail::request_identity identity_of(const exchange& x);
  std::optional<disposition> read_input(exchange& x, const call_params& params);
  void require_input(exchange& x, const std::vector<detail::client_question>& open);
  std::optional<disposition> resolve_form(exchange& x, const detail::entry& item);
  std::optional<std::string> take_form(exchange& x, const detail::entry& item,
                                       const std::string& answer) const;
  task<> ask_and_invoke(exchange& x, const detail::entry& item);
  task<std::vector<std::string>> ask(exchange& x, std::vector<detail::client_question> questions);
  task<std::vector<std::string>> ask_in_session(exchange& x,
                                                std::vector<detail::client_question> questions);

  server_options options_;
  detail::engine_parts parts_;
  bool open_ = false;
  implementation identity_;
  std::string server_info_;
  protocol::server_capabilities capabilities_;
  std::array<detail::listing, 4> lists_;  ///< by `primitive`
  auth::sealer sealer_;
  token_cache tokens_;
  detail::task_table tasks_;
  detail::event_bus changes_;
  std::atomic<std::size_t> subscriptions_ = 0;
  detail::session_table sessions_;
};

inline engine::engine(server_options options, detail::engine_parts parts)
    : options_((detail::check_options(options), std::move(options))),
      parts_(std::move(parts)),
      identity_{options_.name,        options_.version,     options_.title,
                options_.description, options_.website_url, options_.icons},
      sealer_(options_.request_state_key.empty() ? secret{auth::random_bytes(32)}
                                                 : options_.request_state_key),
      tasks_(options_.max_tasks, options_.max_tasks_per_caller),
      sessions_(options_.max_sessions, options_.session_idle_timeout) {
  json::writer out{server_info_};
  protocol::write(identity_, protocol::stateless_revision, out);
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
}

inline std::vector<std::string> engine::issuers() const {
  std::vector<std::string> all;
  for (const auto& provider : parts_.providers)
    for (auto& issuer : provider.issuers(provider.object))
      if (std::ranges::find(all, issuer) == all.end()) all.push_back(std::move(issuer));
  return all;
}

inline std::vector<std::string_view> engine::scopes() const {
  std::vector<std::string_view> all;
  parts_.each([&](const detail::entry& one) {
    for (const auto scope : one.scopes)
      if (std::ranges::find(all, scope) == all.end()) all.push_back(scope);
  });
  return all;
}

inline std::string engine::report(std::string_view what) const {
  auto id = auth::random_token(9);
  options_.on_error("[" + id + "] " + std::string{what});
  return id;
}

inline result<std::shared_ptr<const principal>, auth_failure> engine::authenticate(
    std::string_view token, clock::time_point now) {
  if (auto known = tokens_.find(token, now)) return known;
  auth_failure why{auth_error::verification_failed, "no provider"};
  for (std::size_t i = 0; i < parts_.providers.size(); ++i) {
    const auto& provider = parts_.providers[i];
    auto verified = provider.verify(provider.object, token, now);
    if (verified) {
      verified->provider = i;
      return tokens_.remember(token, *std::move(verified), now);
    }
    // Of several refusals the first says most, unless a later provider could not decide at all.
    if (i == 0 || verified.error().code == auth_error::unavailable) why = verified.error();
  }
  return failure{std::move(why)};
}

inline disposition engine::begin(exchange& x, const inbound& in) {
  using protocol::error_kind;
  x.reset(*this, in, server_info_);
  const auto parsed = x.document_.parse(in.text);
  if (!parsed) return refuse(x, error_kind::parse, json::describe(parsed.error()));
  if (const auto several = json::as_array(*parsed)) {
    if (in.part_of_batch)
      return refuse(x, error_kind::invalid_request, "an array holds messages, and no arrays");
    return serve_batch(x, *several);
  }
  const auto read = protocol::read_message(*parsed);
  if (!read) {
    x.reply_->answer_to(read.error().id);
    // Without an id there was no request whose parameters could be wrong.
    auto wrong = read.error().error;
    if (!read.error().id.present()) wrong.kind = error_kind::invalid_request;
    return refuse(x, std::move(wrong));
  }
  x.message_ = *read;
  x.reply_->answer_to(x.message_.id);

  const auto version = in.fields != nullptr ? in.fields->field("MCP-Protocol-Version")
                                            : std::optional<std::string_view>{};
  const auto found = detail::classify(x.message_, version);
  if (found.route != detail::route::refused && x.message_.meta && in.fields == nullptr)
    if (const auto done = read_token(x)) return *done;
  switch (found.route) {
    case detail::route::stateless:
      return serve_stateless(x);
    case detail::route::stateless_notification:
      if (x.message_.method == "notifications/cancelled") cancel(x);
      return disposition::accepted;
    case detail::route::session_open:
      if (in.part_of_batch)
        return refuse(x, error_kind::invalid_request, "initialize stands alone");
      return open_session(x);
    case detail::route::session:
      return serve_session(x);
    case detail::route::refused:
      break;
  }
  return refuse(x, found.error);
}

inline disposition engine::refuse(exchange& x, const protocol::rpc_error& error) const {
  if (x.message_.kind != protocol::message_kind::request && !x.message_.method.empty() &&
      x.in_.fields == nullptr)
    return disposition::accepted;
  x.reply_->error(error);
  return disposition::answered;
}

inline disposition engine::deny(exchange& x, auth_error error,
                                std::span<const std::string_view> scopes) const {
  const auto& facts = describe(error);
  x.denial_ = denial{error, {scopes.begin(), scopes.end()}};
  const auto kind = facts.status == 403   ? protocol::error_kind::forbidden
                    : facts.status == 503 ? protocol::error_kind::unavailable
                                          : protocol::error_kind::unauthorized;
  return refuse(x, protocol::rpc_error{kind, std::string{facts.description},
                                       R"({"code":")" + std::string{facts.name} + "\"}"});
}

// Away from HTTP a token comes with each request, as `params._meta.authorization`.
inline std::optional<disposition> engine::read_token(exchange& x) {
  const auto given = json::find(*x.message_.meta, "authorization");
  // As over HTTP, a server without providers has no use for one.
  if (!given || !verifies_tokens() || !x.in_.peer->sends_tokens) return std::nullopt;
  const auto members = json::as_object(*given);
  const auto type = members ? json::find_string(*members, "type") : std::nullopt;
  const auto token = members ? json::find_string(*members, "token") : std::nullopt;
  if (type != std::string_view{"bearer"} || !token)
    return refuse(x, protocol::error_kind::invalid_params,
                  "_meta.authorization must be {\"type\":\"bearer\",\"token\":\"...\"}");
  auto verified = authenticate(*token);
  if (!verified) {
    report("a token was refused: " + verified.error().detail);
    return deny(x, verified.error().code, {});
  }
  x.caller_ = *std::move(verified);
  return std::nullopt;
}

inline bool engine::read_progress_token(exchange& x) {
  if (!x.message_.meta) return true;
  const auto given = json::find(*x.message_.meta, "progressToken");
  if (!given) return true;
  x.progress_token_ = protocol::message_id::read(*given);
  if (x.progress_token_) return true;
  refuse(x, protocol::error_kind::invalid_params,
         "_meta.progressToken must be a string or an integer");
  return false;
}

// Why a caller may not have something, if so.
inline std::optional<auth_error> engine::refusal(const principal* caller,
                                                 const detail::entry& item) {
  if (item.providers.empty()) return std::nullopt;
  if (caller == nullptr) return auth_error::missing_token;
  if (std::ranges::find(item.providers, caller->provider) == item.providers.end())
    return auth_error::verification_failed;
  for (const auto scope : item.scopes)
    if (!caller->scopes.contains(scope)) return auth_error::insufficient_scope;
  return std::nullopt;
}

inline std::optional<disposition> engine::authorize(exchange& x, const detail::entry& item) {
  if (const auto why = refusal(x.caller_.get(), item)) return deny(x, *why, item.scopes);
  return std::nullopt;
}

inline disposition engine::refuse_client(exchange& x, client_capabilities needs) {
  const auto needed = needs.to_json();
  if (x.reply_->wire().era == protocol::era::stateless)
    return refuse(x, protocol::rpc_error{protocol::error_kind::missing_capability,
                                         {},
                                         R"({"requiredCapabilities":)" + needed + '}'});
  x.item_->fail(*x.call_, "This needs a client with the capabilities " + needed);
  return disposition::answered;
}

// Runs the function here and now, or as a task.
inline std::optional<task<>> engine::run(exchange& x, const detail::entry& item) {
  if (!x.as_task_) return item.invoke(item.service(parts_.services), *x.call_);
  start_task(x, item);
  return std::nullopt;
}

inline disposition engine::invoke(exchange& x, const detail::entry& item) {
  x.work_ = run(x, item);
  return x.work_ ? x.wait() : disposition::answered;
}

// Whether one more message may leave beside the answer now.
inline bool exchange::may_notify() {
  const auto now = std::chrono::steady_clock::now();
  if (notified_ == 0 || now - notified_since_ >= std::chrono::seconds{1}) {
    notified_since_ = now;
    notified_ = 0;
  }
  if (notified_ == server_->options().notifications_per_second) return false;
  ++notified_;
  return true;
}

inline std::string exchange::report_fault(std::string_view what) {
  std::string text = "a call failed: ";
  text += what;
  return server_->report(text);
}

// From here on the request can be cancelled by its id, also before its work has begun.
inline disposition exchange::wait() {
  if (!cancellation_) make_cancellable();
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

inline void exchange::publish(const detail::change& what) {
  server_->publish(what);
}

inline task<> exchange::finish() {
  const auto cancel = cancellation_;
  std::exception_ptr thrown;
  try {
    auto work = *std::move(work_);
    work_.reset();
    // A signal that is sent before somebody can hear it is lost.
    if (!cancel->requested())
      co_await asio::co_spawn(in_.sink->executor(), std::move(work),
                              asio::bind_cancellation_slot(cancel->slot(), asio::use_awaitable));
  } catch (...) {
    thrown = std::current_exception();
  }
  if (session_) session_->finished(message_.id.key(), cancel);
  if (in_.peer != nullptr)
    std::erase_if(in_.peer->in_flight, [&](const auto& entry) { return entry.second == cancel; });
  if (cancel->requested()) {
    reply_->discard();
  } else if (thrown) {
    server_->report("serving a request threw");
    reply_->error({protocol::error_kind::internal, {}, {}});
  }
}

}  // namespace sesame::inline v0

#include "sesame/server/batch.hpp"
#include "sesame/server/input_broker.hpp"
#include "sesame/server/listen.hpp"
#include "sesame/server/primitives.hpp"
#include "sesame/server/session_front.hpp"
#include "sesame/server/stateless_front.hpp"
#include "sesame/server/tasks.hpp"
