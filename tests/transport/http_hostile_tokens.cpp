// What becomes of the hostile tokens. What the peer is told is one of two fixed answers, compared
// whole; why, only the log says.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http.hpp"

#include "transport/hostile_tokens.hpp"
#include "transport/support.hpp"
#include <chrono>
#include <cstddef>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace http_hostile_tokens_test {

using namespace transport_test;
using hostile_tokens::attack;
using hostile_tokens::attacks;
using hostile_tokens::controls;
using hostile_tokens::workshop;
using sesame::auth_error;

// A verifier whose clock stands still, so that the leeway has an exact end.
struct gatekeeper : sesame::jwt_provider {
  explicit gatekeeper(const workshop& from) : jwt_provider(from.settings()), now(from.now) {}
  [[nodiscard]] sesame::result<sesame::principal, sesame::auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point) const {
    return jwt_provider::verify(token, now);
  }
  std::chrono::sys_seconds now;
};
struct vault : sesame::service<sesame::authenticated<gatekeeper>> {
  std::string read(const sesame::principal& caller) const { return caller.subject; }
  std::string look(const sesame::principal* caller) const {
    return caller == nullptr ? "nobody" : caller->subject;
  }
  using tools = sesame::tools<sesame::tool<&vault::read, "-", sesame::scopes<"records:read">>,
                              sesame::tool<&vault::look, "-", sesame::anonymous>>;
};

constexpr std::string_view metadata =
    R"(Bearer resource_metadata="https://server.example/.well-known/oauth-protected-resource/mcp")";

// A whole response but for its date.
std::string without_date(const answer& got) {
  auto text = got.head + got.body;
  const auto date = text.find("Date: ");
  REQUIRE(date != std::string::npos);
  return text.erase(date, text.find("\r\n", date) + 2 - date);
}
std::string refusal_text(auth_error code) {
  const auto& row = describe(code);
  const auto body = R"({"jsonrpc":"2.0","error":{"code":)" + std::to_string(row.status) +
                    R"(,"message":")" + std::string{row.description} + R"(","data":{"code":")" +
                    std::string{row.name} + "\"}}}";
  return "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nWWW-Authenticate: " +
         std::string{metadata} + R"(, error="invalid_token", error_description=")" +
         std::string{row.description} + "\"\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// The log tells why and nothing of the token: no part of it, and nothing that would break a line.
void check_log(const std::vector<std::string>& lines, const attack& row, const std::string& token) {
  for (const auto& line : lines) {
    const auto said = line.find("] a token was refused: ");
    REQUIRE(said != std::string::npos);
    CHECK(line.substr(said + 23, row.why.size()) == row.why);
    CHECK(line.size() < 200);
    for (const char c : line) CHECK((c >= 0x20 && c < 0x7f));
    for (std::size_t from = 0; from < token.size();) {
      const auto part = token.substr(from, token.find('.', from) - from);
      from += part.size() + 1;
      if (part.size() > 16) CHECK(line.find(part.substr(0, 16)) == std::string::npos);
    }
  }
}

TEST_CASE("a hostile token is refused for one reason, which the peer does not learn") {
  const auto& w = workshop::open();
  running<vault, gatekeeper> server{
      {.public_url = "https://server.example/mcp"}, vault{}, gatekeeper{w}};
  client peer{server.http.port()};
  CHECK(attacks.size() > 130);
  for (const auto& row : attacks) {
    CAPTURE(row.name);
    const auto token = row.token(w);
    const auto logged = server.log.all().size();
    // For what is open and for what is not, and before anything else is looked at.
    for (const auto& request :
         {http_call("look", "{}", bearer(token)), http_call("read", "{}", bearer(token)),
          http_post("{", bearer(token)),
          "GET /mcp HTTP/1.1\r\nHost: localhost\r\n" + bearer(token) + "\r\n"})
      CHECK(without_date(peer.ask(request)) == refusal_text(row.code));
    auto log = server.log.all();
    log.erase(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(logged));
    CHECK(log.size() == (hostile_tokens::is_tried(token) ? 4 : 0));
    check_log(log, row, token);
  }
  CHECK(said(peer.ask(http_call("look", "{}", bearer(w.good()))).body) == "alice");
}

TEST_CASE("tokens that differ from hostile ones in one thing alone are taken") {
  const auto& w = workshop::open();
  running<vault, gatekeeper> server{
      {.public_url = "https://server.example/mcp"}, vault{}, gatekeeper{w}};
  client peer{server.http.port()};
  for (const auto& row : controls) {
    CAPTURE(row.name);
    CHECK(said(peer.ask(http_call("look", "{}", bearer(row.token(w)))).body) == "alice");
  }
  CHECK(server.log.all().empty());
}

TEST_CASE("a hostile token is refused for the same reason where there are no headers") {
  const auto& w = workshop::open();
  reports log;
  sesame::server server{running<vault, gatekeeper>::quiet({.name = "direct", .version = "1"}, log),
                        vault{}, gatekeeper{w}};
  direct door{server.engine()};
  for (const auto& row : attacks) {
    CAPTURE(row.name);
    const auto token = row.token(w);
    const auto& facts = describe(row.code);
    const auto logged = log.all().size();
    CHECK(door(call(1, "look", "{}", meta("{}", authorization(token)))) ==
          R"({"jsonrpc":"2.0","id":1,"error":{"code":401,"message":"Authentication required: )" +
              std::string{facts.description} + R"(","data":{"code":")" + std::string{facts.name} +
              "\"}}}");
    REQUIRE(log.all().size() == logged + 1);
    check_log({log.all().back()}, row, token);
  }
  CHECK(said(door(call(1, "look", "{}", meta("{}", authorization(w.good()))))) == "alice");
}

// Scopes that look like the one that is needed. The challenge names that one, and never what came.
TEST_CASE("a scope is another one if it differs at all, and is not repeated to the peer") {
  const auto& w = workshop::open();
  running<vault, gatekeeper> server{
      {.public_url = "https://server.example/mcp"}, vault{}, gatekeeper{w}};
  client peer{server.http.port()};
  const auto ask = [&](std::string_view scope) {
    return peer.ask(
        http_call("read", "{}", bearer(w.claims(R"({"scope":)" + std::string{scope} + "}"))));
  };
  for (const auto scope : {R"("")",
                           R"("records:rea")",
                           R"("records:read2")",
                           R"("Records:Read")",
                           R"("records:*")",
                           R"("*")",
                           R"("me\trecords:read")",
                           R"("records:read\u0000")",
                           R"("me,records:read")",
                           R"("records:read\" , error=\"none")",
                           R"("\"records:read\"")",
                           R"("records\\:read")",
                           R"("records:read\r\nX-Injected: 1")",
                           R"("me\u00a0records:read")",
                           R"(["me records:read"])",
                           R"([["records:read"]])",
                           R"([1,null,{}])",
                           R"({"records:read":true})",
                           "7",
                           "true"}) {
    CAPTURE(scope);
    const auto got = ask(scope);
    CHECK(got.status == 403);
    CHECK(got.field("WWW-Authenticate") ==
          std::string{metadata} +
              R"(, scope="records:read", error="insufficient_scope")"
              R"(, error_description="The access token lacks a required scope")");
    CHECK(got.body ==
          R"({"jsonrpc":"2.0","id":1,"error":{"code":403,"message":"Forbidden: The access token )"
          R"(lacks a required scope","data":{"code":"INSUFFICIENT_SCOPE"}}})");
    CHECK(!got.field("X-Injected"));
  }
  for (const auto scope :
       {R"("records:read")", R"("me  records:read ")", R"(["me","records:read"])"})
    CHECK(said(ask(scope).body) == "alice");
}

}  // namespace http_hostile_tokens_test
