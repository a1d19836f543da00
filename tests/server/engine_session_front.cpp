// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <string_view>

namespace engine_session_front_test {

using namespace server_test;

struct open_tools : sesame::service<> {
  std::string who(const sesame::principal* caller) const {
    return caller == nullptr ? "nobody" : caller->subject;
  }
  sesame::task<std::string> wait() const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 1h};
    co_await timer.async_wait(asio::use_awaitable);
    co_return "waited";
  }
  using tools =
      sesame::tools<sesame::tool<&open_tools::who, "-">, sesame::tool<&open_tools::wait, "-">>;
};

struct fixture {
  sesame::test_issuer issuer;
  sesame::server<open_tools, sesame::jwt_provider> server{{.name = "sessions",
                                                           .version = "2",
                                                           .instructions = "Be kind",
                                                           .on_error = [](std::string_view) {}},
                                                          open_tools{},
                                                          issuer.provider()};
  direct client{server.engine()};

  // Opens a session over HTTP.
  std::string open(std::string_view revision = "2025-11-25",
                   std::shared_ptr<const sesame::principal> caller = {}) {
    client(initialize(revision), fields{}, std::move(caller));
    REQUIRE(client.x.opened() != nullptr);
    return client.x.opened()->id();
  }
  static fields in(const std::string& session) { return fields{{"Mcp-Session-Id", session}}; }
  static std::shared_ptr<const sesame::principal> user(std::string name) {
    return std::make_shared<const sesame::principal>(
        sesame::principal{.issuer = "https://i", .subject = std::move(name)});
  }
};

TEST_CASE("the handshake agrees on the version that is asked for, or on the latest of its era") {
  fixture f;
  const auto agreed = [&](std::string_view wanted) {
    return text_at(f.client(initialize(wanted)), "/result/protocolVersion");
  };
  for (const auto known : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    CHECK(agreed(known) == known);
  for (const auto other : {"2026-07-28", "2023-01-01", "2099-01-01", "", "1.0"})
    CHECK(agreed(other) == "2025-11-25");
}

TEST_CASE("the handshake's answer has what its era has, and nothing of the next") {
  fixture f;
  const auto answer = f.client(initialize("2025-11-25", "{}", 9), fields{});
  CHECK(f.client.x.status() == 200);
  CHECK(at(answer, "/id") == "9");
  CHECK(at(answer, "/result/capabilities/tools") == R"({"listChanged":true})");
  CHECK(at(answer, "/result/serverInfo") == R"({"name":"sessions","version":"2"})");
  CHECK(at(answer, "/result/instructions") == "\"Be kind\"");
  CHECK(at(answer, "/result/resultType").empty());
  CHECK(at(answer, "/result/_meta").empty());
  const auto id = f.client.x.opened()->id();
  CHECK(id.size() >= 32);
  for (const char c : id) CHECK((c > 0x20 && c < 0x7f));
  CHECK(f.open() != id);
}

TEST_CASE("a broken handshake is told what is wrong, and opens nothing") {
  fixture f;
  for (const auto params :
       {"{}", R"({"protocolVersion":5,"capabilities":{}})", R"({"protocolVersion":"2025-11-25"})",
        R"({"protocolVersion":"2025-11-25","capabilities":[]})"}) {
    CAPTURE(params);
    CHECK(refused(f.client, request(1, "initialize", params), fields{}) == refusal{200, "-32602"});
    CHECK(f.client.x.opened() == nullptr);
  }
  CHECK(f.server.engine().sessions().size() == 0);
  CHECK(at(f.client(R"({"jsonrpc":"2.0","id":1,"method":"initialize"})", fields{}),
           "/error/code") == "-32602");
}

TEST_CASE("results of a session carry nothing of the stateless era") {
  fixture f;
  const auto id = f.open();
  CHECK(at(f.client(request(1, "ping"), f.in(id)), "/result") == "{}");
  const auto list = f.client(request(2, "tools/list"), f.in(id));
  CHECK(at(list, "/result/tools/0/name") == "\"who\"");
  for (const auto member : {"resultType", "ttlMs", "cacheScope", "_meta"})
    CHECK(at(list, "/result/"s + member).empty());
  CHECK(refused(f.client, request(3, "server/discover"), f.in(id)) == refusal{200, "-32601"});
  CHECK(refused(f.client, request(3, "unknown"), f.in(id)) == refusal{200, "-32601"});
  CHECK(refused(f.client, session_call(3, "unknown"), f.in(id)) == refusal{200, "-32602"});
}

TEST_CASE("a message needs its session") {
  fixture f;
  const auto id = f.open();
  CHECK(refused(f.client, request(1, "tools/list"), fields{}).status == 400);
  CHECK(refused(f.client, request(1, "ping"), fields{}).status == 400);
  CHECK(refused(f.client, request(1, "tools/list"), f.in("x")).status == 404);
  CHECK(refused(f.client, request(1, "tools/list"), f.in("")).status == 404);
  CHECK(refused(f.client, request(1, "tools/list"), f.in(id + "x")).status == 404);
  CHECK(refused(f.client, notification("notifications/initialized"), fields{}).status == 400);
  CHECK(refused(f.client, R"({"jsonrpc":"2.0","id":1,"result":{}})", fields{}).status == 400);
  CHECK(at(f.client(request(1, "tools/list"), f.in(id)), "/error").empty());
}

TEST_CASE("notifications and responses of a session are taken and not answered") {
  fixture f;
  const auto id = f.open();
  for (const auto& message :
       {notification("notifications/initialized"), notification("notifications/unknown"),
        cancelled(77), notification("notifications/cancelled"),
        R"({"jsonrpc":"2.0","id":"sesame-1","result":{}})"s,
        R"({"jsonrpc":"2.0","id":5,"error":{"code":1,"message":"x"}})"s}) {
    CAPTURE(message);
    f.client(message, f.in(id));
    CHECK(f.client.became == sesame::disposition::accepted);
    CHECK(f.client.out.empty());
  }
}

TEST_CASE("the version header is that of the session, or the one that is assumed") {
  fixture f;
  const auto id = f.open("2025-06-18");
  const auto with = [&](std::string version) {
    return refused(f.client, request(1, "ping"),
                   f.in(id).with("MCP-Protocol-Version", std::move(version)));
  };
  CHECK(with("2025-06-18") == refusal{200, ""});
  CHECK(with("2025-11-25").status == 400);
  CHECK(with("2025-03-26") == refusal{200, ""});
  CHECK(with("2024-11-05").status == 400);
  CHECK(with("2026-07-28").status == 400);
  CHECK(with("2024-01-01").status == 400);
  CHECK(with("nonsense").status == 400);
  CHECK(with("").status == 400);
  CHECK(refused(f.client, request(1, "ping"), f.in(id)) == refusal{200, ""});
}

TEST_CASE("a session belongs to whoever opened it, and a stranger learns nothing") {
  fixture f;
  const auto id = f.open("2025-11-25", f.user("ann"));
  const auto tool = session_call(1, "who");
  CHECK(said(f.client(tool, f.in(id), f.user("ann"))) == "ann");
  for (const auto& stranger : {f.user("bob"), std::shared_ptr<const sesame::principal>{}}) {
    const auto known = refused(f.client, tool, f.in(id), stranger);
    const auto text = f.client.out;
    CHECK(known == refused(f.client, tool, f.in("unknown"), stranger));
    CHECK(f.client.out == text);
  }
  // The same subject of another issuer is somebody else.
  const auto namesake = std::make_shared<const sesame::principal>(
      sesame::principal{.issuer = "https://other", .subject = "ann"});
  CHECK(refused(f.client, tool, f.in(id), namesake).status == 404);
}

TEST_CASE("a session opened without a token is the first caller's who brings one") {
  fixture f;
  const auto id = f.open();
  const auto tool = session_call(1, "who");
  CHECK(said(f.client(tool, f.in(id))) == "nobody");
  CHECK(said(f.client(tool, f.in(id), f.user("ann"))) == "ann");
  CHECK(refused(f.client, tool, f.in(id), f.user("bob")).status == 404);
  CHECK(refused(f.client, tool, f.in(id)).status == 404);
  CHECK(said(f.client(tool, f.in(id), f.user("ann"))) == "ann");
}

TEST_CASE("two sessions of one server mix nothing") {
  fixture f;
  const auto one = f.open("2024-11-05");
  const auto two = f.open("2025-11-25");
  f.client(request(1, "logging/setLevel", R"({"level":"alert"})"), f.in(one));
  CHECK(f.server.engine().sessions().find(one, "")->log_threshold == sesame::log_level::alert);
  CHECK(f.server.engine().sessions().find(two, "")->log_threshold == sesame::log_level::info);
  CHECK(&f.server.engine().sessions().find(one, "")->wire() !=
        &f.server.engine().sessions().find(two, "")->wire());
}

TEST_CASE("a request is cancelled from its own session alone, and an id in use may come again") {
  fixture f;
  const auto mine = f.open();
  const auto other = f.open();
  direct first{f.server.engine()};
  direct second{f.server.engine()};
  const auto with = f.in(mine);
  first.begin(session_call(5, "wait"), &with);
  REQUIRE(first.became == sesame::disposition::pending);
  f.client(cancelled(5), f.in(other));
  CHECK(!first.x.cancelled());

  second.begin(session_call(5, "wait"), &with);
  REQUIRE(second.became == sesame::disposition::pending);
  f.client(cancelled(5), f.in(mine));
  // The id names the later one now.
  CHECK(second.x.cancelled());
  CHECK(!first.x.cancelled());
  asio::co_spawn(second.io, second.x.finish(), asio::detached);
  second.io.run_for(10s);
  CHECK(second.out.empty());
  first.x.cancel();
  asio::co_spawn(first.io, first.x.finish(), asio::detached);
  first.io.run_for(10s);
  CHECK(!f.server.engine().sessions().find(mine, "")->busy());
}

TEST_CASE("the end of a session ends what is served in it") {
  fixture f;
  const auto id = f.open();
  const auto with = f.in(id);
  f.client.begin(session_call(5, "wait"), &with);
  REQUIRE(f.client.became == sesame::disposition::pending);
  CHECK(f.server.engine().sessions().remove(id, ""));
  CHECK(f.client.x.cancelled());
  asio::co_spawn(f.client.io, f.client.x.finish(), asio::detached);
  f.client.io.run_for(10s);
  CHECK(f.client.out.empty());
  CHECK(refused(f.client, request(1, "ping"), f.in(id)).status == 404);
}

TEST_CASE("away from HTTP there is one session, opened by initialize") {
  fixture f;
  CHECK(at(f.client(request(1, "ping")), "/result") == "{}");
  const auto early = f.client(request(1, "tools/list"));
  CHECK(at(early, "/error/code") == "-32602");
  CHECK(text_at(early, "/error/message").find("io.modelcontextprotocol/protocolVersion") !=
        std::string::npos);
  f.client(notification("notifications/initialized"));
  CHECK(f.client.became == sesame::disposition::accepted);
  f.client(R"({"jsonrpc":"2.0","id":1,"result":{}})");
  CHECK(f.client.became == sesame::disposition::accepted);

  f.client(initialize("2025-03-26"));
  CHECK(f.server.engine().sessions().size() == 0);
  CHECK(at(f.client(request(1, "tools/list")), "/result/tools/0/name") == "\"who\"");
  // Both eras at once, and discovery at any time.
  CHECK(at(f.client(stateless(2, "tools/list")), "/result/resultType") == "\"complete\"");
  CHECK(!at(f.client(stateless(2, "server/discover")), "/result/supportedVersions").empty());
  CHECK(at(f.client(request(3, "tools/list")), "/result/resultType").empty());
  // Another handshake begins anew.
  f.client(initialize("2024-11-05"));
  CHECK(f.client.peer.session->wire().name == "2024-11-05");
}

TEST_CASE("away from HTTP a token comes with each message, and counts for that one") {
  fixture f;
  f.client(initialize());
  const auto token = f.issuer.mint({.subject = "ann"});
  const auto with = R"("_meta":{)" + authorization(token) + "}";
  CHECK(said(f.client(session_call(1, "who", "{}", with))) == "ann");
  CHECK(said(f.client(session_call(1, "who"))) == "nobody");
  const auto bad = R"("_meta":{)" + authorization("bad") + "}";
  CHECK(at(f.client(session_call(1, "who", "{}", bad)), "/error/code") == "401");
  // Nothing is answered to a notification, not even that.
  f.client(
      notification("notifications/initialized", R"({"_meta":{)" + authorization("bad") + "}}"));
  CHECK(f.client.became == sesame::disposition::accepted);
  CHECK(f.client.out.empty());
}

}  // namespace engine_session_front_test
