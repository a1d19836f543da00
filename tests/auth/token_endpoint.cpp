// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/token_endpoint.hpp"

#include "sesame/configuration.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include "auth/support.hpp"
#include "auth/web.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace token_endpoint_test {

using namespace auth_test;
using namespace std::chrono_literals;
using answered = sesame::result<sesame::issued_token, sesame::token_error>;

sesame::token_endpoint_settings reached(const web& server) {
  return {.token_endpoint = server.origin() + "/token",
          .authentication = {"records", sesame::secret{"pass word"}},
          .client = {.private_hosts = {"127.0.0.1"}, .allow_plain_http = true}};
}

sesame::principal caller(std::string token = "the.callers.token") {
  return {.issuer = "https://id.example",
          .subject = "ann",
          .access_token = sesame::secret{std::move(token)}};
}

constexpr std::string_view granted =
    R"({"access_token":"for.upstream","token_type":"Bearer","expires_in":3600,"scope":"read"})";

struct fixture {
  fixture() { server.say("/token", {std::string{granted}}); }
  answered own(sesame::token_target target = {}) {
    return completed(endpoint.client_credentials(std::move(target)));
  }
  answered exchanged(const sesame::principal& of, sesame::token_target target = {}) {
    return completed(endpoint.exchange(of, std::move(target)));
  }

  web server;
  sesame::token_endpoint endpoint{reached(server)};
};

TEST_CASE_FIXTURE(fixture, "a program gets a token of its own, by its id and secret") {
  const auto got = own({"", {"read", "write"}, "https://calendar.example/"});
  REQUIRE(got);
  CHECK(got->access_token.reveal() == "for.upstream");
  CHECK(got->scopes == sesame::scope_set{"read"});
  CHECK(got->expires > std::chrono::system_clock::now() + 59min);
  const auto asked = server.asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].field("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(asked[0].field("Authorization") == "Basic cmVjb3JkczpwYXNzJTIwd29yZA==");
  CHECK(asked[0].body ==
        "grant_type=client_credentials&resource=https%3A%2F%2Fcalendar.example%2F"
        "&scope=read%20write");
}

TEST_CASE_FIXTURE(fixture, "a caller's token is exchanged for one that is for somebody else") {
  const auto got = exchanged(caller(), {"calendar"});
  REQUIRE(got);
  CHECK(got->access_token.reveal() == "for.upstream");
  CHECK(server.asked()[0].body ==
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
        "&subject_token=the.callers.token"
        "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
        "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
        "&audience=calendar");
}

TEST_CASE_FIXTURE(fixture, "a token is remembered for the same caller, target and scopes alone") {
  CHECK(exchanged(caller(), {"calendar"}));
  CHECK(exchanged(caller(), {"calendar"}));
  CHECK(server.times() == 1);
  CHECK(exchanged(caller("another.token"), {"calendar"}));
  CHECK(exchanged(caller(), {"mail"}));
  CHECK(exchanged(caller(), {"calendar", {"read"}}));
  CHECK(own({"calendar"}));
  CHECK(server.times() == 5);
}

TEST_CASE_FIXTURE(fixture, "many who want the same token at once make one request") {
  asio::io_context context;
  std::vector<std::optional<answered>> got(20);
  server.hold(true);
  const auto work = [](const sesame::token_endpoint& from,
                       std::optional<answered>& to) -> asio::awaitable<void> {
    to.emplace(co_await from.client_credentials({}));
  };
  for (auto& one : got) asio::co_spawn(context, work(endpoint, one), asio::detached);
  context.poll();
  server.begun.await();
  server.hold(false);
  context.run();
  for (const auto& one : got) CHECK((one && *one));
  CHECK(server.times() == 1);
}

TEST_CASE_FIXTURE(fixture, "without the caller's token there is nothing to exchange") {
  const auto got = exchanged(caller(""), {"calendar"});
  REQUIRE_FALSE(got);
  CHECK(got.error().error == "invalid_request");
  CHECK(server.times() == 0);
}

TEST_CASE_FIXTURE(fixture, "a refusal is told by its code, and not remembered") {
  server.say("/token",
             {R"({"error":"invalid_target","error_description":"no such\nservice"})", 400});
  const auto refused = own();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().error == "invalid_target");
  CHECK(refused.error().detail == "'no such?service'");
  server.say("/token", {std::string{granted}});
  CHECK(own());
}

TEST_CASE_FIXTURE(fixture, "an answer that is none is unavailable") {
  const std::vector<reply> bad{
      {"", 500},
      {R"({"error":"server_error"})", 503},
      {"<html>", 200},
      {"", 204},
      {"", 302, {{"Location", "https://evil.example/token"}}},
      {"[]", 200},
      {"{}", 200},
      {R"({"access_token":"","token_type":"Bearer"})", 200},
      {R"({"access_token":7,"token_type":"Bearer"})", 200},
      {R"({"access_token":"t"})", 200},
      {R"({"access_token":"t","token_type":"mac"})", 200},
      {R"({"access_token":"t","token_type":"DPoP"})", 200},
      {R"({"access_token":"t","token_type":"Bearer","expires_in":0})", 200},
      {R"({"access_token":"t","token_type":"Bearer","expires_in":"soon"})", 200},
      {R"({"access_token":"t","access_token":"u","token_type":"Bearer"})", 200},
      {std::string(1 << 22, ' '), 200},
  };
  for (const auto& one : bad) {
    CAPTURE(one.body.substr(0, 80));
    CAPTURE(one.status);
    server.say("/token", one);
    const auto got = own();
    REQUIRE_FALSE(got);
    CHECK(got.error().error == "unavailable");
  }
}

TEST_CASE_FIXTURE(fixture, "a token that ends soon is asked for again") {
  server.say("/token", {R"({"access_token":"t","token_type":"bearer","expires_in":1})"});
  const auto first = own();
  REQUIRE(first);
  // Its half has passed as soon as it came, for what counts are whole seconds.
  CHECK(own());
  CHECK(server.times() == 2);
}

TEST_CASE("the endpoint is found by the issuer's metadata") {
  web server;
  auto settings = reached(server);
  settings.token_endpoint.clear();
  settings.issuer = server.origin();
  const sesame::token_endpoint endpoint{settings};
  CHECK(completed(endpoint.client_credentials({})).error().error == "unavailable");
  server.say("/.well-known/oauth-authorization-server",
             {R"({"issuer":")" + server.origin() + R"(","token_endpoint":")" + server.origin() +
              R"(/elsewhere"})"});
  server.say("/elsewhere", {std::string{granted}});
  CHECK(completed(endpoint.client_credentials({})));
  CHECK(completed(endpoint.client_credentials({"x"})));
}

TEST_CASE("settings that make no sense are named") {
  const auto refused = [](sesame::token_endpoint_settings settings) -> std::string {
    try {
      const sesame::token_endpoint endpoint{std::move(settings)};
      return "none";
    } catch (const sesame::configuration_error& wrong) {
      const std::string text = wrong.what();
      return text.substr(0, text.find(':'));
    }
  };
  const sesame::client_authentication self{"id", sesame::secret{"secret"}};
  CHECK(refused({.issuer = "https://id.example"}) == "client_id");
  CHECK(refused({.authentication = self}) == "issuer");
  CHECK(refused({.issuer = "https://id.example",
                 .token_endpoint = "https://id.example/token",
                 .authentication = self}) == "issuer");
  CHECK(refused({.issuer = "id", .authentication = self}) == "issuer");
  CHECK(refused({.token_endpoint = "/token", .authentication = self}) == "token_endpoint");
  CHECK(refused({.issuer = "https://id.example", .authentication = self, .tokens = 0}) == "tokens");
}

}  // namespace token_endpoint_test
