// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/introspection_provider.hpp"

#include "sesame/auth/any_provider.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include "auth/support.hpp"
#include "auth/web.hpp"
#include "server/support.hpp"
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace introspection_provider_test {

using namespace std::chrono_literals;
using namespace auth_test;
using sesame::auth_error;
using clock = std::chrono::system_clock;
using decided = sesame::result<sesame::principal, sesame::auth_failure>;

constexpr auto audience = "https://server.example/mcp";
constexpr auto token = "2YotnFZFEjr1zCsicMWpAA";
const clock::time_point now{1'700'000'000s};

// What an issuer says about a good token, with members added or changed by the end of the text.
std::string good(std::string_view more = "") {
  return R"({"active":true,"sub":"ann","aud":"https://server.example/mcp","exp":1700003600)" +
         std::string{more} + "}";
}
decided read(std::string_view json, sesame::introspection_settings settings) {
  return sesame::auth::read_introspection(json, settings, now);
}
sesame::introspection_settings settings_of(std::string issuer) {
  return {.issuer = std::move(issuer),
          .authentication = {"records", sesame::secret{"s3cret:"}},
          .audiences = {audience},
          .client = inside()};
}
decided read(std::string_view json) {
  return read(json, settings_of("https://id.example"));
}
std::optional<auth_error> refusal(const decided& one) {
  return one ? std::nullopt : std::optional{one.error().code};
}

struct fixture {
  web issuer;
  sesame::introspection_settings settings() const {
    auto all = settings_of(issuer.origin());
    all.introspection_endpoint = issuer.origin() + "/introspect";
    return all;
  }
  static asio::awaitable<void> count(asio::awaitable<decided> question, std::atomic<int>& in) {
    const auto said = co_await std::move(question);
    in += said ? 1 : 0;
  }
  // As the engine does.
  static decided ask(const sesame::introspection_provider& provider,
                     const std::string& what = token, clock::time_point at = now) {
    auto first = provider.verify(what, at);
    if (first || first.error().code != auth_error::unavailable) return first;
    return completed(provider.look_up(what, at));
  }
};

TEST_CASE_FIXTURE(fixture, "the issuer is asked by a form, as a client that it knows") {
  issuer.say("/introspect",
             {good(R"(,"scope":"read write","client_id":"app","token_type":"bearer",)"
                   R"("username":"annie","email":"ann@id.example")")});
  const sesame::introspection_provider provider{settings()};
  CHECK(provider.issuers() == std::vector{issuer.origin()});
  const auto caller = ask(provider);
  REQUIRE(caller);
  CHECK(caller->issuer == issuer.origin());
  CHECK(caller->subject == "ann");
  CHECK(caller->client_id == "app");
  CHECK(caller->scopes == sesame::scope_set{"read", "write"});
  CHECK(caller->user.username == "annie");
  CHECK(caller->user.email == "ann@id.example");
  CHECK_FALSE(caller->is_machine);
  CHECK(caller->expires == std::chrono::sys_seconds{1700003600s});
  CHECK(caller->verified_until == now + 60s);
  CHECK(caller->claim<std::string>("username") == "annie");
  const auto asked = issuer.asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].target == "/introspect");
  CHECK(asked[0].body == "token=2YotnFZFEjr1zCsicMWpAA&token_type_hint=access_token");
  CHECK(asked[0].field("Content-Type") == "application/x-www-form-urlencoded");
  // records:s3cret%3A
  CHECK(asked[0].field("Authorization") == "Basic cmVjb3JkczpzM2NyZXQlM0E=");
}

TEST_CASE_FIXTURE(fixture, "the endpoint is found by the issuer's metadata, once") {
  issuer.say("/.well-known/oauth-authorization-server",
             {R"({"issuer":")" + issuer.origin() + R"(","introspection_endpoint":")" +
              issuer.origin() + R"(/tokens/introspect"})"});
  issuer.say("/tokens/introspect", {good()});
  auto found = settings();
  found.introspection_endpoint.clear();
  const sesame::introspection_provider provider{std::move(found)};
  CHECK(ask(provider));
  CHECK(ask(provider, "another"));
  CHECK(issuer.times() == 3);
}

TEST_CASE_FIXTURE(fixture,
                  "metadata without an endpoint, or no metadata, are no fault of the caller's") {
  auto found = settings();
  found.introspection_endpoint.clear();
  const sesame::introspection_provider provider{std::move(found)};
  auto said = ask(provider);
  CHECK(refusal(said) == auth_error::unavailable);
  CHECK(said.error().detail.find("404") != std::string::npos);
  issuer.say("/.well-known/oauth-authorization-server",
             {R"({"issuer":")" + issuer.origin() + R"("})"});
  said = ask(provider);
  CHECK(refusal(said) == auth_error::unavailable);
  CHECK(said.error().detail.find("introspection_endpoint") != std::string::npos);
}

TEST_CASE("a token has to be active, in time, of this issuer and for this server") {
  CHECK(read(good()));
  CHECK(read(good(R"(,"iss":"https://id.example")")));
  CHECK(read(R"({"active":true,"sub":"ann","aud":["x","https://server.example/mcp"]})"));
  struct row {
    std::string json;
    auth_error error;
  };
  for (const auto& [json, error] : {
           row{R"({"active":false})", auth_error::invalid_token},
           {R"({"active":false,"sub":"ann","aud":"https://server.example/mcp"})",
            auth_error::invalid_token},
           {good(R"(,"iss":"https://id.example/")"), auth_error::verification_failed},
           {good(R"(,"iss":null)"), auth_error::verification_failed},
           {R"({"active":true,"sub":"ann"})", auth_error::verification_failed},
           {R"({"active":true,"sub":"ann","aud":"https://server.example/mcp/"})",
            auth_error::verification_failed},
           {R"({"active":true,"sub":"ann","aud":[]})", auth_error::verification_failed},
           {R"({"active":true,"sub":"ann","aud":"https://server.example/mcp","exp":1699999970})",
            auth_error::invalid_token},
           {R"({"active":true,"sub":"ann","aud":"https://server.example/mcp","exp":"never"})",
            auth_error::invalid_token},
           {good(R"(,"nbf":1700000031)"), auth_error::invalid_token},
           {good(R"(,"iat":1700000031)"), auth_error::invalid_token},
           {good(R"(,"token_type":"DPoP")"), auth_error::verification_failed},
           {good(R"(,"token_type":1)"), auth_error::verification_failed},
           {R"({"active":true,"aud":"https://server.example/mcp"})", auth_error::invalid_token},
           {R"({"active":true,"sub":"","aud":"https://server.example/mcp"})",
            auth_error::invalid_token},
           {R"({"active":true,"sub":"a\nb","aud":"https://server.example/mcp"})",
            auth_error::invalid_token},
           {R"({"active":true,"sub":7,"aud":"https://server.example/mcp"})",
            auth_error::invalid_token},
       }) {
    CAPTURE(json);
    CHECK(refusal(read(json)) == error);
  }
}

TEST_CASE("a token that does not say when it ends is believed in as long as an answer is kept") {
  auto settings = settings_of("https://id.example");
  settings.inquiries.longest = 20s;
  const auto caller =
      read(R"({"active":true,"sub":"ann","aud":"https://server.example/mcp"})", settings);
  REQUIRE(caller);
  CHECK(caller->expires == now + 20s);
}

TEST_CASE("scopes and members that all need are looked at last, and apart") {
  auto settings = settings_of("https://id.example");
  settings.required_scopes = {"mcp"};
  settings.required_claims = {{"token_use", {"access_token"}}};
  CHECK(read(good(R"(,"scope":"a mcp","token_use":"access_token")"), settings));
  CHECK(refusal(read(good(R"(,"scope":"a","token_use":"access_token")"), settings)) ==
        auth_error::insufficient_scope);
  CHECK(refusal(read(good(R"(,"scope":"mcp","token_use":"refresh_token")"), settings)) ==
        auth_error::verification_failed);
}

TEST_CASE("the audience may be another member, or by a setting that says so anybody") {
  auto settings = settings_of("https://id.example");
  settings.audience_claim = "client_id";
  settings.audiences = {"app"};
  CHECK(read(R"({"active":true,"sub":"ann","client_id":"app"})", settings));
  CHECK(refusal(read(R"({"active":true,"sub":"ann","client_id":"other"})", settings)) ==
        auth_error::verification_failed);
  settings.audiences = {};
  settings.accept_any_audience = true;
  CHECK(read(R"({"active":true,"sub":"ann","client_id":"other"})", settings));
}

TEST_CASE_FIXTURE(fixture, "an issuer that fails or makes no sense is no fault of the caller's") {
  const sesame::introspection_provider provider{settings()};
  const auto said = [&](reply what) {
    issuer.say("/introspect", std::move(what));
    const auto answer = ask(provider);
    CHECK(refusal(answer) == auth_error::unavailable);
    if (answer) return std::string{};
    CHECK(answer.error().detail.find(token) == std::string::npos);
    CHECK(answer.error().detail.find("s3cret") == std::string::npos);
    return answer.error().detail;
  };
  const auto holds = [](const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(holds(said({"", 500}), "500"));
  CHECK(holds(said({"", 503}), "503"));
  CHECK(holds(said({"", 429}), "429"));
  // The issuer does not know this program: whoever runs it has to see to that.
  CHECK(holds(said({R"({"error":"invalid_client"})", 401}), "client_id"));
  CHECK(holds(said({good(), 403}), "client_id"));
  // Nothing is followed: the token and the secret go where the settings say, and nowhere else.
  CHECK(holds(said({"", 307, {{"Location", issuer.origin() + "/elsewhere"}}}), "307"));
  CHECK(issuer.asked().back().target == "/introspect");
  for (const auto* json :
       {"", "<html>", "[]", "true", R"({"active":"true"})", R"({"active":1})", R"({"active":null})",
        R"({"sub":"ann"})", R"({"active":false,"active":true,"sub":"ann"})",
        R"({"active":true,"sub":"ann","sub":"bob","aud":"https://server.example/mcp"})",
        R"({"active":true,"x":{"y":1,"y":2}})", R"({"active":true)"}) {
    CAPTURE(json);
    said({json});
  }
  said({R"({"active":true,"deep":)" + std::string(64, '[') + std::string(64, ']') + "}"});
  said({good(R"(,"huge":")" + std::string(100'000, 'x') + '"')});
  said({good(R"(,"huge":")" + std::string(1'000'000, 'x') + '"')});
  // None of this is remembered.
  issuer.say("/introspect", {good()});
  CHECK(ask(provider));
}

TEST_CASE_FIXTURE(fixture, "an issuer that is slow or away is no fault of the caller's") {
  auto hasty = settings();
  hasty.client = inside(100ms);
  issuer.hold(true);
  CHECK(refusal(ask(sesame::introspection_provider{hasty})) == auth_error::unavailable);
  issuer.hold(false);
  hasty.introspection_endpoint = "http://127.0.0.1:1/introspect";
  CHECK(refusal(ask(sesame::introspection_provider{hasty})) == auth_error::unavailable);
}

TEST_CASE_FIXTURE(fixture, "many who bring one token at once are one question to the issuer") {
  issuer.say("/introspect", {good()});
  issuer.hold(true);
  const sesame::introspection_provider provider{settings()};
  std::atomic<int> in = 0;
  net_test::happening waiting;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      asio::io_context own{1};
      for (int n = 0; n < 8; ++n)
        asio::co_spawn(own, count(provider.look_up(token, now), in), asio::detached);
      own.poll();
      waiting.raise();
      own.run();
    });
  CHECK(waiting.await(8));
  issuer.hold(false);
  for (auto& each : threads) each.join();
  CHECK(in == 64);
  CHECK(issuer.times() == 1);
}

TEST_CASE_FIXTURE(fixture, "a refused token is not asked about again for a while") {
  issuer.say("/introspect", {R"({"active":false})"});
  const sesame::introspection_provider provider{settings()};
  for (int i = 0; i < 3; ++i) CHECK(refusal(ask(provider)) == auth_error::invalid_token);
  CHECK(issuer.times() == 1);
  CHECK(refusal(ask(provider, token, now + 10s)) == auth_error::invalid_token);
  CHECK(issuer.times() == 2);
  // What could be no token is no question.
  for (const std::string none : {"", "a b", "a&active=true", "a\r\nb", "caf\xC3\xA9"})
    CHECK(refusal(ask(provider, none)) == auth_error::invalid_token);
  CHECK(refusal(ask(provider, std::string(20'000, 'x'))) == auth_error::invalid_token);
  CHECK(issuer.times() == 2);
}

TEST_CASE("settings that make no sense are named") {
  const auto setting = [](auto change) -> std::string {
    auto settings = settings_of("https://id.example");
    change(settings);
    try {
      const sesame::introspection_provider provider{std::move(settings)};
    } catch (const sesame::configuration_error& wrong) {
      return wrong.setting();
    }
    return "";
  };
  CHECK(setting([](auto&) {}).empty());
  CHECK(setting([](auto& s) { s.issuer.clear(); }) == "issuer");
  CHECK(setting([](auto& s) { s.issuer = "staff"; }) == "issuer");
  CHECK(setting([](auto& s) {
          s.issuer = "staff", s.introspection_endpoint = "https://id.example/i";
        }).empty());
  CHECK(setting([](auto& s) { s.introspection_endpoint = "/i"; }) == "introspection_endpoint");
  CHECK(setting([](auto& s) { s.authentication.client_id.clear(); }) == "client_id");
  CHECK(setting([](auto& s) { s.authentication.client_secret = {}; }) == "client_secret");
  CHECK(setting([](auto& s) { s.audiences.clear(); }) == "audiences");
  CHECK(setting([](auto& s) { s.audiences = {""}; }) == "audiences");
  CHECK(setting([](auto& s) { s.accept_any_audience = true; }) == "audiences");
  CHECK(setting([](auto& s) { s.audience_claim.clear(); }) == "audience_claim");
  CHECK(setting([](auto& s) { s.leeway = 6min; }) == "leeway");
  CHECK(setting([](auto& s) { s.inquiries.longest = 0s; }) == "longest");
  CHECK(setting([](auto& s) { s.inquiries.refused = -1s; }) == "refused");
  CHECK(setting([](auto& s) { s.inquiries.at_once = 0; }) == "at_once");
}

struct rooms : sesame::service<sesame::authenticated<sesame::introspection_provider>> {
  std::string who(const sesame::principal& caller) const { return caller.subject; }
  using tools = sesame::tools<sesame::tool<&rooms::who, "-">>;
};

TEST_CASE_FIXTURE(fixture, "a server asks once about a caller who comes again and again") {
  using namespace server_test;
  issuer.say("/introspect", {R"({"active":true,"sub":"ann","aud":"https://server.example/mcp"})"});
  reports log;
  sesame::server server{{.name = "rooms", .version = "1", .on_error = log.sink()},
                        rooms{},
                        sesame::introspection_provider{settings()}};
  direct client{server.engine()};
  const auto ask_server = [&](std::string_view what) {
    return client(call(1, "who", "{}", meta("{}", authorization(what))));
  };
  for (int i = 0; i < 3; ++i) CHECK(text_at(ask_server(token), "/result/content/0/text") == "ann");
  CHECK(issuer.times() == 1);
  issuer.say("/introspect", {"", 401});
  CHECK(text_at(ask_server("c29tZWJvZHk"), "/error/data/code") == "UNAVAILABLE");
  REQUIRE(log.all().size() == 1);
  CHECK(log.all()[0].find("client_secret") != std::string::npos);
  CHECK(log.all()[0].find("c29tZWJvZHk") == std::string::npos);
}

}  // namespace introspection_provider_test
