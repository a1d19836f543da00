// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/options.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <string>

namespace options_test {

using namespace std::chrono_literals;
using sesame::detail::check_options;

TEST_CASE("a setting that makes no sense is named") {
  const sesame::server_options fine{.name = "server", .version = "1"};
  CHECK_NOTHROW(check_options(fine));
  const auto names = [&](const char* setting, auto change) {
    auto options = fine;
    change(options);
    CHECK_THROWS_WITH_AS(check_options(options), doctest::Contains(setting),
                         sesame::configuration_error);
  };
  names("name", [](auto& o) { o.name.clear(); });
  names("version", [](auto& o) { o.version.clear(); });
  names("request_state_key", [](auto& o) { o.request_state_key = sesame::secret{"short"}; });
  names("request_state_key",
        [](auto& o) { o.request_state_key = sesame::secret{std::string(33, 'k')}; });
  names("max_sessions", [](auto& o) { o.max_sessions = 0; });
  names("notifications_per_second", [](auto& o) { o.notifications_per_second = 0; });
  names("max_requests_in_flight", [](auto& o) { o.max_requests_in_flight = 0; });
  names("max_subscriptions", [](auto& o) { o.max_subscriptions = 0; });
  names("max_watched_resources", [](auto& o) { o.max_watched_resources = 0; });
  names("replay_bytes", [](auto& o) { o.replay_bytes = 0; });
  names("replay_events", [](auto& o) { o.replay_events = 0; });
  names("reconnect_delay", [](auto& o) { o.reconnect_delay = -1ms; });
  names("max_tasks", [](auto& o) { o.max_tasks = 0; });
  names("max_tasks_per_caller", [](auto& o) { o.max_tasks_per_caller = 0; });
  names("task_ttl", [](auto& o) { o.task_ttl = 0ms; });
  names("task_poll_interval", [](auto& o) { o.task_poll_interval = 0ms; });
  names("list_ttl", [](auto& o) { o.list_ttl = -1ms; });
  names("elicitation_timeout", [](auto& o) { o.elicitation_timeout = 0s; });
  names("elicitation_timeout",
        [](auto& o) { o.elicitation_timeout = std::chrono::seconds::max(); });
  names("session_idle_timeout", [](auto& o) { o.session_idle_timeout = -1s; });
  names("session_idle_timeout", [](auto& o) { o.session_idle_timeout = 10'000h; });
  names("on_error", [](auto& o) { o.on_error = nullptr; });
}

TEST_CASE("a key of 32 bytes is taken, whatever they are") {
  sesame::server_options options{.name = "server", .version = "1"};
  options.request_state_key = sesame::secret{std::string(32, '\0')};
  CHECK_NOTHROW(check_options(options));
}

}  // namespace options_test
