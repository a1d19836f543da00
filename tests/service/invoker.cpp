// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/invoker.hpp"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace invoker_test {

using namespace server_test;
using sesame::context;
using sesame::principal;
using sesame::task;

struct words {
  std::string text;
  std::vector<std::string> more;
};
// Views into the message outlive the call, also a suspended one.
struct borrowed {
  std::string_view text;
};

task<> yield() {
  asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
  co_await timer.async_wait(asio::use_awaitable);
}

std::string joined(const words& given) {
  std::string all = given.text;
  for (const auto& one : given.more) all += "," + one;
  return all;
}

struct sync_tools : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string prefix = "sync ";

  std::string acp(const words& w, context& c, const principal& p) {
    return prefix + joined(w) + p.subject + (c.cancelled() ? "!" : "");
  }
  std::string apc(words w, principal p, context&) const { return prefix + joined(w) + p.subject; }
  std::string cap(context& c, words&& w, const principal* p) const noexcept {
    return joined(w) + p->subject + (c.caller() == p ? "=" : "!");
  }
  std::string cpa(const context& c, const principal&, const words& w) const& {
    return joined(w) + c.caller()->subject;
  }
  std::string pac(const principal& p, words& w, context&) & {
    w.text += "+";
    return joined(w) + p.subject;
  }
  std::string pca(const principal* p, context&, const words w) { return joined(w) + p->subject; }
  std::string none() { return prefix; }

  using tools =
      sesame::tools<sesame::tool<&sync_tools::acp, "-">, sesame::tool<&sync_tools::apc, "-">,
                    sesame::tool<&sync_tools::cap, "-">, sesame::tool<&sync_tools::cpa, "-">,
                    sesame::tool<&sync_tools::pac, "-">, sesame::tool<&sync_tools::pca, "-">,
                    sesame::tool<&sync_tools::none, "-">>;
};

struct task_tools : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  task<std::string> later(const words& w, context& c, const principal& p) const {
    co_await yield();
    co_return joined(w) + p.subject + (c.cancelled() ? "!" : "");
  }
  task<std::string> later_values(principal p, words w) {
    co_await yield();
    co_return joined(w) + p.subject;
  }
  task<std::string> later_view(borrowed b) {
    co_await yield();
    co_return std::string{b.text};
  }
  task<words> later_struct(words w) {
    co_await yield();
    co_return w;
  }
  task<> later_nothing() { co_await yield(); }
  task<> at_once() { co_return; }
  task<std::string> not_a_coroutine() { return at_last("from inside"); }
  static task<std::string> at_last(std::string text) { co_return text; }
  task<std::string> throws_before() {
    if (refuses) throw sesame::tool_error("refused before");
    co_await yield();
    co_return "never";
  }
  task<std::string> throws_after() {
    co_await yield();
    throw std::runtime_error("late secret");
  }
  task<sesame::result<int>> fails() {
    co_await yield();
    co_return sesame::failure{sesame::error{"no number"}};
  }
  // Not even a coroutine: what it throws comes where the task is made.
  task<std::string> throws_at_once() { throw sesame::tool_error("at once"); }
  bool refuses = true;

  using tools = sesame::tools<
      sesame::tool<&task_tools::later, "-">, sesame::tool<&task_tools::later_values, "-">,
      sesame::tool<&task_tools::later_view, "-">, sesame::tool<&task_tools::later_struct, "-">,
      sesame::tool<&task_tools::later_nothing, "-">, sesame::tool<&task_tools::at_once, "-">,
      sesame::tool<&task_tools::not_a_coroutine, "-">,
      sesame::tool<&task_tools::throws_before, "-">, sesame::tool<&task_tools::throws_after, "-">,
      sesame::tool<&task_tools::throws_at_once, "-">, sesame::tool<&task_tools::fails, "-">>;
};

std::string free_function(const words& w) {
  return "free " + joined(w);
}
task<std::string> free_task(words w, context&) {
  co_await yield();
  co_return "free " + joined(w);
}
using free_tools = sesame::tools<sesame::tool<&free_function, "-">, sesame::tool<&free_task, "-">,
                                 sesame::tool<[](const words& w) { return "lambda " + joined(w); },
                                              "-", sesame::named<"lambda">>,
                                 sesame::tool<[](words w, context&) -> task<std::string> {
                                   co_await yield();
                                   co_return "lambda " + joined(w);
                                 },
                                              "-", sesame::named<"lambda.task">>>;

namespace {  // of lambdas that are named nowhere else

struct fixture {
  reports log;
  sesame::test_issuer issuer;
  sesame::server<sync_tools, task_tools, free_tools, sesame::jwt_provider> server{
      {.name = "entries", .version = "1", .on_error = log.sink()},
      sync_tools{},
      task_tools{},
      free_tools{},
      issuer.provider()};
  direct client{server.engine()};
  std::string token = issuer.mint({.subject = "ann"});

  std::string of(std::string_view tool, std::string_view arguments = "{}") {
    return client(call(1, tool, arguments, meta("{}", authorization(token))));
  }
};

}  // namespace

constexpr std::string_view two_words = R"({"text":"a","more":["b"]})";

TEST_CASE("parameters are found by their types, in any order and any way of passing") {
  fixture f;
  CHECK(said(f.of("acp", two_words)) == "sync a,bann");
  CHECK(said(f.of("apc", two_words)) == "sync a,bann");
  CHECK(said(f.of("cap", two_words)) == "a,bann=");
  CHECK(said(f.of("cpa", two_words)) == "a,bann");
  CHECK(said(f.of("pac", two_words)) == "a+,bann");
  CHECK(said(f.of("pca", two_words)) == "a,bann");
  CHECK(said(f.of("none")) == "sync ");
}

TEST_CASE("a task gets the same, and its parameters live while it waits") {
  fixture f;
  CHECK(said(f.of("later", two_words)) == "a,bann");
  CHECK(f.client.became == sesame::disposition::pending);
  CHECK(said(f.of("later_values", two_words)) == "a,bann");
  const std::string lengthy(5'000, 'x');
  CHECK(said(f.of("later_view", R"({"text":"\u00e9)" + lengthy + "\"}")) == "\xc3\xa9" + lengthy);
  CHECK(at(f.of("later_struct", two_words), "/result/structuredContent") == two_words);
  CHECK(at(f.of("later_nothing"), "/result/content") == "[]");
  CHECK(at(f.of("at_once"), "/result/content") == "[]");
  CHECK(said(f.of("not_a_coroutine")) == "from inside");
}

TEST_CASE("what a task throws is shown or hidden like anything else") {
  fixture f;
  CHECK(said(f.of("throws_before")) == "refused before");
  CHECK(said(f.of("throws_at_once")) == "at once");
  CHECK(said(f.of("fails")) == "no number");
  CHECK(f.log.all().empty());
  const auto hidden = f.of("throws_after");
  CHECK(at(hidden, "/error/code") == "-32603");
  CHECK(hidden.find("late secret") == std::string::npos);
  CHECK(f.log.mention(text_at(hidden, "/error/data/correlationId")));
  CHECK(f.log.mention("late secret"));
}

TEST_CASE("free functions and lambdas are tools") {
  fixture f;
  CHECK(said(f.client(call(1, "free_function", two_words))) == "free a,b");
  CHECK(said(f.client(call(1, "free_task", two_words))) == "free a,b");
  CHECK(said(f.client(call(1, "lambda", two_words))) == "lambda a,b");
  CHECK(said(f.client(call(1, "lambda.task", two_words))) == "lambda a,b");
}

TEST_CASE("arguments that do not fit are told exactly, as a result or as an error by revision") {
  struct row {
    std::string_view arguments, message;
  };
  const row rows[] = {
      {"{}", "/text: expected a value, found nothing"},
      {R"({"text":5,"more":[]})", "/text: expected a string, found 5"},
      {R"({"text":null,"more":[]})", "/text: expected a string, found null"},
      {R"({"text":"a","more":[1]})", "/more/0: expected a string, found 1"},
      {R"({"text":"a","more":"b"})", "/more: expected an array, found a string"},
      {R"({"text":"a","more":[],"extra":1})", "/extra: expected a known member, found an unknown"},
      {R"({"text":"a","text":"b","more":[]})", "/text: expected one value, found two"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.arguments);
    for (const auto tool : {"free_function", "free_task"}) {
      CAPTURE(tool);
      fixture f;
      const auto modern = f.client(call(1, tool, row.arguments));
      CHECK(at(modern, "/result/isError") == "true");
      CHECK(said(modern).find(row.message) != std::string::npos);
      for (const auto revision : {"2024-11-05", "2025-03-26", "2025-06-18"}) {
        f.client(initialize(revision));
        const auto old = f.client(session_call(1, tool, row.arguments));
        CHECK(at(old, "/error/code") == "-32602");
        CHECK(text_at(old, "/error/message").find(row.message) != std::string::npos);
      }
      f.client(initialize("2025-11-25"));
      CHECK(at(f.client(session_call(1, tool, row.arguments)), "/result/isError") == "true");
    }
  }
}

TEST_CASE("a tool without arguments takes none, or an empty object") {
  fixture f;
  CHECK(said(f.client(stateless(1, "tools/call", R"("name":"none")",
                                meta("{}", authorization(f.token))))) == "sync ");
  CHECK(said(f.of("none", "{}")) == "sync ");
  CHECK(at(f.of("none", R"({"a":1})"), "/result/isError") == "true");
  for (const auto wrong : {"null", "[]", "\"\"", "0"}) {
    const auto answer = f.of("none", wrong);
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find("arguments") != std::string::npos);
  }
}

// One instance serves all: each service's own, whatever it is held by.
struct counter : sesame::service<> {
  int value = 0;
  int next() { return ++value; }
  using tools = sesame::tools<sesame::tool<&counter::next, "-">>;
};
struct other_counter : sesame::service<> {
  int value = 100;
  int count() { return ++value; }
  using tools = sesame::tools<sesame::tool<&other_counter::count, "-">>;
};

TEST_CASE("each service keeps its own state") {
  counter outside;
  auto shared = std::make_shared<other_counter>();
  sesame::server server{{.name = "state", .version = "1"}, std::ref(outside), shared};
  direct client{server.engine()};
  CHECK(said(client(call(1, "next"))) == "1");
  CHECK(said(client(call(1, "count"))) == "101");
  CHECK(said(client(call(1, "next"))) == "2");
  CHECK(outside.value == 2);
  CHECK(shared->value == 101);
}

// A base's function is a tool of the derived service.
struct base {
  std::string whose = "base";
  std::string inherited() const { return whose; }
};
struct derived : sesame::service<>, base {
  derived() { whose = "derived"; }
  virtual ~derived() = default;
  derived(derived&&) = default;
  virtual std::string greet() const { return "base greeting"; }
  using tools =
      sesame::tools<sesame::tool<&derived::inherited, "-">, sesame::tool<&derived::greet, "-">>;
};
struct more_derived final : derived {
  std::string greet() const override { return "overridden"; }
};

TEST_CASE("functions of bases and virtual ones are called on the service") {
  sesame::server server{{.name = "bases", .version = "1"}, std::make_unique<more_derived>()};
  direct client{server.engine()};
  CHECK(said(client(call(1, "inherited"))) == "derived");
  CHECK(said(client(call(1, "greet"))) == "overridden");
}

}  // namespace invoker_test
