// Streams end with the token that opened them.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http.hpp"
// The header under test comes first.
#include "transport/support.hpp"
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <string>

namespace http_stream_end_test {

using namespace transport_test;
using namespace std::chrono_literals;

struct fixture {
  std::string token(std::chrono::seconds expires_in = 1h) {
    return issuer.mint({.scopes = "me records:read", .expires_in = expires_in});
  }
  std::string listen(const std::string& token) {
    return http_post(
        stateless(1, "subscriptions/listen", R"("notifications":{"toolsListChanged":true})"),
        modern("subscriptions/listen") + bearer(token));
  }

  sesame::test_issuer issuer;
  std::shared_ptr<std::atomic<bool>> revoked = std::make_shared<std::atomic<bool>>(false);
  running<open_tools, closed_tools, sesame::jwt_provider> server{
      {.public_url = "https://mcp.example/base/mcp"},
      {.name = "http",
       .version = "1",
       .is_revoked = [revoked = revoked](const sesame::principal&) { return revoked->load(); }},
      {},
      {},
      issuer.provider()};
};

TEST_CASE_FIXTURE(fixture, "a session's stream ends with the token that opened it") {
  const http_session session{server, "2025-11-25", bearer(token(2s))};
  event_stream stream{server.http.port(), session.get_text()};
  CHECK(stream.head().status == 200);
  server.server.tools_changed();
  bool told = false;
  while (const auto event = stream.next())
    told = told || event->data.find("list_changed") != std::string::npos;
  CHECK(told);
}

TEST_CASE_FIXTURE(fixture, "a subscription ends in order with the token that opened it") {
  event_stream stream{server.http.port(), listen(token(2s))};
  CHECK(stream.next()->data.find("acknowledged") != std::string::npos);
  server.server.tools_changed();
  CHECK(stream.next()->data.find("list_changed") != std::string::npos);
  const auto last = stream.next();
  REQUIRE(last);
  CHECK(at(last->data, "/id") == "1");
  CHECK(!at(last->data, "/result").empty());
  CHECK_FALSE(stream.next());
}

TEST_CASE_FIXTURE(fixture, "who was revoked hears nothing more") {
  const http_session session{server, "2025-11-25", bearer(token())};
  event_stream stream{server.http.port(), session.get_text()};
  CHECK(stream.head().status == 200);
  event_stream subscription{server.http.port(), listen(token())};
  CHECK(subscription.next()->data.find("acknowledged") != std::string::npos);
  *revoked = true;
  server.server.tools_changed();
  while (const auto event = stream.next())
    CHECK(event->data.find("list_changed") == std::string::npos);
  while (const auto event = subscription.next())
    CHECK(event->data.find("list_changed") == std::string::npos);
}

}  // namespace http_stream_end_test
