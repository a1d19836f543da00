// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_options.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <functional>
#include <string_view>

namespace http_options_test {

using namespace sesame;
using net::http_options;

TEST_CASE("the defaults are valid, and local") {
  const http_options options;
  CHECK_NOTHROW(net::validate(options));
  CHECK(options.host == "127.0.0.1");
}

TEST_CASE("each setting that makes no sense is told by name") {
  using std::chrono::milliseconds;
  const struct {
    std::string_view setting;
    std::function<void(http_options&)> spoil;
  } cases[] = {
      {"host", [](auto& o) { o.host.clear(); }},
      {"threads", [](auto& o) { o.threads = 0; }},
      {"threads", [](auto& o) { o.threads = 5000; }},
      {"backlog", [](auto& o) { o.backlog = 0; }},
      {"max_connections", [](auto& o) { o.max_connections = 0; }},
      {"requests_per_connection", [](auto& o) { o.requests_per_connection = 0; }},
      {"limits.request_line", [](auto& o) { o.limits.request_line = 0; }},
      {"limits.field_count", [](auto& o) { o.limits.field_count = 0; }},
      {"limits.fields_size", [](auto& o) { o.limits.fields_size = 0; }},
      {"limits", [](auto& o) { o.limits.fields_size = std::size_t{1} << 40; }},
      {"stream_buffer", [](auto& o) { o.stream_buffer = 0; }},
      {"timeouts.header", [](auto& o) { o.timeouts.header = milliseconds(0); }},
      {"timeouts.body", [](auto& o) { o.timeouts.body = milliseconds(-1); }},
      {"timeouts.idle", [](auto& o) { o.timeouts.idle = milliseconds(0); }},
      {"timeouts.write", [](auto& o) { o.timeouts.write = milliseconds::max(); }},
      {"timeouts.keep_alive_comment",
       [](auto& o) { o.timeouts.keep_alive_comment = milliseconds(0); }},
      {"timeouts.stop_grace", [](auto& o) { o.timeouts.stop_grace = milliseconds(0); }},
      {"tls.certificate_chain", [](auto& o) { o.tls = {"", "key.pem"}; }},
      {"tls.private_key", [](auto& o) { o.tls = {"chain.pem", ""}; }},
      {"on_error", [](auto& o) { o.on_error = nullptr; }},
  };
  for (const auto& [setting, spoil] : cases) {
    CAPTURE(setting);
    http_options options;
    spoil(options);
    try {
      net::validate(options);
      FAIL("not refused");
    } catch (const configuration_error& refused) {
      CHECK(refused.setting() == setting);
    }
  }
}

}  // namespace http_options_test
