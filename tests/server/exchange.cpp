// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/exchange.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace exchange_test {

using namespace server_test;

struct words {
  std::string_view text;
};
struct quick : sesame::service<> {
  int length(const words& given) const { return static_cast<int>(given.text.size()); }
  std::string client(sesame::context& call) const {
    return call.client_info() == nullptr ? "none" : call.client_info()->name;
  }
  using tools = sesame::tools<sesame::tool<&quick::length, "-">, sesame::tool<&quick::client, "-">>;
};

TEST_CASE("an exchange forgets the message before") {
  sesame::server server{{.name = "exchange", .version = "1"}, quick{}};
  direct client{server.engine()};
  const auto named = R"("io.modelcontextprotocol/clientInfo":{"name":"me","version":"1"})";
  CHECK(said(client(call(1, "client", "{}", meta("{}", named)))) == "me");
  CHECK(said(client(call(2, "client"))) == "none");
  client(initialize(), fields{});
  REQUIRE(client.x.opened() != nullptr);
  client(call(3, "client"));
  CHECK(client.x.opened() == nullptr);
  CHECK(!client.x.denied());
  CHECK(client.x.status() == 200);
  client("{");
  CHECK(client.x.status() == 400);
  client(call(4, "client"));
  CHECK(client.x.status() == 200);
}

TEST_CASE("it knows its bounds, and how heavy its messages have made it") {
  sesame::server server{{.name = "exchange", .version = "1", .message = {.size = 5'000}}, quick{}};
  direct client{server.engine()};
  CHECK(client.x.limits().size == 5'000);
  CHECK(client.x.weight() == 0);
  client(call(1, "client"));
  const auto light = client.x.weight();
  CHECK(light < 10'000);
  const auto large = call(1, "client", R"({"text":")" + std::string(4'000, 'x') + "\"}");
  client(large);
  CHECK(client.x.weight() > large.size());
  client(call(1, "client"));
  CHECK(client.x.weight() > large.size());
}

TEST_CASE("it knows the session that its message belongs to, over HTTP") {
  sesame::server server{{.name = "exchange", .version = "1"}, quick{}};
  direct client{server.engine()};
  client(call(1, "client"), fields::of("tools/call", "client"));
  CHECK(client.x.session() == nullptr);
  client(initialize(), fields{});
  const std::string session = client.x.opened()->id();
  client(session_call(1, "client"), fields{{"Mcp-Session-Id", session}});
  REQUIRE(client.x.session() != nullptr);
  CHECK(client.x.session()->id() == session);
}

}  // namespace exchange_test
