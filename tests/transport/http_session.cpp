// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http.hpp"

#include "transport/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace http_session_test {

using namespace transport_test;

std::string last_event(std::string_view id) {
  return "Last-Event-ID: " + std::string{id} + "\r\n";
}
std::string telling(int id) {
  return session_call(id, "tell_later", "{}", R"("_meta":{"progressToken":"p"})");
}

TEST_CASE("a session has a stream of its own, for what nobody asked for") {
  open_server server;
  const http_session in{server};
  event_stream own{in.port, in.get_text()};
  CHECK(own.head().status == 200);
  CHECK(own.head().field("Content-Type") == "text/event-stream");
  CHECK(own.head().field("Cache-Control") == "no-store");
  const auto first = own.next();
  REQUIRE(first);
  CHECK(first->id == "0-0");
  CHECK(first->data.empty());
  CHECK(first->retry == "1000");

  server.server.tools_changed();
  const auto told = own.next();
  REQUIRE(told);
  CHECK(told->id == "0-1");
  CHECK(told->type == "message");
  CHECK(told->data == R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
  // From within a tool, too; and its own answer does not come here.
  CHECK(said(in.post(session_call(1, "change")).body) == "changed");
  CHECK(own.next_id() == "0-2");
  server.server.prompts_changed();
  CHECK(text_at(own.message(), "/method") == "notifications/prompts/list_changed");
  server.server.resources_changed();
  CHECK(text_at(own.message(), "/method") == "notifications/resources/list_changed");
}

TEST_CASE("an empty first event, and a time to wait, are for clients that know them") {
  open_server server;
  for (const auto revision : {"2025-03-26", "2025-06-18"}) {
    const http_session in{server, revision};
    event_stream own{in.port, in.get_text()};
    CHECK(own.head().status == 200);
    server.server.tools_changed();
    const auto first = own.next();
    REQUIRE(first);
    CHECK(first->id == "0-1");
    CHECK(first->retry.empty());
    CHECK(!first->data.empty());
  }
}

TEST_CASE("a stream is opened by its session's caller, who can read one") {
  mixed_server server;
  const auto ann = bearer(server.issuer.mint({.subject = "ann", .client_id = "app"}));
  const auto other_app = bearer(server.issuer.mint({.subject = "ann", .client_id = "other"}));
  const auto bob = bearer(server.issuer.mint({.subject = "bob", .client_id = "app"}));
  const http_session in{server, "2025-11-25", ann};
  const auto status = [&](const std::string& fields) {
    return client{in.port}
        .ask("GET /mcp HTTP/1.1\r\nHost: localhost\r\n" + fields + "Connection: close\r\n\r\n")
        .status;
  };
  const auto accept = "Accept: text/event-stream\r\n"s;
  const auto id = "Mcp-Session-Id: " + in.id + "\r\n";
  CHECK(status(ann + id + "Accept: application/json\r\n") == 406);
  CHECK(status(ann + accept) == 400);
  CHECK(status(ann + accept + "Mcp-Session-Id: x\r\n") == 404);
  CHECK(status(bob + accept + id) == 404);
  CHECK(status(other_app + accept + id) == 404);
  CHECK(status(accept + id) == 404);
  CHECK(status(ann + accept + id + "MCP-Protocol-Version: 2025-06-18\r\n") == 400);
  CHECK(status(ann + accept + id + "MCP-Protocol-Version: 2026-07-28\r\n") == 400);
  // With a new token of the same user and program.
  const auto renewed =
      bearer(server.issuer.mint({.subject = "ann", .client_id = "app", .expires_in = 100s}));
  event_stream own{in.port, "GET /mcp HTTP/1.1\r\nHost: localhost\r\n" + accept + id + renewed +
                                "MCP-Protocol-Version: 2025-11-25\r\n\r\n"};
  CHECK(own.head().status == 200);
}

TEST_CASE("a client hears of the resources that it subscribed to, and of no others") {
  open_server server;
  const http_session in{server};
  const auto with = [](std::string_view uri) { return R"({"uri":)" + json_string(uri) + "}"; };
  CHECK(in.post(request(1, "resources/subscribe", with("a:1"))).body ==
        R"({"jsonrpc":"2.0","id":1,"result":{}})");
  CHECK(in.post(request(2, "resources/subscribe", with("a:2"))).status == 200);
  CHECK(in.post(request(3, "resources/subscribe", with("a:2"))).status == 200);
  CHECK(at(in.post(request(4, "resources/subscribe")).body, "/error/code") == "-32602");
  for (const auto none : {"b:1", "no uri", ""})
    CHECK(at(in.post(request(4, "resources/subscribe", with(none))).body, "/error/code") ==
          "-32002");
  CHECK(at(in.post(request(4, "resources/unsubscribe")).body, "/error/code") == "-32602");

  // While nobody reads, equal changes become one.
  for (int i = 0; i < 10; ++i) {
    server.server.resource_updated("a:2");
    server.server.resource_updated("a:3");
    server.server.resource_updated("a:1");
  }
  event_stream own{in.port, in.get_text()};
  CHECK(own.message() ==
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:2"}})");
  CHECK(text_at(own.message(), "/params/uri") == "a:1");
  CHECK(in.post(request(5, "resources/unsubscribe", with("a:1"))).status == 200);
  server.server.resource_updated("a:1");
  server.server.resource_updated("a:2");
  CHECK(text_at(own.message(), "/params/uri") == "a:2");
}

TEST_CASE("a session watches no more resources than it may") {
  open_server server{{}, {}, {.name = "http", .version = "1", .max_watched_resources = 1}};
  const http_session in{server};
  CHECK(in.post(request(1, "resources/subscribe", R"({"uri":"a:1"})")).status == 200);
  const auto second = in.post(request(2, "resources/subscribe", R"({"uri":"a:2"})"));
  CHECK(second.status == 429);
  CHECK(at(second.body, "/error/code") == "429");
}

TEST_CASE("a client that lost the session's stream goes on where it was") {
  open_server server;
  const http_session in{server};
  {
    event_stream own{in.port, in.get_text()};
    CHECK(own.next_id() == "0-0");
    server.server.tools_changed();
    CHECK(own.next_id() == "0-1");
    server.server.prompts_changed();
    CHECK(own.next_id() == "0-2");
  }
  server.server.resources_changed();
  event_stream own{in.port, in.get_text(last_event("0-1"))};
  CHECK(own.next_id() == "0-1");
  const auto again = own.next();
  REQUIRE(again);
  CHECK(again->id == "0-2");
  CHECK(text_at(again->data, "/method") == "notifications/prompts/list_changed");
  CHECK(text_at(own.message(), "/method") == "notifications/resources/list_changed");
  server.server.tools_changed();
  CHECK(own.next_id() == "0-4");
}

TEST_CASE("who comes last reads the session's stream") {
  open_server server;
  const http_session in{server};
  event_stream first{in.port, in.get_text()};
  CHECK(first.next());
  event_stream second{in.port, in.get_text()};
  CHECK(second.next());
  CHECK(first.ended());
  server.server.tools_changed();
  CHECK(text_at(second.message(), "/method") == "notifications/tools/list_changed");
}

TEST_CASE("the answer to a request whose connection was lost is fetched later, also twice") {
  open_server server;
  const http_session in{server};
  std::string seen;
  {
    event_stream lost{in.port, in.post_text(telling(1))};
    const auto first = lost.next();
    REQUIRE(first);
    CHECK(first->data.empty());
    CHECK(first->retry == "1000");
    const auto told = lost.next();
    REQUIRE(told);
    CHECK(at(told->data, "/params/progress") == "1");
    seen = told->id;
  }
  event_stream again{in.port, in.get_text(last_event(seen))};
  CHECK(again.next_id() == seen);
  server.seen->go_on = true;
  CHECK(at(again.message(), "/params/progress") == "2");
  const auto answer = again.next();
  REQUIRE(answer);
  CHECK(said(answer->data) == "told");
  CHECK(at(answer->data, "/id") == "1");
  CHECK(again.ended());

  event_stream twice{in.port, in.get_text(last_event(seen))};
  CHECK(at(twice.message(), "/params/progress") == "2");
  CHECK(said(twice.message()) == "told");
  CHECK(twice.ended());
  // And nothing but the end for one who has it all.
  event_stream all{in.port, in.get_text(last_event(answer->id))};
  CHECK(all.head().status == 200);
  CHECK(all.message().empty());
}

TEST_CASE("a connection that is resumed while the server has not missed it is replaced") {
  open_server server;
  const http_session in{server};
  event_stream first{in.port, in.post_text(telling(1))};
  CHECK(first.next());
  const auto told = first.next();
  REQUIRE(told);
  event_stream second{in.port, in.get_text(last_event(told->id))};
  CHECK(second.next());
  CHECK(first.ended());
  server.seen->go_on = true;
  CHECK(at(second.message(), "/params/progress") == "2");
  CHECK(said(second.message()) == "told");
}

TEST_CASE("a client that leaves before the head lets its request go on, and can ask for no more") {
  open_server server;
  const http_session in{server};
  {
    client leaving{in.port};
    leaving.send(in.post_text(session_call(1, "wait")));
    CHECK(server.seen->begun.await());
  }
  // Well after the server has seen it.
  for (int i = 0; i < 20; ++i)
    CHECK(said(server.ask(http_call("later", R"({"text":"tea"})")).body) == "tea");
  CHECK(server.seen->ended.count() == 0);
  CHECK(client{in.port}.ask(in.get_text(last_event("1-0"))).status == 400);
  server.seen->go_on = true;
  CHECK(server.seen->ended.await());
  CHECK(client{in.port}.ask(in.get_text(last_event("1-0"))).status == 400);
}

TEST_CASE("a tool lets its client go, who comes for the answer") {
  open_server server;
  const http_session in{server};
  event_stream first{in.port, in.post_text(session_call(1, "leave"))};
  const auto only = first.next();
  REQUIRE(only);
  CHECK(only->data.empty());
  CHECK(only->retry == "1000");
  CHECK(first.ended());
  // The connection is free meanwhile.
  CHECK(said(first.from.ask(http_call("echo", R"({"text":"tea"})")).body) == "tea");
  CHECK(server.seen->ended.count() == 0);
  event_stream second{in.port, in.get_text(last_event(only->id))};
  CHECK(second.next());
  server.seen->go_on = true;
  CHECK(said(second.message()) == "left");
  CHECK(second.ended());
}

TEST_CASE("a client that was let go may come when all is done") {
  open_server server;
  const http_session in{server};
  event_stream first{in.port, in.post_text(session_call(1, "leave"))};
  const auto only = first.next();
  REQUIRE(only);
  CHECK(first.ended());
  server.seen->go_on = true;
  // Whether it is done is not seen from here: the answer is there, or comes.
  event_stream second{in.port, in.get_text(last_event(only->id))};
  CHECK(said(second.message()) == "left");
}

TEST_CASE("a client is not let go where it could not come back") {
  open_server server;
  server.seen->go_on = true;
  const http_session in{server, "2025-06-18"};
  CHECK(said(in.post(session_call(1, "leave")).body) == "left");
  CHECK(said(server.ask(http_call("leave")).body) == "left");
}

TEST_CASE("a request that takes long says after a while that its client may come back") {
  open_server server;
  const http_session in{server};
  event_stream silent{in.port, in.post_text(session_call(1, "wait"))};
  const auto first = silent.next();
  REQUIRE(first);
  CHECK(first->id == "1-0");
  CHECK(first->data.empty());
  silent.from.close();
  event_stream again{in.port, in.get_text(last_event("1-0"))};
  CHECK(again.next());
  server.seen->go_on = true;
  CHECK(said(again.message()) == "waited");
}

TEST_CASE("a question goes to the client that came back for it") {
  open_server server;
  const http_session in{server, "2025-11-25", "", R"({"elicitation":{}})"};
  std::string id;
  std::string before;
  {
    event_stream lost{in.port, in.post_text(session_call(7, "ask"))};
    before = lost.next_id();
    CHECK(at(lost.message(), "/method") == "\"elicitation/create\"");
  }
  event_stream again{in.port, in.get_text(last_event(before))};
  const auto question = again.message();
  CHECK(at(question, "/method") == "\"elicitation/create\"");
  CHECK(in.post(R"({"jsonrpc":"2.0","id":)" + at(question, "/id") +
                R"(,"result":{"action":"accept","content":{"name":"Ann"}}})")
            .status == 202);
  CHECK(said(again.message()) == "Hello, Ann");
}

TEST_CASE("a question does not come on the session's own stream") {
  open_server server;
  const http_session in{server, "2025-11-25", "", R"({"elicitation":{}})"};
  event_stream own{in.port, in.get_text()};
  CHECK(own.next_id() == "0-0");
  event_stream asked{in.port, in.post_text(session_call(7, "ask"))};
  const auto question = asked.message();
  CHECK(at(question, "/method") == "\"elicitation/create\"");
  CHECK(in.post(R"({"jsonrpc":"2.0","id":)" + at(question, "/id") +
                R"(,"result":{"action":"accept","content":{"name":"Ann"}}})")
            .status == 202);
  CHECK(said(asked.message()) == "Hello, Ann");
  // The first that comes there is what was said after all that.
  server.server.tools_changed();
  const auto first = own.next();
  REQUIRE(first);
  CHECK(first->id == "0-1");
  CHECK(text_at(first->data, "/method") == "notifications/tools/list_changed");
}

TEST_CASE("an id that is none of the session, or too old, is refused") {
  open_server server{{}, {}, {.name = "http", .version = "1", .replay_events = 2}};
  const http_session in{server};
  const http_session other{server};
  const auto status = [](const http_session& session, std::string_view id) {
    return client{session.port}.ask(session.get_text(last_event(id))).status;
  };
  std::string first;
  {
    event_stream own{in.port, in.get_text()};
    first = own.next_id();
    for (int i = 0; i < 4; ++i) {
      server.server.tools_changed();
      CHECK(own.next());
    }
  }
  for (const auto id : {"", "x", "0", "0-", "-0", "0-5", "1-0", "9-9", "0-4x", "00-99", "0--1",
                        "18446744073709551616-0", "0-18446744073709551615"})
    CHECK(status(in, id) == 400);
  CHECK(status(other, "0-4") == 400);
  CHECK(status(in, first) == 400);
  CHECK(status(in, "0-1") == 400);
  const auto refused = client{in.port}.ask(in.get_text(last_event("0-1")));
  CHECK(at(refused.body, "/error/code") == "-32600");
  event_stream good{in.port, in.get_text(last_event("0-2"))};
  CHECK(good.next_id() == "0-2");
  CHECK(good.next_id() == "0-3");
  CHECK(good.next_id() == "0-4");
}

TEST_CASE("what is lost is fetched by its owner alone") {
  mixed_server server;
  const auto ann = bearer(server.issuer.mint({.subject = "ann"}));
  const auto bob = bearer(server.issuer.mint({.subject = "bob"}));
  const http_session in{server, "2025-11-25", ann};
  std::string id;
  {
    event_stream lost{in.port, in.post_text(session_call(1, "leave"))};
    id = lost.next_id();
  }
  const auto get = [&](const std::string& token) {
    return "GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nMcp-Session-Id: " +
           in.id + "\r\n" + last_event(id) + token + "\r\n";
  };
  CHECK(client{in.port}.ask(get(bob)).status == 404);
  CHECK(client{in.port}.ask(get("")).status == 404);
  event_stream good{in.port, get(ann)};
  CHECK(good.head().status == 200);
}

TEST_CASE("a stream that was opened without a name ends when the session is somebody's") {
  mixed_server server;
  const http_session in{server};
  event_stream own{in.port, in.get_text()};
  CHECK(own.next());
  const auto ann = bearer(server.issuer.mint({.subject = "ann"}));
  CHECK(in.post(request(1, "ping"), ann).status == 200);
  CHECK(own.ended());
  CHECK(client{in.port}.ask(in.get_text()).status == 404);
}

TEST_CASE("a session serves no more requests at once than it may") {
  open_server server{{}, {}, {.name = "http", .version = "1", .max_requests_in_flight = 2}};
  const http_session in{server};
  client one{in.port};
  client two{in.port};
  one.send(in.post_text(session_call(1, "wait")));
  two.send(in.post_text(session_call(2, "wait")));
  CHECK(server.seen->begun.await(2));
  const auto third = in.post(session_call(3, "wait"));
  CHECK(third.status == 429);
  CHECK(at(third.body, "/id") == "3");
  // What needs no waiting is not counted, nor is another session.
  CHECK(in.post(request(4, "ping")).status == 200);
  const http_session other{server};
  CHECK(said(other.post(session_call(5, "later", R"({"text":"tea"})")).body) == "tea");
  server.seen->go_on = true;
  CHECK(said(one.read().body) == "waited");
  CHECK(said(two.read().body) == "waited");
  CHECK(said(in.post(session_call(6, "wait")).body) == "waited");
}

TEST_CASE("the end of a session ends its streams and its requests at once") {
  open_server server;
  const http_session in{server};
  event_stream own{in.port, in.get_text()};
  CHECK(own.next());
  event_stream working{in.port, in.post_text(telling(1))};
  const auto told = working.next();
  REQUIRE(told);
  event_stream lost{in.port, in.post_text(session_call(2, "leave"))};
  CHECK(lost.next());
  event_stream resumed{in.port, in.get_text(last_event("2-0"))};
  CHECK(resumed.next());

  CHECK(in.end() == 204);
  CHECK(own.ended());
  CHECK(resumed.ended());
  while (working.next()) {
  }
  CHECK(!working.from.ended);
  CHECK(client{in.port}.ask(in.get_text()).status == 404);
  CHECK(in.end() == 404);
  server.server.tools_changed();
}

TEST_CASE("a request that is cancelled ends its stream and says nothing, also later") {
  open_server server;
  const http_session in{server};
  event_stream working{in.port, in.post_text(telling(1))};
  const auto first = working.next();
  REQUIRE(first);
  CHECK(at(working.message(), "/params/progress") == "1");
  CHECK(in.post(cancelled(1)).status == 202);
  CHECK(working.ended());
  event_stream again{in.port, in.get_text(last_event(first->id))};
  CHECK(at(again.message(), "/params/progress") == "1");
  CHECK(again.ended());
}

TEST_CASE("answers larger than what is kept and than what a stream holds back still leave") {
  sesame::http_transport_options options;
  options.server.stream_buffer = 4096;
  open_server server{options, {}, {.name = "http", .version = "1", .replay_bytes = 1'000}};
  const http_session in{server};
  event_stream big{in.port,
                   in.post_text(session_call(1, "much", R"({"bytes":300000})",
                                             R"("_meta":{"progressToken":"p"})")),
                   4096};
  CHECK(big.next());
  CHECK(at(big.message(), "/params/progress") == "1");
  CHECK(said(big.message()).size() == 300'000);
  CHECK(big.ended());
}

TEST_CASE("a server that stops ends the streams of its sessions") {
  sesame::http_transport_options options;
  options.server.timeouts.stop_grace = 10s;
  open_server server{options};
  const http_session in{server};
  event_stream own{in.port, in.get_text()};
  CHECK(own.next());
  server.http.server.stop();
  CHECK(own.ended());
  CHECK(server.http.ended.await());
}

}  // namespace http_session_test
