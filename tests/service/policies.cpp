// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/policies.hpp"

#include "server/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policies_test {

using namespace server_test;

// Knows the tokens that begin with its prefix; the rest are the scopes.
template <char Prefix>
struct prefix_provider {
  sesame::result<sesame::principal, sesame::auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point) const {
    if (token == "later")
      return sesame::failure{sesame::auth_failure{sesame::auth_error::unavailable, "no keys"}};
    if (token.empty() || token.front() != Prefix)
      return sesame::failure{
          sesame::auth_failure{sesame::auth_error::invalid_token, "not one of mine"}};
    sesame::principal caller;
    caller.issuer = std::string{"https://"} + Prefix + ".example";
    caller.subject = "user";
    caller.scopes = sesame::scope_set::parse(token.substr(1));
    caller.expires = std::chrono::sys_seconds::max();
    return caller;
  }
  std::vector<std::string> issuers() const {
    return {std::string{"https://"} + Prefix + ".example"};
  }
};
using staff = prefix_provider<'s'>;
using guests = prefix_provider<'g'>;
using machines = prefix_provider<'m'>;

std::string answer() {
  return "done";
}
std::string name_caller(const sesame::principal* caller) {
  return caller == nullptr ? "nobody" : caller->issuer;
}

// clang-format off
struct closed : sesame::service<sesame::authenticated<staff>, sesame::scopes<"a">> {
  std::string run() const { return "ran"; }
  using tools = sesame::tools<
      sesame::tool<&closed::run, "Inherits all", sesame::named<"inherits">>,
      sesame::tool<&closed::run, "Other scopes", sesame::named<"own_scopes">, sesame::scopes<"b", "c">>,
      sesame::tool<&closed::run, "Other callers", sesame::named<"own_callers">, sesame::authenticated<guests>>,
      sesame::tool<&closed::run, "Open", sesame::named<"opened">, sesame::anonymous>>;
};
struct either : sesame::service<sesame::authenticated<staff>, sesame::authenticated<guests>> {
  std::string run(const sesame::principal& who) const { return who.issuer; }
  std::string maybe(const sesame::principal* who) const { return name_caller(who); }
  using tools = sesame::tools<
      sesame::tool<&either::run, "For two kinds", sesame::named<"both">>,
      sesame::tool<&either::maybe, "Says who called, if anybody", sesame::anonymous>>;
};
struct plain : sesame::service<> {
  using tools = sesame::tools<
      sesame::tool<&answer, "Takes the server's", sesame::named<"of_server">>,
      sesame::tool<&answer, "Open", sesame::named<"open">, sesame::anonymous>>;
};
struct hinted : sesame::service<sesame::read_only, sesame::closed_world> {
  using tools = sesame::tools<
      sesame::tool<&answer, "Inherits hints", sesame::named<"inherits_hints">, sesame::title<"A title">>,
      sesame::tool<&answer, "Own hints", sesame::named<"own_hints">, sesame::additive, sesame::idempotent>>;
};
struct capable : sesame::service<> {
  using tools = sesame::tools<
      sesame::tool<&answer, "Needs two", sesame::named<"needs_two">,
                   sesame::requires_client<sesame::client_capabilities::sampling>,
                   sesame::requires_client<sesame::client_capabilities::roots>>>;
};
// clang-format on

struct fixture {
  reports log;
  sesame::server<sesame::policies<sesame::authenticated<machines>>, closed, either, plain, staff,
                 guests, machines>
      server{
          {.name = "policies", .version = "1", .on_error = log.sink()}, {}, {}, {}, {}, {}, {}, {}};
  direct client{server.engine()};

  // What the tool says, or the code of the error.
  std::string of(std::string_view tool, std::string_view token = {}) {
    const auto with = token.empty() ? meta() : meta("{}", authorization(token));
    const auto answer = client(call(1, tool, "{}", with));
    const auto code = at(answer, "/error/code");
    return code.empty() ? said(answer) : code;
  }
  std::vector<std::string> scopes() const {
    return {client.x.denied()->scopes.begin(), client.x.denied()->scopes.end()};
  }
};

TEST_CASE("a tool's own policy counts before its service's, by kind") {
  fixture f;
  CHECK(f.of("inherits", "sa") == "ran");
  CHECK(f.of("inherits", "sb") == "403");
  CHECK(f.scopes() == std::vector<std::string>{"a"});
  CHECK(f.of("inherits", "ga") == "401");
  CHECK(f.of("inherits") == "401");

  CHECK(f.of("own_scopes", "sa") == "403");
  CHECK(f.scopes() == std::vector<std::string>{"b", "c"});
  CHECK(f.of("own_scopes", "sb") == "403");
  CHECK(f.of("own_scopes", "sb c") == "ran");
  CHECK(f.of("own_scopes", "sb c d") == "ran");

  // The service's scopes still hold for the tool's own callers.
  CHECK(f.of("own_callers", "ga") == "ran");
  CHECK(f.of("own_callers", "g") == "403");
  CHECK(f.of("own_callers", "sa") == "401");
}

TEST_CASE("anonymous opens one tool of a closed service, its scopes included") {
  fixture f;
  CHECK(f.of("opened") == "ran");
  CHECK(f.of("opened", "s") == "ran");
}

TEST_CASE("the server's policies hold where a service says nothing") {
  fixture f;
  CHECK(f.of("of_server") == "401");
  CHECK(f.of("of_server", "m") == "done");
  CHECK(f.of("of_server", "s") == "401");
  CHECK(f.of("open") == "done");
}

TEST_CASE("two providers in one list are alternatives") {
  fixture f;
  CHECK(f.of("both", "s") == "https://s.example");
  CHECK(f.of("both", "g") == "https://g.example");
  CHECK(f.of("both", "m") == "401");
  CHECK(f.of("both") == "401");
}

TEST_CASE("an anonymous tool may look who called") {
  fixture f;
  CHECK(f.of("maybe") == "nobody");
  CHECK(f.of("maybe", "g") == "https://g.example");
  CHECK(f.of("maybe", "m") == "https://m.example");
}

TEST_CASE("a token that nobody knows is refused, for anonymous tools and lists too") {
  fixture f;
  CHECK(f.of("opened", "x") == "401");
  CHECK(f.of("maybe", "x") == "401");
  CHECK(f.of("open", "x") == "401");
  CHECK(at(f.client(stateless(1, "tools/list", "", meta("{}", authorization("x")))),
           "/error/code") == "401");
  CHECK(f.log.mention("not one of mine"));
}

TEST_CASE("a refusal says what is public, and keeps the reason for the log") {
  fixture f;
  const auto answer = f.client(call(1, "both", "{}", meta("{}", authorization("x"))));
  CHECK(at(answer, "/error/data/code") == "\"INVALID_TOKEN\"");
  CHECK(answer.find("not one of mine") == std::string::npos);
  CHECK(at(f.client(call(1, "both")), "/error/data/code") == "\"MISSING_TOKEN\"");
  CHECK(at(f.client(call(1, "both", "{}", meta("{}", authorization("m")))), "/error/data/code") ==
        "\"VERIFICATION_FAILED\"");
  CHECK(at(f.client(call(1, "inherits", "{}", meta("{}", authorization("sb")))),
           "/error/data/code") == "\"INSUFFICIENT_SCOPE\"");
}

TEST_CASE("a provider that cannot tell now says so, though another one refused") {
  fixture f;
  CHECK(f.of("both", "later") == "503");
  CHECK(f.client.x.status() == 503);
}

TEST_CASE("a token is of a known type, and a string") {
  fixture f;
  for (const auto wrong :
       {R"("authorization":"s")", R"("authorization":null)", R"("authorization":{})",
        R"("authorization":{"type":"basic","token":"s"})", R"("authorization":{"type":"bearer"})",
        R"("authorization":{"type":"bearer","token":5})",
        R"("authorization":{"type":["bearer"],"token":"s"})"}) {
    CAPTURE(wrong);
    const auto answer = f.client(call(1, "open", "{}", meta("{}", wrong)));
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find("_meta.authorization") != std::string::npos);
  }
  CHECK(f.of("open", "s") == "done");
}

TEST_CASE("hints are inherited, and replaced by a tool's own") {
  sesame::server<hinted, capable> server{{.name = "hints", .version = "1"}, {}, {}};
  direct client{server.engine()};
  const auto list = client(stateless(1, "tools/list"));
  CHECK(at(list, "/result/tools/0/annotations") ==
        R"({"readOnlyHint":true,"openWorldHint":false})");
  CHECK(at(list, "/result/tools/0/title") == "\"A title\"");
  CHECK(at(list, "/result/tools/1/annotations") ==
        R"({"destructiveHint":false,"idempotentHint":true})");
  CHECK(at(list, "/result/tools/2/annotations").empty());
}

TEST_CASE("the title and the hints are shown to each revision in its own way") {
  sesame::server<hinted, capable> server{{.name = "hints", .version = "1"}, {}, {}};
  const auto first = [&](std::string_view revision) {
    direct client{server.engine()};
    client(initialize(revision));
    const std::string list = client(request(1, "tools/list"));
    return at(list, "/result/tools/0/title") + at(list, "/result/tools/0/annotations");
  };
  CHECK(first("2024-11-05").empty());
  CHECK(first("2025-03-26") == R"({"title":"A title","readOnlyHint":true,"openWorldHint":false})");
  CHECK(first("2025-06-18") == R"("A title"{"readOnlyHint":true,"openWorldHint":false})");
  CHECK(first("2025-11-25") == R"("A title"{"readOnlyHint":true,"openWorldHint":false})");
}

TEST_CASE("all capabilities that a tool needs are needed together") {
  sesame::server<capable> server{{.name = "needs", .version = "1"}, {}};
  direct client{server.engine()};
  for (const auto few : {"{}", R"({"sampling":{}})", R"({"roots":{}})"}) {
    const auto answer = client(call(1, "needs_two", "{}", meta(few)));
    CHECK(at(answer, "/error/code") == "-32021");
    CHECK(at(answer, "/error/data/requiredCapabilities") == R"({"sampling":{},"roots":{}})");
  }
  CHECK(said(client(call(1, "needs_two", "{}", meta(R"({"roots":{},"sampling":{}})")))) == "done");

  client(initialize("2025-11-25", R"({"sampling":{}})"));
  const auto refused = client(session_call(1, "needs_two"));
  CHECK(at(refused, "/result/isError") == "true");
  client(initialize("2025-11-25", R"({"sampling":{},"roots":{"listChanged":true}})"));
  CHECK(said(client(session_call(1, "needs_two"))) == "done");
}

}  // namespace policies_test
