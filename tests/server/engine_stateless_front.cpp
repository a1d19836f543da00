// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace engine_stateless_front_test {

using namespace server_test;

struct place {
  std::string region;
  using annotations =
      sesame::annotations<sesame::field<&place::region, "Where", sesame::mcp_header<"Region">>>;
};
struct form {
  std::string name;
};

struct guarded : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string find(const place& asked) const { return asked.region; }
  std::string sample() const { return "sampled"; }
  std::string ask(const place&, const sesame::elicited<form>&) const { return "asked"; }
  using tools =
      sesame::tools<sesame::tool<&guarded::find, "-", sesame::scopes<"read">>,
                    sesame::tool<&guarded::sample, "-", sesame::anonymous,
                                 sesame::requires_client<sesame::client_capabilities::sampling>>,
                    sesame::tool<&guarded::ask, "-", sesame::anonymous, sesame::elicitation<form>>>;
};

struct fixture {
  sesame::test_issuer issuer;
  sesame::server<guarded, sesame::jwt_provider> server{{.name = "stateless",
                                                        .version = "1",
                                                        .title = "A title",
                                                        .instructions = "Do \"this\"",
                                                        .list_ttl = 5s,
                                                        .on_error = [](std::string_view) {}},
                                                       guarded{},
                                                       issuer.provider()};
  direct client{server.engine()};
};

std::string without_capabilities() {
  return R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";
}
std::string of_version(std::string_view version) {
  return R"({"io.modelcontextprotocol/protocolVersion":)" + json_string(version) +
         R"(,"io.modelcontextprotocol/clientCapabilities":{}})";
}

TEST_CASE("each step of the ladder refuses before the next one looks") {
  fixture f;
  const auto reader = std::make_shared<const sesame::principal>(
      sesame::principal{.issuer = "i", .subject = "s", .scopes = {"read"}});
  const auto other = std::make_shared<const sesame::principal>(
      sesame::principal{.issuer = "i", .subject = "s", .scopes = {"write"}});
  const auto list = fields::of("tools/list");
  const auto on_find = fields::of("tools/call", "find");
  const auto eu = R"({"region":"eu"})";
  const auto no_meta = R"("io.modelcontextprotocol/logLevel":"loud")";

  // No JSON, no message, a batch.
  CHECK(refused(f.client, "{", list) == refusal{400, "-32700"});
  CHECK(refused(f.client, "[]", list) == refusal{400, "-32600"});
  CHECK(refused(f.client, "[" + stateless(1, "tools/list") + "]", list) == refusal{400, "-32600"});
  CHECK(refused(f.client, R"({"jsonrpc":"1.0","id":1,"method":"tools/list"})", list) ==
        refusal{400, "-32600"});
  // No envelope where a header promises one; then its members, before the header is compared.
  CHECK(refused(f.client, request(1, "tools/list"), list) == refusal{400, "-32602"});
  CHECK(refused(f.client, request(1, "tools/list", R"({"_meta":{}})"), list) ==
        refusal{400, "-32602"});
  CHECK(refused(f.client, request(1, "tools/list", without_capabilities()), list) ==
        refusal{400, "-32602"});
  CHECK(refused(f.client, request(1, "tools/list", without_capabilities()),
                fields{{"MCP-Protocol-Version", "2025-11-25"}}) == refusal{400, "-32602"});
  // The version header: missing, other, twice. Before the version itself.
  CHECK(refused(f.client, stateless(1, "tools/list"), fields{{"Mcp-Method", "tools/list"}}) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "tools/list"),
                list.replaced("MCP-Protocol-Version", "2025-11-25")) == refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "tools/list", "", of_version("v999.0.0")), list) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "tools/list"),
                list.with("mcp-protocol-version", "2026-07-28")) == refusal{400, "-32020"});
  // The version, before the other headers.
  const auto wrong_version = refused(f.client, stateless(7, "tools/list", "", of_version("v999")),
                                     fields{{"MCP-Protocol-Version", "v999"}});
  CHECK(wrong_version == refusal{400, "-32022"});
  CHECK(at(f.client.out, "/error/data") == R"({"supported":["2026-07-28"],"requested":"v999"})");
  CHECK(at(f.client.out, "/id") == "7");
  CHECK(refused(f.client, stateless(1, "tools/list", "", of_version("2025-11-25")),
                fields{{"MCP-Protocol-Version", "2025-11-25"}}) == refusal{400, "-32022"});
  CHECK(refused(f.client, stateless(1, "initialize", "", of_version("2025-11-25")),
                fields{{"MCP-Protocol-Version", "2025-11-25"}}) == refusal{400, "-32022"});
  // The other headers, before the method is looked for.
  CHECK(refused(f.client, stateless(1, "tools/list"), list.without("Mcp-Method")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "tools/list"), fields::of("TOOLS/LIST")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "unknown"), fields::of("tools/list")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "tools/list"), list.with("Mcp-Method", "tools/list")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, call(1, "find", eu), fields::of("tools/call")) == refusal{400, "-32020"});
  CHECK(refused(f.client, call(1, "find", eu), fields::of("tools/call", "FIND")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, call(1, "find", eu), on_find.with("Mcp-Name", "find")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "prompts/get", R"("name":"a")"),
                fields::of("prompts/get", "b")) == refusal{400, "-32020"});
  CHECK(refused(f.client, stateless(1, "resources/read", R"("uri":"file:///a")"),
                fields::of("resources/read")) == refusal{400, "-32020"});
  // The method, before what is in its envelope and its params.
  CHECK(refused(f.client, stateless(1, "unknown", "", meta("{}", no_meta)),
                fields::of("unknown")) == refusal{404, "-32601"});
  for (const auto removed : {"initialize", "ping", "logging/setLevel", "resources/subscribe",
                             "resources/unsubscribe", "tasks/list", "tasks/result"})
    CHECK(refused(f.client, stateless(1, removed), fields::of(removed)) == refusal{404, "-32601"});
  CHECK(refused(f.client, stateless(1, "prompts/get", R"("name":"a")"),
                fields::of("prompts/get", "a")) == refusal{404, "-32601"});
  // Params, then the tool.
  CHECK(refused(f.client, stateless(1, "tools/list", "", meta("{}", no_meta)), list) ==
        refusal{200, "-32602"});
  CHECK(refused(f.client, stateless(1, "tools/list", R"("cursor":"")"), list) ==
        refusal{200, "-32602"});
  CHECK(refused(f.client, stateless(1, "tools/call"), fields::of("tools/call", "x")) ==
        refusal{200, "-32602"});
  CHECK(refused(f.client, call(1, "missing"), fields::of("tools/call", "missing")) ==
        refusal{200, "-32602"});
  // Authorization, before what is mirrored.
  CHECK(refused(f.client, call(1, "find", eu), on_find) == refusal{401, "401"});
  REQUIRE(f.client.x.denied());
  CHECK(f.client.x.denied()->error == sesame::auth_error::missing_token);
  CHECK(refused(f.client, call(1, "find", eu), on_find, other) == refusal{403, "403"});
  CHECK(f.client.x.denied()->scopes == std::vector<std::string_view>{"read"});
  // What is mirrored, before the arguments.
  CHECK(refused(f.client, call(1, "find", eu), on_find, reader) == refusal{400, "-32020"});
  CHECK(refused(f.client, call(1, "find", R"({"region":5})"), on_find, reader) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, call(1, "ask", eu), fields::of("tools/call", "ask")) ==
        refusal{400, "-32020"});
  // The client's capabilities, before the state and the arguments.
  CHECK(refused(f.client, call(1, "sample"), fields::of("tools/call", "sample")) ==
        refusal{400, "-32021"});
  CHECK(at(f.client.out, "/error/data/requiredCapabilities") == R"({"sampling":{}})");
  const auto on_ask = fields::of("tools/call", "ask").with("Mcp-Param-Region", "eu");
  CHECK(refused(f.client, call(1, "ask", eu, meta(), R"("requestState":"forged")"), on_ask) ==
        refusal{400, "-32021"});
  CHECK(at(f.client.out, "/error/data/requiredCapabilities") == R"({"elicitation":{}})");
  // The state, before the arguments.
  const auto asking = meta(R"({"elicitation":{}})");
  CHECK(refused(f.client,
                call(1, "ask", R"({"region":"eu","more":1})", asking, R"("requestState":"x")"),
                on_ask) == refusal{200, "-32602"});
  // Arguments are told to the model.
  f.client(call(1, "ask", R"({"region":"eu","more":1})", asking), on_ask);
  CHECK(at(f.client.out, "/result/isError") == "true");
  CHECK(f.client.x.status() == 200);
  // And all is well.
  CHECK(said(f.client(call(1, "find", eu), on_find.with("Mcp-Param-Region", "eu"), reader)) ==
        "eu");
  CHECK(f.client.x.status() == 200);
}

TEST_CASE("the header of a name may be coded") {
  fixture f;
  CHECK(refused(f.client, call(1, "caf\u00e9"), fields::of("tools/call", "=?base64?Y2Fmw6k=?=")) ==
        refusal{200, "-32602"});
  CHECK(refused(f.client, call(1, "caf\u00e9"), fields::of("tools/call", "caf\u00e9")) ==
        refusal{400, "-32020"});
  CHECK(refused(f.client, call(1, "x"), fields::of("tools/call", "=?base64?!?=")) ==
        refusal{400, "-32020"});
}

TEST_CASE("a malformed envelope is refused by the member that is wrong, also away from HTTP") {
  fixture f;
  struct row {
    std::string meta, names;
  };
  const row rows[] = {
      {R"({"io.modelcontextprotocol/protocolVersion":5})", "protocolVersion"},
      {R"({"io.modelcontextprotocol/protocolVersion":null,)"
       R"("io.modelcontextprotocol/clientCapabilities":{}})",
       "protocolVersion"},
      {R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})", "clientCapabilities"},
      {R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
       R"("io.modelcontextprotocol/clientCapabilities":[]})",
       "clientCapabilities"},
      {R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
       R"("io.modelcontextprotocol/clientCapabilities":null})",
       "clientCapabilities"},
      {R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
       R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
       R"("io.modelcontextprotocol/clientCapabilities":{}})",
       "protocolVersion"},
      {R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
       R"("io.modelcontextprotocol/clientCapabilities":{},)"
       R"("io.modelcontextprotocol/clientCapabilities":{}})",
       "clientCapabilities"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.meta);
    for (const bool http : {false, true}) {
      const auto with = fields::of("tools/list");
      const auto& answer = f.client(request(3, "tools/list", R"({"_meta":)" + row.meta + "}"),
                                    http ? &with : nullptr);
      CHECK(at(answer, "/error/code") == "-32602");
      CHECK(text_at(answer, "/error/message").find(row.names) != std::string::npos);
      CHECK(at(answer, "/id") == "3");
      CHECK(f.client.x.status() == 400);
    }
  }
}

TEST_CASE("every result carries its type and the server's name, lists how long they may be kept") {
  fixture f;
  const auto found = f.client(stateless(1, "server/discover"));
  CHECK(at(found, "/result/resultType") == "\"complete\"");
  CHECK(at(found, "/result/supportedVersions") == R"(["2026-07-28"])");
  CHECK(at(found, "/result/capabilities/tools") == R"({"listChanged":true})");
  CHECK(at(found, "/result/capabilities/logging") == "{}");
  CHECK(text_at(found, "/result/instructions") == "Do \"this\"");
  CHECK(at(found, "/result/ttlMs") == "5000");
  CHECK(!at(found, "/result/cacheScope").empty());
  CHECK(at(found, "/result/serverInfo").empty());
  CHECK(at(found, "/result/_meta/io.modelcontextprotocol~1serverInfo") ==
        R"({"name":"stateless","version":"1","title":"A title"})");

  const auto list = f.client(stateless(2, "tools/list"));
  CHECK(at(list, "/result/resultType") == "\"complete\"");
  CHECK(at(list, "/result/ttlMs") == "5000");
  CHECK(at(list, "/result/cacheScope") == "\"private\"");
  CHECK(at(list, "/result/tools/0/name") == "\"find\"");
  CHECK(at(list, "/result/tools/3").empty());
  CHECK(!at(list, "/result/_meta").empty());

  const auto called = f.client(call(3, "sample", "{}", meta(R"({"sampling":{}})")));
  CHECK(at(called, "/result/resultType") == "\"complete\"");
  CHECK(at(called, "/result/ttlMs").empty());
  CHECK(!at(called, "/result/_meta").empty());
}

TEST_CASE("nothing is remembered from one request to the next") {
  fixture f;
  CHECK(said(f.client(call(1, "sample", "{}", meta(R"({"sampling":{}})")))) == "sampled");
  CHECK(at(f.client(call(2, "sample")), "/error/code") == "-32021");
  // Nor taken from a session beside it.
  f.client(initialize("2025-11-25", R"({"sampling":{}})"));
  CHECK(at(f.client(call(3, "sample")), "/error/code") == "-32021");
  CHECK(said(f.client(session_call(4, "sample"))) == "sampled");
}

TEST_CASE("notifications of this era are taken and never answered") {
  fixture f;
  const auto with = fields::of("notifications/anything");
  for (const auto method : {"notifications/cancelled", "notifications/initialized", "unknown"}) {
    f.client(notification(method, R"({"_meta":)" + meta() + "}"), with);
    CHECK(f.client.became == sesame::disposition::accepted);
    CHECK(f.client.out.empty());
    f.client(notification(method, R"({"_meta":)" + meta() + "}"));
    CHECK(f.client.became == sesame::disposition::accepted);
    CHECK(f.client.out.empty());
  }
}

TEST_CASE("a token in a message is not looked at where there are headers for it") {
  fixture f;
  const auto token = f.issuer.mint({.scopes = "read"});
  const auto on_find = fields::of("tools/call", "find").with("Mcp-Param-Region", "eu");
  const auto body = call(1, "find", R"({"region":"eu"})", meta("{}", authorization(token)));
  CHECK(refused(f.client, body, on_find) == refusal{401, "401"});
  CHECK(said(f.client(body)) == "eu");
}

}  // namespace engine_stateless_front_test
