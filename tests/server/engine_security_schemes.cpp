// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"
#include "sesame/service/auth_error.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace engine_security_schemes_test {

using namespace server_test;

struct rooms : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string open() const { return "open"; }
  std::string either(const sesame::principal* caller) const {
    if (caller == nullptr)
      throw sesame::create_auth_error("Sign in", {.error_description = "for your own data"});
    return caller->subject;
  }
  sesame::task<int> later(const sesame::principal* caller) const {
    if (caller == nullptr) throw sesame::create_auth_error("Sign in");
    co_return 1;
  }
  using tools = sesame::tools<
      sesame::tool<&rooms::open, "-", sesame::named<"closed">, sesame::scopes<"a", "b">>,
      sesame::tool<&rooms::open, "-", sesame::anonymous, sesame::with_meta<R"({"x/y":1})">>,
      sesame::tool<&rooms::either, "-", sesame::anonymous>,
      sesame::tool<&rooms::later, "-", sesame::anonymous>>;
};

struct fixture {
  explicit fixture(sesame::server_options options = {.name = "rooms", .version = "1"})
      : server{std::move(options), rooms{}, issuer.provider()} {}
  std::string list() { return client(stateless(1, "tools/list")); }

  sesame::test_issuer issuer;
  sesame::server<rooms, sesame::jwt_provider> server;
  direct client{server.engine()};
};

TEST_CASE_FIXTURE(fixture, "each tool says in the list how it may be called") {
  const auto told = list();
  CHECK(at(told, "/result/tools/0/securitySchemes") == R"([{"type":"oauth2","scopes":["a","b"]}])");
  CHECK(at(told, "/result/tools/1/securitySchemes") == R"([{"type":"noauth"}])");
  CHECK(at(told, "/result/tools/2/securitySchemes") ==
        R"([{"type":"noauth"},{"type":"oauth2","scopes":[]}])");
  CHECK(at(told, "/result/tools/0/_meta") ==
        R"({"securitySchemes":[{"type":"oauth2","scopes":["a","b"]}]})");
  CHECK(at(told, "/result/tools/1/_meta") == R"({"securitySchemes":[{"type":"noauth"}],"x/y":1})");
}

TEST_CASE("where it is not wanted, or nobody issues tokens, nothing is said of it") {
  fixture f({.name = "rooms", .version = "1", .security_schemes = false});
  CHECK(f.list().find("securitySchemes") == std::string::npos);
  struct plain {
    std::string open() const { return "open"; }
    using tools = sesame::tools<sesame::tool<&plain::open, "-">>;
  };
  sesame::server<plain> server{{.name = "plain", .version = "1"}, plain{}};
  direct client{server.engine()};
  CHECK(client(stateless(1, "tools/list")).find("securitySchemes") == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "a tool's own challenge reaches the client, in both eras") {
  constexpr std::string_view challenge =
      R"(["Bearer error=\"invalid_token\", error_description=\"for your own data\""])";
  const auto modern = client(call(1, "either"));
  CHECK(at(modern, "/result/isError") == "true");
  CHECK(said(modern) == "Sign in");
  CHECK(at(modern, "/result/_meta/mcp~1www_authenticate") == challenge);
  CHECK(!at(modern, "/result/_meta/io.modelcontextprotocol~1serverInfo").empty());
  CHECK(at(client(call(1, "later")), "/result/_meta/mcp~1www_authenticate") ==
        R"(["Bearer error=\"invalid_token\""])");

  client(initialize());
  client(notification("notifications/initialized"));
  const auto older = client(session_call(2, "either"));
  CHECK(at(older, "/result/isError") == "true");
  CHECK(at(older, "/result/_meta") == R"({"mcp/www_authenticate":)" + std::string{challenge} + "}");
  // A tool that did not fail says nothing of it.
  CHECK(client(session_call(3, "open")).find("_meta") == std::string::npos);
}

}  // namespace engine_security_schemes_test
