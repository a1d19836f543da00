// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/context.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <atomic>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace context_test {

using namespace server_test;
using sesame::context;
using sesame::log_level;
using sesame::task;

struct detail_struct {
  std::string what;
  int count;
};
struct level_argument {
  log_level level;
};

// What a tool that waits saw of its end.
struct seen {
  std::atomic<int> timers_cancelled = 0;
  std::atomic<int> stops = 0;
  std::atomic<bool> finished = false;
};

struct talking : sesame::service<> {
  std::shared_ptr<seen> saw = std::make_shared<seen>();

  std::string tell(context& call) const {
    call.progress(1, 10, "one");
    call.progress(1, 10, "the same");
    call.progress(0.5, 10, "back");
    call.progress(2.5);
    call.progress(std::nan(""));
    call.progress(2);
    call.progress(std::numeric_limits<double>::infinity());
    call.progress(3, std::nan(""), "no total");
    call.progress(-1);
    return "told";
  }
  task<std::string> tell_later(context& call) const {
    call.progress(0);
    co_await pause(0ms);
    call.progress(50, 100, "half \"way\"");
    co_await pause(0ms);
    call.progress(100, 100);
    co_return "told";
  }
  std::string log(context& call) const {
    for (const auto& entry : sesame::meta::enumerators<log_level>())
      call.log(entry.value, entry.name);
    return "logged";
  }
  std::string log_all_kinds(context& call) const {
    call.log(log_level::error, "text \"quoted\"\n");
    call.log(log_level::error, "named"s, "database");
    call.log(log_level::error, detail_struct{"value", 3});
    call.log(log_level::error, 5);
    call.log(log_level::error, std::vector<int>{1, 2});
    return "logged";
  }
  std::string describe(context& call) const {
    std::string text = call.client_info() != nullptr ? call.client_info()->name : "unknown";
    text += call.capabilities().to_json();
    text += call.caller() == nullptr ? " nobody" : " somebody";
    text += call.cancelled() ? " cancelled" : "";
    text += call.stop_token().stop_possible() ? " stoppable" : "";
    return text;
  }
  std::string trace(context& call) const {
    return std::string{call.trace_parent()} + "|" + std::string{call.trace_state()} + "|" +
           std::string{call.baggage()};
  }
  std::string flood(context& call) const {
    for (int i = 1; i <= 1'000; ++i) {
      call.progress(i);
      call.log(log_level::error, i);
    }
    return "flooded";
  }
  // Waits for what only a cancellation ends.
  task<std::string> wait(context& call) const {
    const auto kept = saw;
    const std::stop_callback watch{call.stop_token(), [kept] { ++kept->stops; }};
    try {
      co_await pause(1h);
    } catch (const std::system_error& stopped) {
      if (stopped.code() == asio::error::operation_aborted) ++kept->timers_cancelled;
    }
    call.progress(1'000);
    call.log(log_level::emergency, "nobody must see this");
    kept->finished = true;
    co_return call.cancelled() ? "cancelled" : "not cancelled";
  }

  using tools =
      sesame::tools<sesame::tool<&talking::tell, "-">, sesame::tool<&talking::tell_later, "-">,
                    sesame::tool<&talking::log, "-">, sesame::tool<&talking::log_all_kinds, "-">,
                    sesame::tool<&talking::describe, "-">, sesame::tool<&talking::trace, "-">,
                    sesame::tool<&talking::flood, "-">, sesame::tool<&talking::wait, "-">>;

 private:
  static task<> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
  }
};

struct fixture {
  talking tools;
  sesame::server<talking> server{{.name = "context", .version = "1"}, tools};
  direct client{server.engine()};

  std::vector<std::string> levels() const {
    std::vector<std::string> all;
    for (const auto& message : client.sent) all.push_back(text_at(message, "/params/level"));
    return all;
  }
};

TEST_CASE("progress is told where it was asked for, and only ever rises") {
  fixture f;
  f.client(call(1, "tell"));
  CHECK(f.client.sent.empty());

  f.client(call(1, "tell", "{}", meta("{}", R"("progressToken":"abc")")));
  std::vector<std::string> values;
  for (const auto& message : f.client.sent) {
    CHECK(at(message, "/method") == "\"notifications/progress\"");
    CHECK(at(message, "/params/progressToken") == "\"abc\"");
    CHECK(at(message, "/id").empty());
    values.push_back(at(message, "/params/progress"));
  }
  CHECK(values == std::vector<std::string>{"1", "2.5", "3"});
  CHECK(at(f.client.sent[0], "/params") ==
        R"({"progressToken":"abc","progress":1,"total":10,"message":"one"})");
  CHECK(at(f.client.sent[1], "/params/total").empty());
  CHECK(at(f.client.sent[2], "/params/total").empty());
}

TEST_CASE("a progress token keeps its type, and is a string or an integer") {
  fixture f;
  f.client(call(1, "tell_later", "{}", meta("{}", R"("progressToken":7)")));
  REQUIRE(f.client.sent.size() == 3);
  CHECK(at(f.client.sent[1], "/params/progressToken") == "7");
  CHECK(text_at(f.client.sent[1], "/params/message") == "half \"way\"");
  CHECK(said(f.client.out) == "told");

  for (const auto wrong : {"null", "1.5", "true", "[]", "{}"}) {
    const auto answer = f.client(call(1, "tell", "{}", meta("{}", R"("progressToken":)"s + wrong)));
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find("progressToken") != std::string::npos);
  }
}

TEST_CASE("the message of a progress is left out where the revision has none") {
  fixture f;
  const auto token = R"("_meta":{"progressToken":1})";
  f.client(initialize("2024-11-05"));
  f.client(session_call(1, "tell", "{}", token));
  REQUIRE(f.client.sent.size() == 3);
  CHECK(at(f.client.sent[0], "/params/message").empty());
  f.client(initialize("2025-03-26"));
  f.client(session_call(1, "tell", "{}", token));
  CHECK(at(f.client.sent[0], "/params/message") == "\"one\"");
}

TEST_CASE("a stateless request gets the logs that it asked for, from its level on") {
  fixture f;
  f.client(call(1, "log"));
  CHECK(f.client.sent.empty());
  const auto with = [](std::string_view level) {
    return meta("{}", R"("io.modelcontextprotocol/logLevel":)" + json_string(level));
  };
  f.client(call(1, "log", "{}", with("debug")));
  CHECK(f.levels() == std::vector<std::string>{"debug", "info", "notice", "warning", "error",
                                               "critical", "alert", "emergency"});
  CHECK(at(f.client.sent[0], "/method") == "\"notifications/message\"");
  f.client(call(1, "log", "{}", with("error")));
  CHECK(f.levels() == std::vector<std::string>{"error", "critical", "alert", "emergency"});
  f.client(call(1, "log", "{}", with("emergency")));
  CHECK(f.levels() == std::vector<std::string>{"emergency"});
  // Nothing is remembered.
  f.client(call(1, "log"));
  CHECK(f.client.sent.empty());

  for (const auto wrong : {"\"loud\"", "\"\"", "\"ERROR\"", "3", "null"}) {
    const auto answer = f.client(
        call(1, "log", "{}", meta("{}", R"("io.modelcontextprotocol/logLevel":)"s + wrong)));
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find("logLevel") != std::string::npos);
    CHECK(f.client.sent.empty());
  }
}

TEST_CASE("a session gets logs from info on, until it sets another level") {
  fixture f;
  f.client(initialize());
  f.client(session_call(1, "log"));
  CHECK(f.levels().size() == 7);
  CHECK(f.levels().front() == "info");
  CHECK(at(f.client(request(2, "logging/setLevel", R"({"level":"alert"})")), "/result") == "{}");
  f.client(session_call(3, "log"));
  CHECK(f.levels() == std::vector<std::string>{"alert", "emergency"});
  CHECK(at(f.client(request(4, "logging/setLevel", R"({"level":"loud"})")), "/error/code") ==
        "-32602");
  CHECK(at(f.client(request(4, "logging/setLevel")), "/error/code") == "-32602");
  f.client(session_call(5, "log"));
  CHECK(f.levels().size() == 2);
}

TEST_CASE("what is logged is a text or any value, under a name if it has one") {
  fixture f;
  f.client(initialize());
  f.client(session_call(1, "log_all_kinds"));
  REQUIRE(f.client.sent.size() == 5);
  CHECK(text_at(f.client.sent[0], "/params/data") == "text \"quoted\"\n");
  CHECK(at(f.client.sent[0], "/params/logger").empty());
  CHECK(at(f.client.sent[1], "/params/logger") == "\"database\"");
  CHECK(at(f.client.sent[2], "/params/data") == R"({"what":"value","count":3})");
  CHECK(at(f.client.sent[3], "/params/data") == "5");
  CHECK(at(f.client.sent[4], "/params/data") == "[1,2]");
}

TEST_CASE("a tool sees the client as it declared itself on this request, or in the session") {
  fixture f;
  CHECK(said(f.client(call(1, "describe"))) == "unknown{} nobody stoppable");
  CHECK(said(f.client(
            call(1, "describe", "{}",
                 meta(R"({"elicitation":{},"roots":{}})",
                      R"("io.modelcontextprotocol/clientInfo":{"name":"me","version":"2"})")))) ==
        R"(me{"elicitation":{},"roots":{}} nobody stoppable)");
  // Ill-formed, it is as if it were not there: nothing depends on it.
  CHECK(said(f.client(
            call(1, "describe", "{}", meta("{}", R"("io.modelcontextprotocol/clientInfo":5)")))) ==
        "unknown{} nobody stoppable");
  f.client(initialize("2025-11-25", R"({"sampling":{}})"));
  CHECK(said(f.client(session_call(1, "describe"))) == R"(tests{"sampling":{}} nobody stoppable)");
  // Beside the session, a stateless request stands for itself.
  CHECK(said(f.client(call(1, "describe"))) == "unknown{} nobody stoppable");
}

TEST_CASE("cancellation reaches the timers of a task and its stop token, and nothing is said") {
  for (const bool session : {false, true}) {
    CAPTURE(session);
    fixture f;
    if (session) f.client(initialize());
    const auto with = meta("{}", R"("progressToken":1,"io.modelcontextprotocol/logLevel":"debug")");
    f.client.begin(session ? session_call(8, "wait", "{}", R"("_meta":{"progressToken":1})")
                           : call(8, "wait", "{}", with));
    REQUIRE(f.client.became == sesame::disposition::pending);
    REQUIRE(f.client.peer.in_flight.size() == 1);
    bool over = false;
    asio::co_spawn(f.client.io, f.client.x.finish(), [&](std::exception_ptr) { over = true; });
    while (f.client.io.poll_one() != 0) {
    }
    CHECK(!over);

    // By its own id alone, which has a type.
    direct other{f.server.engine()};
    other.peer.in_flight = f.client.peer.in_flight;
    for (const auto wrong : {"9", "\"8\"", "null", "{}"}) {
      other(notification("notifications/cancelled", R"({"requestId":)"s + wrong + "}"));
      CHECK(other.became == sesame::disposition::accepted);
      CHECK(other.out.empty());
    }
    CHECK(!f.client.x.cancelled());
    other(cancelled(8));
    CHECK(f.client.x.cancelled());
    other(cancelled(8));

    f.client.io.restart();
    f.client.io.run_for(10s);
    CHECK(over);
    CHECK(f.tools.saw->timers_cancelled == 1);
    CHECK(f.tools.saw->stops == 1);
    CHECK(f.tools.saw->finished);
    CHECK(f.client.out.empty());
    CHECK(f.client.sent.empty());
    CHECK(f.client.peer.in_flight.empty());
  }
}

TEST_CASE("what is cancelled before its work begins never begins") {
  fixture f;
  f.client.begin(call(8, "wait"));
  REQUIRE(f.client.became == sesame::disposition::pending);
  f.client.x.cancel();
  bool over = false;
  f.client.io.poll();
  asio::co_spawn(f.client.io, f.client.x.finish(), [&](std::exception_ptr) { over = true; });
  f.client.io.restart();
  f.client.io.run_for(10s);
  CHECK(over);
  CHECK(f.client.out.empty());
  CHECK(!f.tools.saw->finished);
}

TEST_CASE("where a request stands in a trace is told, if it has the form of that") {
  fixture f;
  const auto traced = [&](std::string_view more) {
    return said(f.client(call(1, "trace", "{}", meta("{}", more))));
  };
  constexpr auto parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv;
  CHECK(traced(R"("traceparent":")" + std::string{parent} +
               R"(","tracestate":"a=b,c=d","baggage":"user=1")") ==
        std::string{parent} + "|a=b,c=d|user=1");
  CHECK(traced(R"("baggage":"user=1")") == "||user=1");
  for (const auto wrong :
       {"5", "\"\"", "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\"",
        "\"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01\"",
        "\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"",
        "\"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\"",
        "\"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\""}) {
    CAPTURE(wrong);
    CHECK(traced(R"("tracestate":"a=b","traceparent":)"s + wrong) == "||");
  }
  CHECK(traced(R"("baggage":"a=b\r\nX: y")") == "||");
}

TEST_CASE("a handler cannot flood its client") {
  talking tools;
  sesame::server<talking> server{
      {.name = "context", .version = "1", .notifications_per_second = 50}, tools};
  direct client{server.engine()};
  const auto begin = std::chrono::steady_clock::now();
  CHECK(said(client(
            call(1, "flood", "{}",
                 meta("{}", R"("progressToken":1,"io.modelcontextprotocol/logLevel":"debug")")))) ==
        "flooded");
  const auto seconds = static_cast<std::size_t>(
      std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count());
  CHECK(client.sent.size() >= 50);
  CHECK(client.sent.size() <= 50 * seconds);
}

}  // namespace context_test
