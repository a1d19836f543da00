// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/memory.hpp"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace memory_test {

using namespace server_test;

struct words {
  std::string text;
};
struct form {
  std::string name;
};

struct waiting : sesame::service<> {
  std::shared_ptr<std::atomic<int>> ended = std::make_shared<std::atomic<int>>(0);

  std::string echo(const words& given) const { return given.text; }
  sesame::task<std::string> echo_later(words given, sesame::context& call) const {
    call.progress(1);
    co_await pause(1ms);
    co_return given.text;
  }
  sesame::task<std::string> wait() const {
    const auto kept = ended;
    try {
      co_await pause(1h);
    } catch (const std::system_error&) {
      ++*kept;
      throw;
    }
    co_return "waited";
  }
  // Does not hear that nobody waits any more.
  sesame::task<std::string> stubborn() const {
    const auto kept = ended;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await pause(1h);
    ++*kept;
    co_return "waited";
  }
  std::string ask(const sesame::elicited<form>& answer) const {
    return answer ? "Hello, " + answer->name : "Nobody there";
  }

  using tools =
      sesame::tools<sesame::tool<&waiting::echo, "-">, sesame::tool<&waiting::echo_later, "-">,
                    sesame::tool<&waiting::wait, "-">, sesame::tool<&waiting::stubborn, "-">,
                    sesame::tool<&waiting::ask, "-", sesame::elicitation<form>>>;

 private:
  static sesame::task<> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
  }
};

struct fixture {
  waiting tools;
  sesame::server<waiting> server{{.name = "memory", .version = "1"}, tools};
};

TEST_CASE("messages go in and come out as text") {
  fixture f;
  sesame::memory_transport client{f.server};
  CHECK(client.call(R"({"jsonrpc":"2.0","id":1,"method":"ping"})") ==
        R"({"jsonrpc":"2.0","id":1,"result":{}})");
  CHECK(said(client.call(call(2, "echo", R"({"text":"tea"})"))) == "tea");
  CHECK(said(client.call(call(3, "echo_later", R"({"text":"later"})"))) == "later");
  CHECK(!client.receive(0ms));
  client.send(notification("notifications/initialized"));
  CHECK(!client.receive());
}

TEST_CASE("what a tool sends meanwhile comes before its answer, and requests run side by side") {
  fixture f;
  sesame::memory_transport client{f.server};
  client.send(call(1, "echo_later", R"({"text":"one"})", meta("{}", R"("progressToken":"p")")));
  client.send(call(2, "echo_later", R"({"text":"two"})"));
  client.send(call(3, "echo", R"({"text":"at once"})"));
  CHECK(at(client.receive(), "/id") == "3");
  CHECK(at(client.receive(), "/params/progressToken") == "\"p\"");
  std::string ids = at(client.receive(), "/id");
  ids += at(client.receive(), "/id");
  CHECK((ids == "12" || ids == "21"));
  CHECK(!client.receive());
}

// Asks somebody else about each token.
struct directory {
  using decided = sesame::result<sesame::principal, sesame::auth_failure>;
  decided verify(std::string_view, std::chrono::system_clock::time_point) const {
    return sesame::failure{sesame::auth_failure{sesame::auth_error::unavailable, "to be asked"}};
  }
  asio::awaitable<decided> look_up(std::string token,
                                   std::chrono::system_clock::time_point now) const {
    co_await asio::post(asio::use_awaitable);
    co_return sesame::principal{.issuer = "https://directory.example",
                                .subject = std::move(token),
                                .expires = std::chrono::floor<std::chrono::seconds>(now) + 1h};
  }
  std::vector<std::string> issuers() const { return {}; }
};
struct closed : sesame::service<sesame::authenticated<directory>> {
  waiting inner;
  sesame::task<std::string> wait() const { return inner.wait(); }
  using tools = sesame::tools<sesame::tool<&closed::wait, "-">>;
};

struct known : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  waiting inner;
  sesame::task<std::string> wait() const { return inner.wait(); }
  using tools = sesame::tools<sesame::tool<&known::wait, "-", sesame::named<"wait_known">>>;
};

TEST_CASE("a call is cancelled also where its caller had to be asked for, or is known") {
  for (const bool asked : {true, false}) {
    CAPTURE(asked);
    const sesame::test_issuer issuer;
    const closed first;
    const known second;
    sesame::server<closed, known, directory, sesame::jwt_provider> server{
        {.name = "memory", .version = "1"}, first, second, directory{}, issuer.provider()};
    sesame::memory_transport client{server};
    const auto& ended = asked ? first.inner.ended : second.inner.ended;
    client.send(call(1, asked ? "wait" : "wait_known", "{}",
                     meta("{}", authorization(asked ? "ann" : issuer.mint()))));
    CHECK(!client.receive(20ms));
    client.send(cancelled(1));
    CHECK(!client.receive(20ms));
    CHECK(*ended == 1);
  }
}

TEST_CASE("a request may be cancelled at once, before its work has begun") {
  fixture f;
  sesame::memory_transport client{f.server};
  client.send(call(1, "wait"));
  client.send(cancelled(1));
  CHECK(!client.receive());
  CHECK(*f.tools.ended <= 1);
  CHECK(said(client.call(call(1, "echo", R"({"text":"tea"})"))) == "tea");
}

TEST_CASE("an id that is in use again names the request that has it now") {
  fixture f;
  sesame::memory_transport client{f.server};
  for (int i = 0; i < 3; ++i) {
    client.send(call(1, "wait"));
    CHECK(!client.receive(5ms));
    client.send(cancelled(1));
    CHECK(!client.receive());
  }
  CHECK(*f.tools.ended == 3);
}

TEST_CASE("a client's answer reaches the question") {
  fixture f;
  sesame::memory_transport client{f.server};
  client.call(initialize("2025-11-25", R"({"elicitation":{}})"));
  const auto question = client.call(session_call(1, "ask"));
  CHECK(at(question, "/method") == "\"elicitation/create\"");
  client.send(R"({"jsonrpc":"2.0","id":)" + at(question, "/id") +
              R"(,"result":{"action":"accept","content":{"name":"Ann"}}})");
  CHECK(said(client.receive()) == "Hello, Ann");
}

TEST_CASE("a notification is never answered, whatever is wrong with it") {
  fixture f;
  sesame::memory_transport client{f.server};
  client.send(notification("notifications/cancelled",
                           R"({"_meta":{)" + authorization("bad") + R"(},"requestId":1})"));
  client.send(notification("unknown", R"({"_meta":{"authorization":5}})"));
  CHECK(!client.receive(0ms));
}

TEST_CASE("a client that goes takes its requests along") {
  fixture f;
  {
    sesame::memory_transport client{f.server};
    client.send(call(1, "wait"));
    client.send(call(2, "wait"));
    CHECK(!client.receive(10ms));
  }
  CHECK(*f.tools.ended == 2);
}

TEST_CASE("a tool that does not hear is left behind") {
  fixture f;
  {
    sesame::memory_transport client{f.server};
    client.send(call(1, "stubborn"));
    CHECK(!client.receive(10ms));
  }
  CHECK(*f.tools.ended == 0);
}

TEST_CASE("several clients of one server do not see each other") {
  fixture f;
  sesame::memory_transport one{f.server};
  sesame::memory_transport two{f.server};
  one.call(initialize("2025-11-25", R"({"elicitation":{}})"));
  two.call(initialize("2025-11-25", R"({"elicitation":{}})"));
  const auto first = one.call(session_call(1, "ask"));
  const auto second = two.call(session_call(1, "ask"));
  CHECK(at(first, "/id") == at(second, "/id"));
  two.send(cancelled(1));
  two.send(R"({"jsonrpc":"2.0","id":)" + at(first, "/id") +
           R"(,"result":{"action":"accept","content":{"name":"two"}}})");
  CHECK(!two.receive(50ms));
  one.send(R"({"jsonrpc":"2.0","id":)" + at(first, "/id") + R"(,"result":{"action":"decline"}})");
  CHECK(said(one.receive()) == "Nobody there");
}

TEST_CASE("each server has its own limits, whichever was asked before") {
  sesame::server large{{.name = "large", .version = "1"}, waiting{}};
  sesame::server small{{.name = "small", .version = "1", .message = {.size = 1'000, .depth = 8}},
                       waiting{}};
  sesame::memory_transport to_large{large};
  sesame::memory_transport to_small{small};
  const auto message = call(1, "echo", R"({"text":")" + std::string(5'000, 'x') + "\"}");
  for (int i = 0; i < 3; ++i) {
    CHECK(said(to_large.call(message)).size() == 5'000);
    CHECK(at(to_small.call(message), "/error/code") == "-32700");
  }
}

}  // namespace memory_test
