// What a server is told about itself when it is made.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/protocol/caching.hpp"
#include "sesame/protocol/icon.hpp"

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// The settings of a server, apart from how it is reached.
struct server_options {
  std::string name;     ///< for programs; must not be empty
  std::string version;  ///< must not be empty
  std::string title{};  ///< for people
  std::string description{};
  std::string website_url{};
  std::vector<icon> icons{};
  std::string instructions{};  ///< told to models: how the tools go together

  /// The bounds of one message.
  json::limits message{};

  /// How long clients may keep the lists, and for whom.
  std::chrono::milliseconds list_ttl{0};
  sesame::cache_scope list_scope = cache_scope::only_caller;

  /// Whether the lists have only what the caller may use, which is then for nobody else
  /// (`list_scope`). Otherwise everybody is told of everything, and refused where it is used.
  bool list_per_caller = false;

  /// Whether each tool says in the list how it may be called, where tokens have an issuer: without
  /// one, or with one of these scopes (`securitySchemes`, also in `_meta`, as ChatGPT reads them).
  bool security_schemes = true;

  /// Whether a principal has the access token that he came with, for `token_endpoint::exchange`.
  bool keep_access_tokens = false;

  /// How long clients may keep what a resource holds, and for whom.
  std::chrono::milliseconds read_ttl{0};
  sesame::cache_scope read_scope = cache_scope::only_caller;

  /// The most tools, resources, templates or prompts in one answer to a request for their list; 0
  /// for all at once.
  std::size_t page_size = 0;

  /// How long a user may take to answer a form.
  std::chrono::seconds elicitation_timeout{600};

  /// How many progress and log messages one request may send in a second; further ones are left out.
  std::size_t notifications_per_second = 200;

  /// 32 bytes that seal what a client keeps for the server between two rounds of one call. Several
  /// servers behind one address need the same key; empty: made at start, known to this server
  /// alone.
  secret request_state_key{};

  /// Sessions of the older protocol revisions: how many at once, and how long one may lie idle.
  std::size_t max_sessions = 10'000;
  std::chrono::seconds session_idle_timeout{1'800};

  /// Requests that are being served at once for one session, or for one peer on stdio.
  std::size_t max_requests_in_flight = 256;

  /// Open `subscriptions/listen` at once, and the resources that one of them, or one session, may
  /// watch.
  std::size_t max_subscriptions = 10'000;
  std::size_t max_watched_resources = 1'000;

  /// Tasks: how many there may be, in all and of one caller; how long one is kept, from its
  /// beginning; and how often clients are asked to look.
  std::size_t max_tasks = 10'000;
  std::size_t max_tasks_per_caller = 100;
  std::chrono::milliseconds task_ttl{3'600'000};
  std::chrono::milliseconds task_poll_interval{500};

  /// What a session keeps of its event streams for a client that lost its connection and comes
  /// back, in bytes and in events; and how long such a client is told to wait before it does.
  std::size_t replay_bytes = std::size_t{256} << 10;
  std::size_t replay_events = 1'000;
  std::chrono::milliseconds reconnect_delay{1'000};

  /// Whether a caller whose token is good may come no more, as where it was revoked (its `jti`, `sid`
  /// or subject): asked for each request that has a token. Called on any thread that serves; must
  /// not throw, and should not wait.
  std::function<bool(const principal& caller)> is_revoked{};

  /// Told what a tool threw, why a token was refused and the like, with a correlation id that the
  /// peer was shown where there is one. Called on any thread that serves; must not throw.
  std::function<void(std::string_view)> on_error = [](std::string_view what) {
    std::fprintf(stderr, "sesame: %.*s\n", static_cast<int>(what.size()), what.data());
  };
};

namespace detail {

inline void check_options(const server_options& options) {
  if (options.name.empty()) throw configuration_error("name", "give the server a name");
  if (options.version.empty()) throw configuration_error("version", "give the server a version");
  const auto key = options.request_state_key.reveal().size();
  if (key != 0 && key != 32)
    throw configuration_error("request_state_key", "must be 32 bytes, or empty to have one made");
  const auto at_least_one = [](std::size_t number, const char* setting) {
    if (number == 0) throw configuration_error(setting, "must be at least 1");
  };
  at_least_one(options.notifications_per_second, "notifications_per_second");
  at_least_one(options.max_sessions, "max_sessions");
  at_least_one(options.max_requests_in_flight, "max_requests_in_flight");
  at_least_one(options.max_subscriptions, "max_subscriptions");
  at_least_one(options.max_watched_resources, "max_watched_resources");
  at_least_one(options.replay_bytes, "replay_bytes");
  at_least_one(options.replay_events, "replay_events");
  at_least_one(options.max_tasks, "max_tasks");
  at_least_one(options.max_tasks_per_caller, "max_tasks_per_caller");
  if (options.task_ttl.count() <= 0 || options.task_ttl > std::chrono::hours{24 * 366})
    throw configuration_error("task_ttl", "must be positive and no more than a year");
  if (options.task_poll_interval.count() <= 0)
    throw configuration_error("task_poll_interval", "must be positive");
  if (options.reconnect_delay.count() < 0)
    throw configuration_error("reconnect_delay", "must not be negative");
  const auto sensible = [](std::chrono::seconds time, const char* setting) {
    if (time.count() <= 0 || time > std::chrono::hours{24 * 366})
      throw configuration_error(setting, "must be positive and no more than a year");
  };
  sensible(options.elicitation_timeout, "elicitation_timeout");
  sensible(options.session_idle_timeout, "session_idle_timeout");
  if (options.list_per_caller && options.list_scope != cache_scope::only_caller)
    throw configuration_error("list_scope", "lists that are made for one caller are for no other");
  if (options.list_ttl.count() < 0) throw configuration_error("list_ttl", "must not be negative");
  if (options.read_ttl.count() < 0) throw configuration_error("read_ttl", "must not be negative");
  for (const auto& one : options.icons)
    if (!is_icon_source(one.src))
      throw configuration_error("icons", "clients take https: and data: URIs alone");
  if (!options.on_error) throw configuration_error("on_error", "must be callable");
}

}  // namespace detail
}  // namespace sesame::inline v0
