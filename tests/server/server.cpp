// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <functional>
#include <memory>
#include <string>

namespace server_server_test {

using namespace server_test;

struct counting : sesame::service<> {
  int calls = 0;
  int count() { return ++calls; }
  using tools = sesame::tools<sesame::tool<&counting::count, "Counts">>;
};
struct reading : sesame::service<> {
  std::string read() const { return "read"; }
  using tools = sesame::tools<sesame::tool<&reading::read, "Reads">>;
};
struct staff : sesame::jwt_provider {
  using jwt_provider::jwt_provider;
};
struct staff_only : sesame::service<sesame::authenticated<staff>> {
  std::string secret_place() const { return "behind the house"; }
  using tools = sesame::tools<sesame::tool<&staff_only::secret_place, "Tells">>;
};
struct users_only : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string public_place() const { return "before the house"; }
  using tools = sesame::tools<sesame::tool<&users_only::public_place, "Tells">>;
};
int doubled() {
  return 2;
}
using free_tools = sesame::tools<sesame::tool<&doubled, "Doubles">>;

TEST_CASE("parts come by value, by reference and by pointer, in any order") {
  counting outside;
  const sesame::test_issuer issuer;
  const sesame::server_options options{.name = "parts", .version = "1"};
  sesame::server server{options,
                        std::make_unique<sesame::jwt_provider>(issuer.provider()),
                        free_tools{},
                        std::ref(outside),
                        std::make_shared<reading>(),
                        users_only{}};
  direct client{server.engine()};
  CHECK(said(client(call(1, "count"))) == "1");
  CHECK(outside.calls == 1);
  CHECK(said(client(call(1, "read"))) == "read");
  CHECK(said(client(call(1, "doubled"))) == "2");
  const auto token = meta("{}", authorization(issuer.mint()));
  CHECK(said(client(call(1, "public_place", "{}", token))) == "before the house");
  CHECK(at(client(call(1, "public_place")), "/error/code") == "401");
}

TEST_CASE("tools are listed in the order of the parts, and of each part's list") {
  sesame::server server{{.name = "order", .version = "1"}, reading{}, free_tools{}, counting{}};
  direct client{server.engine()};
  const auto list = client(stateless(1, "tools/list"));
  CHECK(at(list, "/result/tools/0/name") == "\"read\"");
  CHECK(at(list, "/result/tools/1/name") == "\"doubled\"");
  CHECK(at(list, "/result/tools/2/name") == "\"count\"");
  CHECK(at(list, "/result/tools/2") == R"({"name":"count","description":"Counts","inputSchema":)"
                                       R"({"type":"object","additionalProperties":false}})");
  CHECK(client(stateless(1, "tools/list")) == list);
}

TEST_CASE("two providers of one kind are two types, and a token is one's or the other's") {
  const sesame::test_issuer office{sesame::jws_algorithm::es256, "https://office.example"};
  const sesame::test_issuer world{sesame::jws_algorithm::es256, "https://world.example"};
  sesame::server server{{.name = "two", .version = "1", .on_error = [](std::string_view) {}},
                        staff_only{},
                        users_only{},
                        staff{office.settings()},
                        world.provider()};
  direct client{server.engine()};
  const auto with = [](const sesame::test_issuer& issuer) {
    return meta("{}", authorization(issuer.mint()));
  };
  CHECK(said(client(call(1, "secret_place", "{}", with(office)))) == "behind the house");
  CHECK(said(client(call(1, "public_place", "{}", with(world)))) == "before the house");
  CHECK(at(client(call(1, "secret_place", "{}", with(world))), "/error/code") == "401");
  CHECK(at(client(call(1, "public_place", "{}", with(office))), "/error/code") == "401");
}

TEST_CASE("a server without a name, or with a part that is not there, does not start") {
  CHECK_THROWS_WITH_AS((sesame::server{sesame::server_options{.name = "", .version = "1"}}),
                       doctest::Contains("name"), sesame::configuration_error);
  CHECK_THROWS_WITH_AS((sesame::server{sesame::server_options{.name = "x", .version = "1"},
                                       std::unique_ptr<reading>{}}),
                       doctest::Contains("null"), sesame::configuration_error);
  CHECK_THROWS_WITH_AS((sesame::server{sesame::server_options{.name = "x", .version = "1"},
                                       std::shared_ptr<sesame::jwt_provider>{}}),
                       doctest::Contains("null"), sesame::configuration_error);
}

TEST_CASE("servers of one program share nothing") {
  sesame::server one{{.name = "one", .version = "1"}, counting{}};
  sesame::server two{{.name = "two", .version = "1"}, counting{}};
  direct first{one.engine()};
  direct second{two.engine()};
  CHECK(said(first(call(1, "count"))) == "1");
  CHECK(said(first(call(1, "count"))) == "2");
  CHECK(said(second(call(1, "count"))) == "1");
  first(initialize(), fields{});
  const std::string session = first.x.opened()->id();
  CHECK(refused(second, request(1, "ping"), fields{{"Mcp-Session-Id", session}}).status == 404);
}

}  // namespace server_server_test
