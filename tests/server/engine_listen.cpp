// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engine_listen_test {

using namespace server_test;

struct letter {
  std::string id;
};

struct quiet : sesame::service<> {
  std::string change(sesame::context& call) const {
    call.tools_changed();
    call.prompts_changed();
    call.resources_changed();
    call.resource_updated("a:1");
    return "changed";
  }
  std::string read(const letter& which) const { return which.id; }
  std::string write() const { return "Dear"; }
  using tools = sesame::tools<sesame::tool<&quiet::change, "-">>;
  using resources =
      sesame::resources<sesame::resource_template<&quiet::read, "a:{id}", "A letter">>;
  using prompts = sesame::prompts<sesame::prompt<&quiet::write, "Begins a letter">>;
};

constexpr std::string_view subscription_id =
    "/params/_meta/io.modelcontextprotocol~1subscriptionId";

std::string listening(int id, std::string_view wanted) {
  return stateless(id, "subscriptions/listen", R"("notifications":)" + std::string{wanted});
}

struct fixture {
  explicit fixture(sesame::server_options options = {.name = "listen", .version = "1"})
      : server{std::move(options), quiet{}} {}

  // Begins a subscription, and has what it does until it waits.
  static void open(direct& to, std::string_view message, const fields* with = nullptr) {
    to.begin(message, with);
    REQUIRE(to.became == sesame::disposition::pending);
    asio::co_spawn(to.io, to.x.finish(), asio::detached);
    run(to);
  }
  static void run(direct& on) {
    on.io.restart();
    on.io.poll();
  }

  sesame::server<quiet> server;
  direct client{server.engine()};
};

TEST_CASE("a subscription is acknowledged first, with what is honoured of it") {
  fixture f;
  f.open(f.client, listening(7, R"({"toolsListChanged":true,"promptsListChanged":false,"other":{},)"
                                R"("resourceSubscriptions":["a:1","a:1","b:1","a:\"2","a 3"]})"));
  REQUIRE(f.client.sent.size() == 1);
  const auto& first = f.client.sent[0];
  CHECK(text_at(first, "/method") == "notifications/subscriptions/acknowledged");
  CHECK(at(first, subscription_id) == "7");
  CHECK(at(first, "/params/notifications") ==
        R"({"toolsListChanged":true,"resourceSubscriptions":["a:1","a:1"]})");
  CHECK(f.client.out.empty());
}

TEST_CASE("a subscription may ask for nothing") {
  fixture f;
  f.open(f.client, listening(1, "{}"));
  CHECK(at(f.client.sent.at(0), "/params/notifications") == "{}");
  f.server.tools_changed();
  f.run(f.client);
  CHECK(f.client.sent.size() == 1);
}

TEST_CASE("only what was asked for is told, and all of it carries the subscription's id") {
  fixture f;
  f.open(f.client,
         request(
             0, "subscriptions/listen",
             R"({"_meta":)" + meta() +
                 R"(,"notifications":{"promptsListChanged":true,"resourceSubscriptions":["a:1"]}})")
             .replace(22, 1, R"("abc")"));
  f.server.tools_changed();
  f.server.resources_changed();
  f.server.resource_updated("a:2");
  f.server.prompts_changed();
  f.server.resource_updated("a:1");
  f.run(f.client);
  REQUIRE(f.client.sent.size() == 3);
  for (const auto& one : f.client.sent) CHECK(at(one, subscription_id) == "\"abc\"");
  CHECK(text_at(f.client.sent[1], "/method") == "notifications/prompts/list_changed");
  CHECK(text_at(f.client.sent[2], "/method") == "notifications/resources/updated");
  CHECK(text_at(f.client.sent[2], "/params/uri") == "a:1");
}

TEST_CASE("a tool tells everybody who listens, each under an id of their own") {
  fixture f;
  direct one{f.server.engine()};
  direct two{f.server.engine()};
  f.open(one, listening(1, R"({"toolsListChanged":true})"));
  f.open(two, listening(2, R"({"toolsListChanged":true,"resourcesListChanged":true})"));
  CHECK(said(f.client(call(3, "change"))) == "changed");
  CHECK(f.client.sent.empty());
  f.run(one);
  f.run(two);
  REQUIRE(one.sent.size() == 2);
  CHECK(at(one.sent[1], subscription_id) == "1");
  REQUIRE(two.sent.size() == 3);
  CHECK(at(two.sent[1], subscription_id) == "2");
  CHECK(text_at(two.sent[2], "/method") == "notifications/resources/list_changed");
}

TEST_CASE("a subscription that makes no sense is refused") {
  fixture f;
  const auto code = [&](std::string_view message) { return at(f.client(message), "/error/code"); };
  CHECK(code(stateless(1, "subscriptions/listen")) == "-32602");
  for (const auto wrong : {"null", "[]", "\"all\"", R"({"toolsListChanged":1})",
                           R"({"promptsListChanged":null})", R"({"resourceSubscriptions":"a"})",
                           R"({"resourceSubscriptions":[1]})", R"({"resourceSubscriptions":{}})"}) {
    CAPTURE(wrong);
    CHECK(code(listening(1, wrong)) == "-32602");
  }
  // The sessions have no such thing.
  f.client(initialize());
  CHECK(code(request(1, "subscriptions/listen", R"({"notifications":{}})")) == "-32601");
}

TEST_CASE("what is open is bounded, and given back") {
  fixture f{{.name = "listen", .version = "1", .max_subscriptions = 2, .max_watched_resources = 2}};
  CHECK(refused(f.client, listening(1, R"({"resourceSubscriptions":["a:1","a:2","a:3"]})")) ==
        refusal{429, "429"});
  direct one{f.server.engine()};
  direct two{f.server.engine()};
  const auto message = listening(1, R"({"toolsListChanged":true})");
  f.open(one, message);
  const auto with = fields::of("subscriptions/listen");
  f.open(two, message, &with);
  CHECK(refused(f.client, message) == refusal{429, "429"});
  two.x.cancel();
  f.run(two);
  CHECK(two.out.empty());
  f.open(f.client, message);
  CHECK(f.client.sent.size() == 1);
}

TEST_CASE("a peer opens no more than it may have in flight") {
  fixture f{{.name = "listen", .version = "1", .max_requests_in_flight = 2}};
  std::vector<std::unique_ptr<direct>> all;
  sesame::message_peer peer;
  std::string out;
  std::vector<std::unique_ptr<sesame::exchange>> work;
  for (int i = 0; i < 3; ++i) {
    work.push_back(std::make_unique<sesame::exchange>(f.server.engine().options().message));
    out.clear();
    const auto text = listening(i, "{}");
    const auto became = f.server.engine().begin(
        *work.back(), {.text = text, .out = &out, .sink = &f.client, .peer = &peer});
    CHECK((became == sesame::disposition::pending) == (i < 2));
  }
  CHECK(at(out, "/error/code") == "429");
}

TEST_CASE("a subscription that is cancelled says nothing any more") {
  fixture f;
  f.open(f.client, listening(1, R"({"toolsListChanged":true})"));
  CHECK(f.client.peer.in_flight.size() == 1);
  sesame::exchange other{f.server.engine().options().message};
  std::string out;
  const auto text = cancelled(1);
  f.server.engine().begin(other,
                          {.text = text, .out = &out, .sink = &f.client, .peer = &f.client.peer});
  f.server.tools_changed();
  f.run(f.client);
  CHECK(f.client.sent.size() == 1);
  CHECK(f.client.out.empty());
  CHECK(f.client.peer.in_flight.empty());
}

TEST_CASE("a server that stops says its last words, by the way of the transport") {
  fixture f;
  f.open(f.client, listening(1, R"({"toolsListChanged":true})"));
  f.client.x.stop();
  f.run(f.client);
  REQUIRE(f.client.sent.size() == 2);
  CHECK(f.client.sent[1] ==
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  CHECK(at(f.client.out, "/id") == "1");
  CHECK(text_at(f.client.out, "/result/resultType") == "complete");
  CHECK(at(f.client.out, "/result/_meta/io.modelcontextprotocol~1subscriptionId") == "1");

  direct over_http{f.server.engine()};
  const auto with = fields::of("subscriptions/listen");
  f.open(over_http, listening(2, "{}"), &with);
  over_http.x.stop();
  f.run(over_http);
  CHECK(over_http.sent.size() == 1);
  CHECK(at(over_http.out, "/result/_meta/io.modelcontextprotocol~1subscriptionId") == "2");
}

TEST_CASE("a client that takes nothing is not left with a gap: its subscription ends") {
  fixture f;
  f.open(f.client, listening(1, R"({"toolsListChanged":true,"promptsListChanged":true})"));
  f.client.takes = false;
  f.server.tools_changed();
  f.server.prompts_changed();
  f.run(f.client);
  f.client.takes = true;
  CHECK(at(f.client.out, "/result/_meta/io.modelcontextprotocol~1subscriptionId") == "1");
  f.server.prompts_changed();
  f.run(f.client);
  CHECK(f.client.sent.size() == 1);
}

// Tasks.

struct slow : sesame::service<> {
  sesame::task<std::string> wait(sesame::context& call) const {
    call.progress(1, 2, "half way");
    asio::steady_timer timer{co_await asio::this_coro::executor, 1h};
    co_await timer.async_wait(asio::use_awaitable);
    co_return "waited";
  }
  using tools = sesame::tools<sesame::tool<&slow::wait, "-", sesame::optional_task>>;
};

struct telling : sesame::service<> {
  std::string tell(sesame::context& call) const {
    call.progress(1);
    call.log(sesame::log_level::error, "told");
    return "told";
  }
  using tools = sesame::tools<sesame::tool<&telling::tell, "-">>;
};

constexpr std::string_view with_tasks = R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})";

std::string listening_for(int id, std::string_view tasks, std::string_view capabilities) {
  return stateless(id, "subscriptions/listen",
                   R"("notifications":{"taskIds":)" + std::string{tasks} + "}", meta(capabilities));
}

TEST_CASE("who listens for a task is told all of it, and nothing of those of others") {
  const sesame::test_issuer issuer;
  sesame::server server{{.name = "slow", .version = "1"}, slow{}, issuer.provider()};
  direct client{server.engine()};
  const auto as_bob = authorization(issuer.mint({.subject = "bob"}));
  const auto foreign =
      at(client(call(1, "wait", "{}", meta(with_tasks, as_bob))), "/result/taskId");
  const auto id = at(client(call(2, "wait", "{}", meta(with_tasks))), "/result/taskId");

  direct listener{server.engine()};
  fixture::open(listener, listening_for(7, "[" + foreign + "," + id + ",\"none\"]", with_tasks));
  REQUIRE(listener.sent.size() == 1);
  CHECK(at(listener.sent[0], "/params/notifications") == R"({"taskIds":[)" + id + "]}");

  fixture::run(client);
  fixture::run(listener);
  REQUIRE(listener.sent.size() == 2);
  CHECK(text_at(listener.sent[1], "/method") == "notifications/tasks");
  CHECK(at(listener.sent[1], subscription_id) == "7");
  CHECK(at(listener.sent[1], "/params/taskId") == id);
  CHECK(text_at(listener.sent[1], "/params/statusMessage") == "half way");
  CHECK(!at(listener.sent[1], "/params/createdAt").empty());
  CHECK(!at(listener.sent[1], "/params/ttlMs").empty());

  direct other{server.engine()};
  other(stateless(3, "tasks/cancel", R"("taskId":)" + id, meta(with_tasks)));
  fixture::run(listener);
  REQUIRE(listener.sent.size() == 3);
  CHECK(text_at(listener.sent[2], "/params/status") == "cancelled");
}

TEST_CASE("who does not know of tasks cannot listen for them") {
  sesame::server server{{.name = "slow", .version = "1"}, slow{}};
  direct client{server.engine()};
  CHECK(at(client(listening_for(1, R"(["x"])", "{}")), "/error/code") == "-32021");
  CHECK(at(client(listening_for(1, "5", with_tasks)), "/error/code") == "-32602");
  CHECK(at(client(listening_for(1, "[5]", with_tasks)), "/error/code") == "-32602");
}

TEST_CASE("no progress and no log comes to whoever listens") {
  sesame::server server{{.name = "slow", .version = "1"}, telling{}};
  direct listener{server.engine()};
  const auto loud = R"("progressToken":1,"io.modelcontextprotocol/logLevel":"debug")";
  fixture::open(listener,
                stateless(1, "subscriptions/listen", R"("notifications":{"toolsListChanged":true})",
                          meta("{}", loud)));
  direct client{server.engine()};
  client(call(2, "tell", "{}", meta("{}", loud)));
  CHECK(client.sent.size() == 2);
  fixture::run(listener);
  CHECK(listener.sent.size() == 1);
}

}  // namespace engine_listen_test
