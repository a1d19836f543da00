// What a server is told about itself when it is made.
// SPDX-License-Identifier: BSL-1.0

#pragma once

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

  /// The same of what a resource holds.
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
  if (options.notifications_per_second == 0)
    throw configuration_error("notifications_per_second", "must be at least 1");
  if (options.max_sessions == 0) throw configuration_error("max_sessions", "must be at least 1");
  const auto sensible = [](std::chrono::seconds time, const char* setting) {
    if (time.count() <= 0 || time > std::chrono::hours{24 * 366})
      throw configuration_error(setting, "must be positive and no more than a year");
  };
  sensible(options.elicitation_timeout, "elicitation_timeout");
  sensible(options.session_idle_timeout, "session_idle_timeout");
  if (options.list_ttl.count() < 0) throw configuration_error("list_ttl", "must not be negative");
  if (options.read_ttl.count() < 0) throw configuration_error("read_ttl", "must not be negative");
  for (const auto& one : options.icons)
    if (!is_icon_source(one.src))
      throw configuration_error("icons", "clients take https: and data: URIs alone");
  if (!options.on_error) throw configuration_error("on_error", "must be callable");
}

}  // namespace detail
}  // namespace sesame::inline v0
