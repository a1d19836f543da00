// A server without its types and without sockets: bytes of a message and a caller in, bytes of the
// answer out. All transports, tests, benchmarks and fuzzers come in by `begin`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/token_cache.hpp"
#include "sesame/configuration.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/server/classify.hpp"
#include "sesame/server/coarse_clock.hpp"
#include "sesame/server/engine_handle.hpp"
#include "sesame/server/event_bus.hpp"
#include "sesame/server/exchange.hpp"
#include "sesame/server/listing.hpp"
#include "sesame/server/options.hpp"
#include "sesame/server/rate_limiter.hpp"
#include "sesame/server/request_state.hpp"
#include "sesame/server/session.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/uri_template.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

/// Whose token it is, or why it is nobody's.
using known_caller = result<std::shared_ptr<const principal>, auth_failure>;

}  // namespace detail

namespace detail {

/// What a request names something by: its name, as in `params`, and where it is read.
struct parameter {
  std::string_view name;
  std::optional<json::value> protocol::known_params::* place;

  /// Its value, where that is a string.
  [[nodiscard]] std::optional<std::string_view> text_in(const protocol::message& m) const noexcept {
    const auto& given = m.param.*place;
    return given ? json::as_string(*given) : std::nullopt;
  }
};
inline constexpr parameter name_parameter{"name", &protocol::known_params::name};
inline constexpr parameter uri_parameter{"uri", &protocol::known_params::uri};
inline constexpr parameter task_parameter{"taskId", &protocol::known_params::task_id};

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
  disposition begin(exchange& x, inbound in);

  /// Whose token this is, as far as that can be told without waiting. Where it cannot, the failure
  /// is `unavailable`, and `look_up` may know more.
  [[nodiscard]] detail::known_caller authenticate(
      std::string_view token, clock::time_point now = detail::coarse_now<clock>());

  /// As `authenticate`, but asks whom the providers have to ask.
  [[nodiscard]] task<detail::known_caller> look_up(
      std::string token, clock::time_point now = detail::coarse_now<clock>());

  /// Whether there is a provider, so that tokens mean something here.
  [[nodiscard]] bool verifies_tokens() const noexcept { return !parts_.providers.empty(); }

  /// When a stream that a caller has opened has to end, because his token does.
  [[nodiscard]] static net::doorbell::time_point stream_end(const principal* caller);

  /// Whether a caller may hear more on a stream that he has opened: not once his token has expired,
  /// or he was revoked.
  [[nodiscard]] bool may_hear_on(const std::shared_ptr<const principal>& caller) const;

  /// Whether `look_up` may know more than `authenticate`.
  [[nodiscard]] bool asks_others() const noexcept { return asks_; }

  /// Whether there is something that a caller without a token may do.
  [[nodiscard]] bool opens_to_anonymous() const noexcept { return open_; }

  /// The authorization servers that callers get their tokens from; empty where nobody needs one.
  [[nodiscard]] std::vector<std::string> issuers() const;

  /// Whether it lets in whoever the program likes, and so must not be reached from elsewhere.
  [[nodiscard]] bool for_development() const noexcept {
    return std::ranges::any_of(parts_.providers, &detail::provider_entry::for_development);
  }

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

  // Both eras (impl/engine.ipp).
  disposition refuse(exchange& x, const protocol::rpc_error& error) const;
  disposition refuse(exchange& x, protocol::error_kind kind, std::string_view detail = {}) const {
    return refuse(x, protocol::rpc_error{kind, std::string{detail}, {}});
  }
  disposition deny(exchange& x, auth_error error, std::span<const std::string_view> scopes) const;
  disposition serve(exchange& x, detail::route where);
  std::optional<disposition> read_token(exchange& x, detail::route where);
  static void keep_telling(auth_failure& told, auth_failure&& next);
  detail::known_caller remember(std::string_view token, principal&& caller, std::size_t provider,
                                clock::time_point now);
  [[nodiscard]] detail::known_caller unless_revoked(std::shared_ptr<const principal> caller) const;
  std::optional<disposition> take_caller(exchange& x, detail::known_caller verified) const;
  task<> await_caller(exchange& x, std::string token, detail::route where);
  bool read_progress_token(exchange& x);
  disposition refuse_client(exchange& x, client_capabilities needs);
  std::optional<task<>> run(exchange& x, const detail::entry& item);
  disposition invoke(exchange& x, const detail::entry& item);
  static std::optional<auth_error> refusal(const principal* caller, const detail::entry& item);
  static bool may_see(const principal* caller, const detail::entry& item) {
    return !refusal(caller, item);
  }
  static std::optional<json::object> read_variables(const detail::template_values& values,
                                                    json::document& document);
  std::optional<disposition> authorize(exchange& x, const detail::entry& item);
  std::optional<disposition> admit(exchange& x, const detail::entry& item, const void* account);
  static disposition not_found(engine& self, exchange& x) {
    return self.refuse(x, protocol::error_kind::method_not_found, x.message_.method);
  }

  // What services offer (impl/primitives.ipp).
  struct method {
    std::string_view name;
    disposition (engine::*serve)(exchange&);
    bool protocol::server_capabilities::* offered = nullptr;  ///< what there must be for it
  };
  struct call_params {
    std::string_view key;
    std::optional<json::object> arguments;
  };
  [[nodiscard]] const method* find_offered(std::span<const method> methods,
                                           std::string_view name) const noexcept;
  [[nodiscard]] const method* find_shared(std::string_view name) const noexcept;
  template <primitive Kind>
  disposition list(exchange& x);
  disposition call_tool(exchange& x);
  disposition read_resource(exchange& x);
  disposition prompt(exchange& x);
  disposition complete(exchange& x);
  std::optional<disposition> read_params(exchange& x, const detail::parameter& key,
                                         call_params& to);
  disposition serve(exchange& x, const detail::entry& item, const call_params& params);
  const detail::resource_entry* find_resource(exchange& x, std::string_view uri,
                                              std::optional<json::object>& variables) const;
  const detail::entry* find_reference(json::object ref) const;

  // The stateless era (impl/stateless_front.ipp).
  disposition serve_stateless(exchange& x);
  std::optional<disposition> check_fields(exchange& x);
  std::optional<disposition> check_mirrored(exchange& x, const detail::tool_entry& tool,
                                            const call_params& params);
  disposition discover(exchange& x);

  // Subscriptions (impl/listen.ipp).
  disposition listen(exchange& x);
  task<> serve_subscription(exchange& x, std::shared_ptr<detail::subscription> own,
                            std::string honoured);
  // Whether the server tells of changes of that list; and this caller of those of that resource.
  [[nodiscard]] bool has_list(detail::change_kind kind) const noexcept;
  [[nodiscard]] bool may_watch(const exchange& x, std::string_view uri) const;

  // Tasks (impl/tasks.ipp).
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

  // Several messages at once (impl/batch.ipp).
  disposition serve_batch(exchange& x, json::array messages);
  task<> finish_batch(exchange& x, std::vector<std::unique_ptr<detail::batch_part>> parts);

  // The session era (impl/session_front.ipp).
  disposition open_session(exchange& x);
  disposition serve_session(exchange& x);
  disposition set_log_level(exchange& x);
  disposition ping(exchange& x);
  disposition watch_resource(exchange& x);
  disposition unwatch_resource(exchange& x);
  void cancel(exchange& x);

  // Asking the user or the client (impl/input_broker.ipp).
  static detail::request_identity identity_of(const exchange& x);
  std::optional<disposition> read_input(exchange& x);
  void require_input(exchange& x, const std::vector<detail::client_question>& open);
  std::optional<disposition> resolve_form(exchange& x, const detail::entry& item);
  std::optional<std::string> take_form(exchange& x, const detail::entry& item,
                                       const std::string& answer) const;
  task<> ask_and_invoke(exchange& x, const detail::entry& item);
  task<std::vector<std::string>> ask(exchange& x, std::vector<detail::client_question> questions);
  [[noreturn]] static void settle(exchange& x);
  task<std::vector<std::string>> ask_in_session(exchange& x,
                                                std::vector<detail::client_question> questions);

  server_options options_;
  detail::engine_parts parts_;
  bool open_ = false;
  bool asks_ = false;  // some provider may have to ask others
  implementation identity_;
  std::string own_meta_;  ///< as `protocol::reply` wants it
  protocol::server_capabilities capabilities_;
  std::array<detail::listing, 4> lists_;  ///< by `primitive`
  auth::sealer sealer_;
  token_cache tokens_;
  detail::rate_limiter rates_;
  detail::task_table tasks_;
  detail::event_bus changes_;
  std::atomic<std::size_t> subscriptions_ = 0;
  detail::session_table sessions_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/batch.ipp"
#  include "sesame/server/impl/engine.ipp"
#  include "sesame/server/impl/exchange.ipp"
#  include "sesame/server/impl/input_broker.ipp"
#  include "sesame/server/impl/listen.ipp"
#  include "sesame/server/impl/primitives.ipp"
#  include "sesame/server/impl/session_front.ipp"
#  include "sesame/server/impl/stateless_front.ipp"
#  include "sesame/server/impl/tasks.ipp"
#endif
