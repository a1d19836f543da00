// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace engine_tasks_test {

using namespace server_test;
using sesame::task;

struct named_form {
  std::string name;
};
struct who {
  std::string name = "nobody";
};

struct working : sesame::service<> {
  bool was_cancelled = false;

  task<std::string> greet(const who& to) const {
    co_await pause(0ms);
    co_return "Hello, " + to.name;
  }
  task<std::string> greet_only_later(const who& to) const { return greet(to); }
  std::string plain() const { return "plain"; }
  task<std::string> fails() const {
    co_await pause(0ms);
    throw sesame::tool_error("out of tea");
  }
  task<std::string> breaks() const {
    co_await pause(0ms);
    throw std::runtime_error("a secret");
  }
  task<std::string> waits(sesame::context& call) {
    call.progress(1, 2, "half way");
    try {
      co_await pause(1h);
    } catch (const std::system_error&) {
      was_cancelled = true;
      throw;
    }
    co_return "never";
  }
  task<std::string> asks(sesame::context& call) const {
    sesame::elicit_form<named_form> first{"First?", "first"};
    sesame::elicit_form<named_form> second{"Second?", "second"};
    const auto [one, two] = co_await call.ask(std::move(first), std::move(second));
    const auto three = co_await call.elicit<named_form>("Third?", "third");
    co_return (one ? one->name : "-") + (two ? two->name : "-") + (three ? three->name : "-");
  }
  task<std::string> asks_again(sesame::context& call) const {
    const auto one = co_await call.elicit<named_form>("?", "k");
    const auto two = co_await call.elicit<named_form>("??", "k");
    co_return one->name + two->name;
  }
  task<std::string> asks_before(const sesame::elicited<named_form>& form) const {
    co_await pause(0ms);
    co_return form ? "for " + form->name : "for nobody";
  }

  using tools = sesame::tools<sesame::tool<&working::greet, "-", sesame::optional_task>,
                              sesame::tool<&working::greet_only_later, "-", sesame::required_task>,
                              sesame::tool<&working::plain, "-">,
                              sesame::tool<&working::fails, "-", sesame::optional_task>,
                              sesame::tool<&working::breaks, "-", sesame::optional_task>,
                              sesame::tool<&working::waits, "-", sesame::optional_task>,
                              sesame::tool<&working::asks, "-", sesame::optional_task>,
                              sesame::tool<&working::asks_again, "-", sesame::optional_task>,
                              sesame::tool<&working::asks_before, "-", sesame::optional_task,
                                           sesame::elicitation<named_form, "For whom?">>>;

 private:
  static task<> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
  }
};

constexpr std::string_view can =
    R"({"elicitation":{},"extensions":{"io.modelcontextprotocol/tasks":{}}})";

std::string filled(std::string_view name) {
  return R"({"action":"accept","content":{"name":)" + json_string(name) + "}}";
}

struct fixture {
  explicit fixture(sesame::server_options options = {.name = "tasks", .version = "1"})
      : server{quiet(std::move(options)), std::ref(tools), issuer.provider()} {}
  static sesame::server_options quiet(sesame::server_options options) {
    options.on_error = [](std::string_view) {};
    return options;
  }

  // Lets whatever goes on by itself go on for as long as it can without time passing.
  void settle() {
    for (int i = 0; i < 20; ++i) {
      client.io.restart();
      client.io.poll();
      client.io.run_for(1ms);
    }
  }

  sesame::test_issuer issuer;
  working tools;
  sesame::server<std::reference_wrapper<working>, sesame::jwt_provider> server;
  direct client{server.engine()};
};

// The 2026-07-28 extension.
struct modern : fixture {
  using fixture::fixture;
  std::string start(std::string_view tool, std::string_view arguments = "{}",
                    std::string_view more_meta = "", std::string_view more = "") {
    return client(call(1, tool, arguments, meta(can, more_meta), more));
  }
  std::string ask(std::string_view method, const std::string& created, std::string_view more = "",
                  std::string_view more_meta = "") {
    std::string params = R"("taskId":)" + at(created, "/result/taskId");
    if (!more.empty()) params.append(",").append(more);
    return client(stateless(2, method, params, meta(can, more_meta)));
  }
  std::string look(const std::string& created) {
    settle();
    return ask("tasks/get", created);
  }
};

TEST_CASE("a call is answered by a task, and its result is found in it") {
  modern f;
  const auto made = f.start("greet", R"({"name":"Ann"})");
  CHECK(at(made, "/result/resultType") == "\"task\"");
  CHECK(text_at(made, "/result/status") == "working");
  CHECK(text_at(made, "/result/taskId").size() >= 43);
  CHECK(text_at(made, "/result/createdAt").ends_with('Z'));
  CHECK(at(made, "/result/lastUpdatedAt") == at(made, "/result/createdAt"));
  CHECK(at(made, "/result/ttlMs") == "3600000");
  CHECK(!at(made, "/result/pollIntervalMs").empty());
  for (const auto none : {"/result/task", "/result/result", "/result/error", "/result/content",
                          "/result/inputRequests", "/result/requestState", "/result/ttl"})
    CHECK(at(made, none).empty());
  // It can be looked at at once.
  CHECK(text_at(f.ask("tasks/get", made), "/result/status") == "working");
  const auto done = f.look(made);
  CHECK(at(done, "/result/resultType") == "\"complete\"");
  CHECK(text_at(done, "/result/status") == "completed");
  CHECK(text_at(done, "/result/result/content/0/text") == "Hello, Ann");
  CHECK(at(done, "/result/result/resultType") == "\"complete\"");
  CHECK(at(done, "/result/taskId") == at(made, "/result/taskId"));
  // And again.
  CHECK(text_at(f.look(made), "/result/status") == "completed");
}

TEST_CASE("whoever does not know of tasks gets the result itself, or is told") {
  modern f;
  CHECK(said(f.client(call(1, "greet", R"({"name":"Ann"})"))) == "Hello, Ann");
  CHECK(said(f.start("plain")) == "plain");
  const auto told = f.client(call(1, "greet_only_later"));
  CHECK(at(told, "/error/code") == "-32021");
  CHECK(at(told, "/error/data/requiredCapabilities") ==
        R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})");
  CHECK(f.client.x.status() == 400);
  // What older clients send means nothing here.
  CHECK(said(f.client(call(1, "greet", "{}", meta(), R"("task":{"ttl":1})"))) == "Hello, nobody");
  const auto made = f.start("greet");
  for (const auto method : {"tasks/get", "tasks/update", "tasks/cancel"}) {
    const auto refusal = f.client(
        stateless(2, method, R"("inputResponses":{},"taskId":)" + at(made, "/result/taskId")));
    CHECK(at(refusal, "/error/code") == "-32021");
  }
  for (const auto method : {"tasks/result", "tasks/list"}) {
    const auto refusal = f.ask(method, made);
    CHECK(at(refusal, "/error/code") == "-32601");
    CHECK(f.client.x.status() == 404);
  }
}

TEST_CASE("a tool that failed has completed, and an error has failed") {
  modern f;
  const auto failed = f.look(f.start("fails"));
  CHECK(text_at(failed, "/result/status") == "completed");
  CHECK(at(failed, "/result/result/isError") == "true");
  CHECK(text_at(failed, "/result/result/content/0/text") == "out of tea");
  const auto broken = f.look(f.start("breaks"));
  CHECK(text_at(broken, "/result/status") == "failed");
  CHECK(at(broken, "/result/error/code") == "-32603");
  CHECK(at(broken, "/result/result").empty());
  CHECK(broken.find("secret") == std::string::npos);
}

TEST_CASE("arguments that do not fit are told in the task") {
  modern f;
  const auto wrong = f.look(f.start("greet", R"({"name":5})"));
  CHECK(at(wrong, "/result/result/isError") == "true");
}

TEST_CASE("a task is cancelled, and stays so") {
  modern f;
  const auto made = f.start("waits");
  const auto working = f.look(made);
  CHECK(text_at(working, "/result/status") == "working");
  CHECK(text_at(working, "/result/statusMessage") == "half way");
  const auto told = f.ask("tasks/cancel", made);
  CHECK(at(told, "/result/resultType") == "\"complete\"");
  CHECK(at(told, "/result/taskId").empty());
  const auto ended = f.look(made);
  CHECK(text_at(ended, "/result/status") == "cancelled");
  CHECK(at(ended, "/result/result").empty());
  CHECK(at(ended, "/result/error").empty());
  CHECK(f.tools.was_cancelled);
  CHECK(at(f.ask("tasks/cancel", made), "/result/resultType") == "\"complete\"");
  CHECK(text_at(f.look(made), "/result/status") == "cancelled");
}

TEST_CASE("a task that asks is given its answers, one after the other") {
  modern f;
  const auto made = f.start("asks");
  auto seen = f.look(made);
  CHECK(text_at(seen, "/result/status") == "input_required");
  CHECK(text_at(seen, "/result/inputRequests/first/method") == "elicitation/create");
  CHECK(text_at(seen, "/result/inputRequests/second/params/message") == "Second?");

  CHECK(at(f.ask("tasks/update", made, R"("inputResponses":{"first":5})"), "/error/code") ==
        "-32602");
  CHECK(at(f.ask("tasks/update", made, R"("inputResponses":5)"), "/error/code") == "-32602");
  CHECK(at(f.ask("tasks/update", made), "/error/code") == "-32602");

  const auto told =
      f.ask("tasks/update", made, R"("inputResponses":{"unknown":5,"second":)" + filled("B") + "}");
  CHECK(at(told, "/result/resultType") == "\"complete\"");
  CHECK(at(told, "/result/status").empty());
  seen = f.look(made);
  CHECK(text_at(seen, "/result/status") == "input_required");
  CHECK(at(seen, "/result/inputRequests/second").empty());
  CHECK(!at(seen, "/result/inputRequests/first").empty());

  f.ask("tasks/update", made, R"("inputResponses":{"first":)" + filled("A") + "}");
  seen = f.look(made);
  CHECK(text_at(seen, "/result/inputRequests/third/params/message") == "Third?");
  f.ask("tasks/update", made, R"("inputResponses":{"third":{"action":"decline"}})");
  CHECK(text_at(f.look(made), "/result/result/content/0/text") == "AB-");
}

TEST_CASE("a key is used once in a task") {
  modern f;
  const auto made = f.start("asks_again");
  f.look(made);
  f.ask("tasks/update", made, R"("inputResponses":{"k":)" + filled("A") + "}");
  const auto seen = f.look(made);
  CHECK(at(seen, "/result/inputRequests").empty());
  CHECK(text_at(seen, "/result/result/content/0/text") == "AA");
}

TEST_CASE("what a declaration asks is asked before there is a task") {
  modern f;
  const auto asked = f.start("asks_before");
  CHECK(at(asked, "/result/resultType") == "\"input_required\"");
  CHECK(at(asked, "/result/taskId").empty());
  const auto made = f.start("asks_before", "{}", "",
                            R"("requestState":)" + at(asked, "/result/requestState") +
                                R"(,"inputResponses":{"form":)" + filled("Alice") + "}");
  CHECK(at(made, "/result/resultType") == "\"task\"");
  CHECK(at(made, "/result/requestState").empty());
  CHECK(text_at(f.look(made), "/result/result/content/0/text") == "for Alice");
}

TEST_CASE("a task is its caller's alone") {
  modern f;
  const auto as_ann = authorization(f.issuer.mint({.subject = "ann"}));
  const auto as_bob = authorization(f.issuer.mint({.subject = "bob"}));
  const auto made = f.start("waits", "{}", as_ann);
  for (const auto& other : {as_bob, std::string{}})
    for (const auto method : {"tasks/get", "tasks/cancel", "tasks/update"})
      CHECK(at(f.ask(method, made, R"("inputResponses":{})", other), "/error/code") == "-32602");
  CHECK(text_at(f.ask("tasks/get", made, "", as_ann), "/result/status") == "working");
  // Nor is one that nobody signed in for everybody's: it has to be known.
  const auto open = f.start("waits");
  CHECK(at(f.ask("tasks/get", open, "", as_ann), "/error/code") == "-32602");
  CHECK(at(f.client(stateless(1, "tasks/get", R"("taskId":"x")", meta(can))), "/error/code") ==
        "-32602");
  CHECK(at(f.client(stateless(1, "tasks/get", "", meta(can))), "/error/code") == "-32602");
  CHECK(at(f.client(stateless(1, "tasks/get", R"("taskId":5)", meta(can))), "/error/code") ==
        "-32602");
}

TEST_CASE("one caller cannot have all tasks") {
  modern f{{.name = "tasks", .version = "1", .max_tasks = 3, .max_tasks_per_caller = 2}};
  const auto as_ann = authorization(f.issuer.mint({.subject = "ann"}));
  f.start("waits", "{}", as_ann);
  f.start("waits", "{}", as_ann);
  const auto refused = f.start("waits", "{}", as_ann);
  CHECK(at(refused, "/result/isError") == "true");
  CHECK(at(refused, "/result/taskId").empty());
  CHECK(at(f.start("waits"), "/result/resultType") == "\"task\"");
}

TEST_CASE("a task does not outlive its time") {
  modern f{{.name = "tasks", .version = "1", .task_ttl = 20ms}};
  const auto made = f.start("waits");
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (!f.tools.was_cancelled && std::chrono::steady_clock::now() < until) f.settle();
  CHECK(f.tools.was_cancelled);
  CHECK(at(f.ask("tasks/get", made), "/error/code") == "-32602");
}

TEST_CASE("headers name the task that a request is about") {
  modern f;
  const auto made = f.start("greet");
  const auto id = text_at(made, "/result/taskId");
  const auto message = stateless(2, "tasks/get", R"("taskId":)" + json_string(id), meta(can));
  CHECK(text_at(f.client(message, fields::of("tasks/get", id)), "/result/taskId") == id);
  CHECK(refused(f.client, message, fields::of("tasks/get", "other")) == refusal{400, "-32020"});
  CHECK(refused(f.client, message, fields::of("tasks/get")) == refusal{400, "-32020"});
}

TEST_CASE("the extension is declared where some tool makes tasks") {
  modern f;
  const auto here = f.client(stateless(1, "server/discover"));
  CHECK(at(here, "/result/capabilities/extensions") == R"({"io.modelcontextprotocol/tasks":{}})");
  CHECK(at(here, "/result/capabilities/tasks").empty());
  const auto listed = f.client(stateless(1, "tools/list"));
  CHECK(at(listed, "/result/tools/0/execution").empty());
}

// The core tasks of 2025-11-25.
struct core : fixture {
  explicit core(std::string_view revision = "2025-11-25",
                sesame::server_options options = {.name = "tasks", .version = "1"})
      : fixture(std::move(options)) {
    client(initialize(revision, R"({"elicitation":{}})"));
  }
  std::string start(std::string_view tool, std::string_view task = "{}") {
    return client(session_call(1, tool, "{}", R"("task":)" + std::string{task}));
  }
  std::string ask(std::string_view method, const std::string& created) {
    return client(request(2, method, R"({"taskId":)" + at(created, "/result/task/taskId") + "}"));
  }
};

TEST_CASE("in a session a client asks for a task, and waits for its result") {
  core f;
  const auto made = f.start("greet", R"({"ttl":60000})");
  CHECK(text_at(made, "/result/task/status") == "working");
  CHECK(text_at(made, "/result/task/createdAt").ends_with('Z'));
  CHECK(!at(made, "/result/task/lastUpdatedAt").empty());
  CHECK(at(made, "/result/task/ttl") == "60000");
  CHECK(at(made, "/result/resultType").empty());
  CHECK(at(made, "/result/taskId").empty());
  const auto done = f.ask("tasks/result", made);
  CHECK(said(done) == "Hello, nobody");
  CHECK(at(done, "/result/_meta/io.modelcontextprotocol~1related-task/taskId") ==
        at(made, "/result/task/taskId"));
  const auto seen = f.ask("tasks/get", made);
  CHECK(text_at(seen, "/result/status") == "completed");
  CHECK(at(seen, "/result/result").empty());
  CHECK(text_at(seen, "/result/createdAt").ends_with('Z'));
  CHECK(!at(seen, "/result/lastUpdatedAt").empty());
  CHECK(at(seen, "/result/ttl") == "60000");
  CHECK(said(f.client(session_call(1, "greet"))) == "Hello, nobody");
}

TEST_CASE("in a session a tool that failed has failed") {
  core f;
  const auto made = f.start("fails");
  CHECK(said(f.ask("tasks/result", made)) == "out of tea");
  CHECK(text_at(f.ask("tasks/get", made), "/result/status") == "failed");
  const auto broken = f.start("breaks");
  CHECK(at(f.ask("tasks/result", broken), "/error/code") == "-32603");
  CHECK(text_at(f.ask("tasks/get", broken), "/result/status") == "failed");
}

TEST_CASE("in a session a task's questions come while its result is waited for") {
  core f;
  const auto made = f.start("asks");
  f.settle();
  CHECK(text_at(f.ask("tasks/get", made), "/result/status") == "input_required");
  int asked = 0;
  f.client.on_send = [&](std::string_view message) {
    CHECK(at(message, "/params/_meta/io.modelcontextprotocol~1related-task/taskId") ==
          at(made, "/result/task/taskId"));
    const auto id = at(message, "/id");
    asio::post(f.client.io, [&f, id, nth = ++asked] {
      direct other{f.server.engine()};
      other.peer.session = f.client.peer.session;
      other(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + filled(std::to_string(nth)) + "}");
    });
  };
  CHECK(said(f.ask("tasks/result", made)) == "123");
  CHECK(asked == 3);
}

TEST_CASE("in a session a task is cancelled before the answer says so, and once") {
  core f;
  const auto made = f.start("waits");
  const auto told = f.ask("tasks/cancel", made);
  CHECK(text_at(told, "/result/status") == "cancelled");
  CHECK(at(f.ask("tasks/cancel", made), "/error/code") == "-32602");
  CHECK(at(f.ask("tasks/result", made), "/error/code") == "-32602");
}

TEST_CASE("in a session a tool says whether it makes tasks, and is held to it") {
  core f;
  const auto listed = f.client(request(1, "tools/list"));
  CHECK(text_at(listed, "/result/tools/0/execution/taskSupport") == "optional");
  CHECK(text_at(listed, "/result/tools/1/execution/taskSupport") == "required");
  CHECK(at(listed, "/result/tools/2/execution").empty());
  CHECK(at(f.start("plain"), "/error/code") == "-32601");
  CHECK(at(f.client(session_call(1, "greet_only_later")), "/error/code") == "-32601");
  CHECK(at(f.client(initialize("2025-11-25")), "/result/capabilities/tasks") ==
        R"({"list":{},"cancel":{},"requests":{"tools":{"call":{}}}})");
  CHECK(at(f.client(initialize("2025-06-18")), "/result/capabilities/tasks").empty());
}

TEST_CASE("a session lists its own tasks") {
  core f;
  std::set<std::string> made;
  for (int i = 0; i < 3; ++i) made.insert(at(f.start("waits"), "/result/task/taskId"));
  const auto listed = f.client(request(1, "tasks/list"));
  std::set<std::string> found;
  for (int i = 0; i < 3; ++i)
    found.insert(at(listed, "/result/tasks/" + std::to_string(i) + "/taskId"));
  CHECK(found == made);
  CHECK(at(f.client(request(1, "tasks/list", R"({"cursor":"x"})")), "/error/code") == "-32602");
  direct other{f.server.engine()};
  other(initialize("2025-11-25"));
  CHECK(at(other(request(1, "tasks/list")), "/result/tasks") == "[]");
}

TEST_CASE("in a session an unknown task is not there") {
  core f;
  for (const auto method : {"tasks/get", "tasks/result", "tasks/cancel"})
    for (const auto params : {R"({"taskId":"x"})", R"({"taskId":5})", "{}"})
      CHECK(at(f.client(request(1, method, params)), "/error/code") == "-32602");
}

TEST_CASE("in a session a task is its caller's alone") {
  core f;
  const auto as_ann = R"("_meta":{)" + authorization(f.issuer.mint({.subject = "ann"})) + "}";
  const auto as_bob = R"("_meta":{)" + authorization(f.issuer.mint({.subject = "bob"})) + "}";
  const auto made = f.client(session_call(1, "waits", "{}", R"("task":{},)" + as_ann));
  const auto id = at(made, "/result/task/taskId");
  REQUIRE(!id.empty());
  const auto params = [&](const std::string& who) {
    return R"({"taskId":)" + id + (who.empty() ? "" : "," + who) + "}";
  };
  for (const auto& other : {as_bob, std::string{}})
    for (const auto method : {"tasks/get", "tasks/result", "tasks/cancel"})
      CHECK(at(f.client(request(2, method, params(other))), "/error/code") == "-32602");
  CHECK(at(f.client(request(2, "tasks/list", "{" + as_bob + "}")), "/result/tasks") == "[]");
  CHECK(text_at(f.client(request(2, "tasks/get", params(as_ann))), "/result/status") == "working");
}

TEST_CASE("a list of tasks comes in pages") {
  core f{"2025-11-25", {.name = "tasks", .version = "1", .page_size = 2}};
  std::set<std::string> made;
  for (int i = 0; i < 3; ++i) made.insert(at(f.start("waits"), "/result/task/taskId"));
  const auto first = f.client(request(1, "tasks/list"));
  CHECK(at(first, "/result/tasks/2").empty());
  const auto second =
      f.client(request(1, "tasks/list", R"({"cursor":)" + at(first, "/result/nextCursor") + "}"));
  CHECK(at(second, "/result/nextCursor").empty());
  CHECK(std::set<std::string>{at(first, "/result/tasks/0/taskId"),
                              at(first, "/result/tasks/1/taskId"),
                              at(second, "/result/tasks/0/taskId")} == made);
}

struct only_plain : sesame::service<> {
  std::string plain() const { return "plain"; }
  using tools = sesame::tools<sesame::tool<&only_plain::plain, "-">>;
};

TEST_CASE("a server without tasks ignores the wish for one") {
  sesame::server server{{.name = "plain", .version = "1"}, only_plain{}};
  direct client{server.engine()};
  CHECK(at(client(initialize("2025-11-25")), "/result/capabilities/tasks").empty());
  CHECK(said(client(session_call(1, "plain", "{}", R"("task":{})"))) == "plain");
  CHECK(at(client(request(1, "tasks/list")), "/error/code") == "-32601");
}

TEST_CASE("the extension means nothing in a session, nor tasks in an older one") {
  fixture f;
  f.client(initialize("2025-11-25", can));
  CHECK(said(f.client(session_call(1, "greet"))) == "Hello, nobody");
  CHECK(at(f.client(request(1, "tasks/update", R"({"taskId":"x"})")), "/error/code") == "-32601");
  f.client(initialize("2025-06-18", can));
  CHECK(said(f.client(session_call(1, "greet", "{}", R"("task":{})"))) == "Hello, nobody");
  CHECK(at(f.client(request(1, "tasks/list")), "/error/code") == "-32601");
  CHECK(at(f.client(session_call(1, "greet_only_later")), "/result/isError") == "true");
}

}  // namespace engine_tasks_test
