// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <cstddef>
#include <doctest/doctest.h>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine_input_broker_test {

using namespace server_test;

enum class size_t_shirt { small, large };
struct form {
  std::string name;
  int age = 18;
  size_t_shirt size;
  std::optional<bool> news;

  using annotations =
      sesame::annotations<sesame::field<&form::name, "Your name", sesame::min_length<1>>,
                          sesame::field<&form::age, "Your age", sesame::between<0, 150>>>;
};
struct topic {
  std::string about;
};

struct asking : sesame::service<> {
  std::string ask(const topic& what, const sesame::elicited<form>& answer,
                  const sesame::principal* caller) const {
    std::string text = what.about + ": ";
    if (caller != nullptr) text += caller->subject + " ";
    if (answer.action() == sesame::elicitation_action::decline) return text + "declined";
    if (!answer) return text + "cancelled";
    return text + answer->name + " " + std::to_string(answer->age) +
           (answer->size == size_t_shirt::large ? " large" : " small") +
           (answer->news.value_or(false) ? " news" : "");
  }
  sesame::task<std::string> ask_later(sesame::elicited<form> answer, topic what) const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
    co_await timer.async_wait(asio::use_awaitable);
    co_return what.about + (answer ? " " + answer->name : " nothing"s);
  }

  using tools = sesame::tools<
      sesame::tool<&asking::ask, "Asks \"you\"", sesame::elicitation<form, "Who are you?", "who">>,
      sesame::tool<&asking::ask, "The same, under another name", sesame::named<"other">,
                   sesame::elicitation<form, "", "who">>,
      sesame::tool<&asking::ask_later, "Asks, and waits", sesame::elicitation<form>>>;
};

constexpr std::string_view can_ask = R"({"elicitation":{}})";
constexpr std::string_view about_tea = R"({"about":"tea"})";
constexpr std::string_view ann = R"({"action":"accept","content":{"name":"Ann","size":"large"}})";

using server_type = sesame::server<asking, sesame::jwt_provider>;

struct fixture {
  explicit fixture(sesame::server_options options = {.name = "asking", .version = "1"},
                   std::string key = std::string(32, 'k'))
      : server{with(std::move(options), std::move(key)), asking{}, issuer.provider()} {}

  static sesame::server_options with(sesame::server_options options, std::string key) {
    options.request_state_key = sesame::secret{std::move(key)};
    options.on_error = [](std::string_view) {};
    return options;
  }

  std::string first(std::string_view tool = "ask", std::string_view arguments = about_tea,
                    std::string_view more_meta = "") {
    return client(call(1, tool, arguments, meta(can_ask, more_meta)));
  }
  // The call once more, with an answer; the state is JSON.
  std::string again(std::string_view answer, std::string_view state, std::string_view tool = "ask",
                    std::string_view arguments = about_tea, std::string_view more_meta = "") {
    return client(call(2, tool, arguments, meta(can_ask, more_meta),
                       R"("inputResponses":{"who":)" + std::string{answer} +
                           R"(},"requestState":)" + std::string{state}));
  }
  static std::string state_of(const std::string& answer) {
    return at(answer, "/result/requestState");
  }

  sesame::test_issuer issuer;
  server_type server;
  direct client{server.engine()};
};

TEST_CASE("a call without its answer is answered by the question") {
  fixture f;
  const auto asked = f.first();
  CHECK(at(asked, "/result/resultType") == "\"input_required\"");
  CHECK(at(asked, "/result/content").empty());
  CHECK(at(asked, "/result/ttlMs").empty());
  CHECK(at(asked, "/result/inputRequests/who/method") == "\"elicitation/create\"");
  CHECK(at(asked, "/result/inputRequests/who/params/mode") == "\"form\"");
  CHECK(at(asked, "/result/inputRequests/who/params/message") == "\"Who are you?\"");
  const auto schema = at(asked, "/result/inputRequests/who/params/requestedSchema");
  CHECK(at(schema, "/type") == "\"object\"");
  CHECK(at(schema, "/properties/age/default") == "18");
  CHECK(at(schema, "/required") == R"(["name","size"])");
  CHECK(at(schema, "/additionalProperties").empty());
  CHECK(!f.state_of(asked).empty());
  // The tool's description where no message is given; the key's default.
  CHECK(text_at(f.first("other"), "/result/inputRequests/who/params/message") ==
        "The same, under another name");
  CHECK(text_at(f.first("ask_later"), "/result/inputRequests/form/params/message") ==
        "Asks, and waits");
}

TEST_CASE("the call comes again with the answer, and runs") {
  fixture f;
  const auto state = f.state_of(f.first());
  CHECK(said(f.again(ann, state)) == "tea: Ann 18 large");
  CHECK(at(f.client.out, "/result/resultType") == "\"complete\"");
  CHECK(said(f.again(R"({"action":"decline"})", state)) == "tea: declined");
  CHECK(said(f.again(R"({"action":"cancel"})", state)) == "tea: cancelled");
  // Content counts with an acceptance alone.
  CHECK(said(f.again(R"({"action":"decline","content":{"name":"Ann","size":"small"}})", state)) ==
        "tea: declined");
  CHECK(said(f.again(R"({"action":"accept","content":{"name":"B","size":"small","age":3,)"
                     R"("news":true,"more":1}})",
                     state)) == "tea: B 3 small news");
}

TEST_CASE("an answer that is none is refused, and says why") {
  fixture f;
  const auto state = f.state_of(f.first());
  struct row {
    std::string_view answer, message;
  };
  const row rows[] = {
      {"12345", "action"},
      {"null", "action"},
      {"{}", "action"},
      {R"({"action":"agree"})", "action"},
      {R"({"action":5})", "action"},
      {R"({"action":"accept"})", "content"},
      {R"({"action":"accept","content":null})", "content"},
      {R"({"action":"accept","content":[]})", "content"},
      {R"({"action":"accept","content":{}})", "/name: expected a value, found nothing"},
      {R"({"action":"accept","content":{"name":"","size":"small"}})", "/name"},
      {R"({"action":"accept","content":{"name":1,"size":"small"}})", "/name: expected a string"},
      {R"({"action":"accept","content":{"name":"x","size":"huge"}})", "/size"},
      {R"({"action":"accept","content":{"name":"x","size":"small","age":999}})", "/age"},
      {R"({"action":"accept","content":{"name":"x","size":"small","age":"9"}})", "/age"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.answer);
    const auto answer = f.again(row.answer, state);
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find(row.message) != std::string::npos);
  }
  for (const auto wrong : {"null", "5", "[]", "\"x\""}) {
    const auto answer =
        f.client(call(2, "ask", about_tea, meta(can_ask),
                      R"("inputResponses":)"s + wrong + R"(,"requestState":)" + state));
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find("inputResponses") != std::string::npos);
  }
}

TEST_CASE("a missing answer is asked for again, and other answers are left alone") {
  fixture f;
  const auto state = f.state_of(f.first());
  for (const auto given :
       {R"("inputResponses":{},"requestState":)",
        R"("inputResponses":{"other":5,"form":null},"requestState":)", R"("requestState":)"}) {
    const auto answer = f.client(call(2, "ask", about_tea, meta(can_ask), given + state));
    CHECK(at(answer, "/result/resultType") == "\"input_required\"");
    CHECK(!f.state_of(answer).empty());
  }
  CHECK(at(f.client(call(2, "ask", about_tea, meta(can_ask), R"("inputResponses":{})")),
           "/result/resultType") == "\"input_required\"");
  CHECK(said(f.client(call(2, "ask", about_tea, meta(can_ask),
                           R"("inputResponses":{"more":{"roots":[]},"who":)" + std::string{ann} +
                               R"(},"requestState":)" + state))) == "tea: Ann 18 large");
}

TEST_CASE("a state that was changed at any place is refused") {
  fixture f;
  const auto state = text_at(f.first(), "/result/requestState");
  for (std::size_t i = 0; i < state.size(); ++i) {
    auto changed = state;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto answer = f.again(ann, json_string(changed));
    REQUIRE(at(answer, "/error/code") == "-32602");
    REQUIRE(text_at(answer, "/error/message").find("requestState") != std::string::npos);
  }
  for (const auto& wrong :
       {json_string(state + "-TAMPERED"), json_string(""), "null"s, "5"s, "{}"s}) {
    CHECK(at(f.again(ann, wrong), "/error/code") == "-32602");
    CHECK(at(f.client(call(2, "ask", about_tea, meta(can_ask), R"("requestState":)" + wrong)),
             "/error/code") == "-32602");
  }
}

TEST_CASE("a state is not for other arguments, another tool or another caller") {
  fixture f;
  const auto as_ann = authorization(f.issuer.mint({.subject = "ann"}));
  const auto as_bob = authorization(f.issuer.mint({.subject = "bob"}));
  const auto state = f.state_of(f.first("ask", about_tea, as_ann));
  CHECK(said(f.again(ann, state, "ask", about_tea, as_ann)) == "tea: ann Ann 18 large");
  CHECK(said(f.again(ann, state, "ask", R"( {"about" : "\u0074ea"} )", as_ann)) ==
        "tea: ann Ann 18 large");
  CHECK(at(f.again(ann, state, "ask", R"({"about":"coffee"})", as_ann), "/error/code") == "-32602");
  CHECK(at(f.again(ann, state, "other", about_tea, as_ann), "/error/code") == "-32602");
  CHECK(at(f.again(ann, state, "ask", about_tea, as_bob), "/error/code") == "-32602");
  CHECK(at(f.again(ann, state, "ask", about_tea), "/error/code") == "-32602");
  // Nor for another program of the same user.
  const auto by_app = authorization(f.issuer.mint({.subject = "ann", .client_id = "app"}));
  CHECK(at(f.again(ann, state, "ask", about_tea, by_app), "/error/code") == "-32602");
  // Nor is an anonymous one for whoever signs in.
  const auto nobodys = f.state_of(f.first());
  CHECK(at(f.again(ann, nobodys, "ask", about_tea, as_ann), "/error/code") == "-32602");
}

TEST_CASE("a state expires") {
  fixture f{{.name = "asking", .version = "1", .elicitation_timeout = 1s}};
  const auto state = f.state_of(f.first());
  CHECK(said(f.again(ann, state)) == "tea: Ann 18 large");
  // Nothing to wait for but the clock.
  const auto until = std::chrono::steady_clock::now() + 1'100ms;
  while (std::chrono::steady_clock::now() < until) {
  }
  CHECK(at(f.again(ann, state), "/error/code") == "-32602");
}

TEST_CASE("a server with the same key goes on where another one asked") {
  fixture one;
  fixture same;
  fixture other{{.name = "asking", .version = "1"}, std::string(32, 'x')};
  fixture chance{{.name = "asking", .version = "1"}, ""};
  const auto state = one.state_of(one.first());
  CHECK(said(same.again(ann, state)) == "tea: Ann 18 large");
  CHECK(at(other.again(ann, state), "/error/code") == "-32602");
  CHECK(at(chance.again(ann, state), "/error/code") == "-32602");
  CHECK_THROWS_WITH_AS(fixture({.name = "asking", .version = "1"}, "short"),
                       doctest::Contains("request_state_key"), sesame::configuration_error);
}

TEST_CASE("a client that cannot ask is told what it would need") {
  fixture f;
  for (const auto few : {"{}", R"({"sampling":{}})", R"({"elicitation":{"url":{}}})",
                         R"({"elicitation":null})", R"({"elicitation":true})"}) {
    CAPTURE(few);
    const auto answer = f.client(call(1, "ask", about_tea, meta(few)));
    CHECK(at(answer, "/error/code") == "-32021");
    CHECK(at(answer, "/error/data/requiredCapabilities") == R"({"elicitation":{}})");
    CHECK(f.client.x.status() == 400);
  }
  for (const auto enough :
       {R"({"elicitation":{"form":{}}})", R"({"elicitation":{"form":{},"url":{}}})"})
    CHECK(at(f.client(call(1, "ask", about_tea, meta(enough))), "/result/resultType") ==
          "\"input_required\"");
}

TEST_CASE("arguments that do not fit are told before anything is asked") {
  fixture f;
  const auto answer = f.first("ask", R"({"about":5})");
  CHECK(at(answer, "/result/isError") == "true");
  CHECK(at(answer, "/result/inputRequests").empty());
}

// Sessions.

struct in_session : fixture {
  explicit in_session(std::string_view revision = "2025-11-25",
                      std::string_view capabilities = can_ask,
                      sesame::server_options options = {.name = "asking", .version = "1"})
      : fixture(std::move(options)) {
    client(initialize(revision, capabilities));
  }
  void begin(std::string_view tool = "ask", std::string_view arguments = about_tea, int id = 5) {
    client.begin(session_call(id, tool, arguments));
    REQUIRE(client.became == sesame::disposition::pending);
    asio::co_spawn(client.io, client.x.finish(), [this](std::exception_ptr) { over = true; });
    client.io.restart();
    client.io.poll();
  }
  std::string question_id() const { return at(client.sent.back(), "/id"); }
  // A message of the same peer that comes meanwhile.
  void send(std::string_view message) {
    direct other{server.engine()};
    other.peer = client.peer;
    other(message);
    CHECK(other.out.empty());
    client.peer.session = other.peer.session;
  }
  void respond(const std::string& id, std::string_view result) {
    send(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + std::string{result} + "}");
  }
  std::string end() {
    client.io.restart();
    client.io.run_for(10s);
    CHECK(over);
    return client.out;
  }
  bool over = false;
};

TEST_CASE("in a session the question is a request to the client, and the call waits") {
  in_session f;
  f.begin();
  REQUIRE(f.client.sent.size() == 1);
  const auto& question = f.client.sent[0];
  CHECK(at(question, "/jsonrpc") == "\"2.0\"");
  CHECK(at(question, "/method") == "\"elicitation/create\"");
  CHECK(at(question, "/params/mode") == "\"form\"");
  CHECK(at(question, "/params/message") == "\"Who are you?\"");
  CHECK(!at(question, "/params/requestedSchema/properties/name").empty());
  CHECK(!f.over);
  f.respond(f.question_id(), ann);
  const auto answer = f.end();
  CHECK(said(answer) == "tea: Ann 18 large");
  CHECK(at(answer, "/id") == "5");
  CHECK(at(answer, "/result/resultType").empty());
}

TEST_CASE("a revision without modes is asked without one") {
  in_session f{"2025-06-18"};
  f.begin();
  CHECK(at(f.client.sent[0], "/params/mode").empty());
  f.respond(f.question_id(), R"({"action":"decline"})");
  CHECK(said(f.end()) == "tea: declined");
}

TEST_CASE("a task goes on with the answer") {
  in_session f;
  f.begin("ask_later");
  f.respond(f.question_id(), ann);
  CHECK(said(f.end()) == "tea Ann");
}

TEST_CASE("whatever else the client sends, the right answer is waited for") {
  in_session f;
  f.begin();
  const auto id = f.question_id();
  f.respond("\"sesame-99\"", ann);
  f.respond("1", ann);
  f.respond("5", ann);
  f.send(notification("notifications/initialized"));
  f.send(cancelled(4));
  f.client.io.restart();
  f.client.io.poll();
  CHECK(!f.over);
  // Another session's answer is nobody's.
  {
    direct stranger{f.server.engine()};
    stranger(initialize("2025-11-25", can_ask));
    stranger(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + std::string{ann} + "}");
  }
  f.client.io.restart();
  f.client.io.poll();
  CHECK(!f.over);
  f.respond(id, R"({"action":"cancel"})");
  f.respond(id, ann);
  CHECK(said(f.end()) == "tea: cancelled");
}

TEST_CASE("a wrong answer, or an error, is told to the model") {
  for (const auto result : {R"("result":{"action":"accept","content":{"name":5,"size":"small"}})",
                            R"("result":{"action":"agree"})", R"("result":7)", R"("result":null)",
                            R"("error":{"code":-1,"message":"no window"})"}) {
    CAPTURE(result);
    in_session f;
    f.begin();
    f.send(R"({"jsonrpc":"2.0","id":)" + f.question_id() + "," + result + "}");
    const auto answer = f.end();
    CHECK(at(answer, "/result/isError") == "true");
    CHECK(said(answer).starts_with("The client could not be asked: "));
  }
}

TEST_CASE("a user who does not answer in time is not waited for") {
  in_session f{
      "2025-11-25", can_ask, {.name = "asking", .version = "1", .elicitation_timeout = 1s}};
  f.begin();
  const auto answer = f.end();
  CHECK(at(answer, "/result/isError") == "true");
  CHECK(said(answer).find("in time") != std::string::npos);
  // What comes later is nobody's.
  f.respond(f.question_id(), ann);
}

TEST_CASE("a call is cancelled while its question is open") {
  in_session f;
  f.begin();
  f.send(cancelled(5));
  CHECK(f.end().empty());
  f.respond(f.question_id(), ann);
  CHECK(f.client.peer.in_flight.empty());
}

TEST_CASE("a question that cannot be sent is not waited for") {
  in_session f;
  f.client.takes = false;
  f.begin();
  const auto answer = f.end();
  CHECK(at(answer, "/result/isError") == "true");
  CHECK(said(answer) == "The client could not be asked.");
}

TEST_CASE("a session whose client or revision cannot ask is told so") {
  for (const auto& [revision, capabilities] :
       std::vector<std::pair<std::string_view, std::string_view>>{
           {"2025-11-25", "{}"}, {"2025-03-26", can_ask}, {"2024-11-05", can_ask}}) {
    CAPTURE(revision);
    in_session f{revision, capabilities};
    const auto answer = f.client(session_call(1, "ask", about_tea));
    CHECK(at(answer, "/result/isError") == "true");
    CHECK(said(answer).find("elicitation") != std::string::npos);
  }
}

TEST_CASE("two calls of one session ask two questions, and each gets its own answer") {
  in_session f;
  f.begin("ask", R"({"about":"one"})", 1);
  direct second{f.server.engine()};
  second.peer = f.client.peer;
  second.begin(session_call(2, "ask", R"({"about":"two"})"));
  bool over = false;
  asio::co_spawn(second.io, second.x.finish(), [&](std::exception_ptr) { over = true; });
  second.io.poll();
  REQUIRE(second.sent.size() == 1);
  const auto second_id = at(second.sent[0], "/id");
  CHECK(second_id != f.question_id());
  f.respond(second_id, R"({"action":"decline"})");
  f.respond(f.question_id(), R"({"action":"cancel"})");
  CHECK(said(f.end()) == "one: cancelled");
  second.io.restart();
  second.io.run_for(10s);
  CHECK(over);
  CHECK(said(second.out) == "two: declined");
}

TEST_CASE("an answer to a question may name state members of the other era without effect") {
  in_session f;
  const auto answer = f.client(request(
      1, "tools/call", R"({"name":"ask","arguments":{"about":5},"requestState":"forged"})"));
  CHECK(at(answer, "/result/isError") == "true");
}

// Questions of a handler.

struct step_form {
  std::string value;
};

struct conversing : sesame::service<> {
  int runs = 0;
  int ends = 0;

  sesame::task<std::string> two_rounds(sesame::context& call) {
    ++runs;
    const auto name = co_await call.elicit<step_form>("Your name?", "name");
    if (!name) co_return "no name";
    const auto colour = co_await call.elicit<step_form>("Colour, " + name->value + "?");
    ++ends;
    co_return name->value + " likes " + (colour ? colour->value : "nothing");
  }
  sesame::task<std::string> all_at_once(sesame::context& call) {
    ++runs;
    sesame::elicit_form<step_form> form{"Name?", "name"};
    sesame::create_message message{"Greet", 50, "greeting"};
    sesame::list_roots folders{"folders"};
    const auto [name, greeting, roots] =
        co_await call.ask(std::move(form), std::move(message), std::move(folders));
    co_return greeting.text() + ", " + (name ? name->value : "you") + ", of " +
        std::to_string(roots.size()) + " folders";
  }
  sesame::task<std::string> page(sesame::context& call) {
    const auto action = co_await call.elicit({"https://pay.example/", "Pay"});
    co_return action == sesame::elicitation_action::accept ? "went there" : "did not";
  }
  // Whatever a handler does with the exception that it must let pass, it is not taken for an answer.
  sesame::task<std::string> swallows(sesame::context& call) {
    try {
      co_await call.sample({"Say something", 10});
    } catch (...) {
    }
    co_return "I know better";
  }
  sesame::task<std::string> falls_back(sesame::context& call) {
    try {
      const auto said = co_await call.sample({"Say something", 10});
      co_return said.text();
    } catch (const sesame::client_error& none) {
      co_return std::string{"without: "} + none.what();
    }
  }
  sesame::task<std::string> same_key(sesame::context& call) {
    sesame::list_roots one{"k"};
    sesame::list_roots other{"k"};
    co_await call.ask(std::move(one), std::move(other));
    co_return "asked twice";
  }
  sesame::task<std::string> after_form(const sesame::elicited<step_form>& first,
                                       sesame::context& call) {
    const auto second = co_await call.elicit<step_form>("And?");
    co_return first->value + second->value;
  }

  using tools = sesame::tools<
      sesame::tool<&conversing::two_rounds, "-">, sesame::tool<&conversing::all_at_once, "-">,
      sesame::tool<&conversing::page, "-">, sesame::tool<&conversing::swallows, "-">,
      sesame::tool<&conversing::falls_back, "-">, sesame::tool<&conversing::same_key, "-">,
      sesame::tool<&conversing::after_form, "-", sesame::elicitation<step_form, "First?">>>;
};

constexpr std::string_view can_all =
    R"({"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}})";

std::string filled(std::string_view value) {
  return R"({"action":"accept","content":{"value":)" + json_string(value) + "}}";
}

struct conversation {
  std::string call_with(std::string_view tool, std::string_view more = "",
                        std::string_view capabilities = can_all) {
    return client(call(1, tool, "{}", meta(capabilities), more));
  }
  // The call once more; `answers` are members of inputResponses.
  std::string again(std::string_view tool, const std::string& before, std::string_view answers) {
    return call_with(tool, R"("requestState":)" + at(before, "/result/requestState") +
                               R"(,"inputResponses":{)" + std::string{answers} + "}");
  }

  conversing tools;
  sesame::server<std::reference_wrapper<conversing>> server{
      {.name = "conversing", .version = "1", .on_error = [](std::string_view) {}}, std::ref(tools)};
  direct client{server.engine()};
};

TEST_CASE("a handler asks round after round, and runs anew in each") {
  conversation f;
  const auto first = f.call_with("two_rounds");
  CHECK(at(first, "/result/resultType") == "\"input_required\"");
  CHECK(text_at(first, "/result/inputRequests/name/params/message") == "Your name?");
  CHECK(at(first, "/result/content").empty());
  const auto second = f.again("two_rounds", first, R"("name":)" + filled("Ann"));
  CHECK(text_at(second, "/result/inputRequests/question-2/params/message") == "Colour, Ann?");
  CHECK(at(second, "/result/inputRequests/name").empty());
  CHECK(at(second, "/result/requestState") != at(first, "/result/requestState"));
  CHECK(f.tools.ends == 0);
  const auto third = f.again("two_rounds", second, R"("question-2":)" + filled("red"));
  CHECK(said(third) == "Ann likes red");
  CHECK(at(third, "/result/resultType") == "\"complete\"");
  CHECK(f.tools.runs == 3);
  CHECK(f.tools.ends == 1);
  // A declined question is an answer too.
  CHECK(said(f.again("two_rounds", first, R"("name":{"action":"decline"})")) == "no name");
}

TEST_CASE("what was answered in an earlier round stays as it was") {
  conversation f;
  const auto second =
      f.again("two_rounds", f.call_with("two_rounds"), R"("name":)" + filled("Ann"));
  CHECK(said(f.again("two_rounds", second,
                     R"("question-2":)" + filled("red") + R"(,"name":)" + filled("Bob"))) ==
        "Ann likes red");
}

TEST_CASE("several questions go together, and only those that are open go again") {
  conversation f;
  const auto first = f.call_with("all_at_once");
  CHECK(text_at(first, "/result/inputRequests/name/method") == "elicitation/create");
  CHECK(text_at(first, "/result/inputRequests/greeting/method") == "sampling/createMessage");
  CHECK(at(first, "/result/inputRequests/greeting/params/maxTokens") == "50");
  CHECK(text_at(first, "/result/inputRequests/folders/method") == "roots/list");
  CHECK(at(first, "/result/inputRequests/folders/params") == "{}");
  const auto second =
      f.again("all_at_once", first,
              R"("folders":{"roots":[{"uri":"file:///a"}]},"unknown":5,"name":)" + filled("Ann"));
  CHECK(at(second, "/result/inputRequests/folders").empty());
  CHECK(at(second, "/result/inputRequests/name").empty());
  CHECK(said(f.again("all_at_once", second,
                     R"("greeting":{"role":"assistant","model":"m",)"
                     R"("content":{"type":"text","text":"Good day"}})")) ==
        "Good day, Ann, of 1 folders");
}

TEST_CASE("an answer that does not fit a handler's question is refused") {
  conversation f;
  const auto first = f.call_with("all_at_once");
  for (const auto wrong :
       {R"("name":12345)", R"("name":null)", R"("greeting":{})", R"("folders":{"roots":5})",
        R"("name":{"action":"accept","content":{"value":5}})"}) {
    CAPTURE(wrong);
    CHECK(at(f.again("all_at_once", first, wrong), "/error/code") == "-32602");
  }
  CHECK(at(f.call_with("all_at_once", R"("requestState":"x")"), "/error/code") == "-32602");
}

TEST_CASE("a client is asked nothing that it did not declare") {
  conversation f;
  const auto answer = f.call_with("all_at_once", "", R"({"elicitation":{}})");
  CHECK(at(answer, "/error/code") == "-32021");
  CHECK(at(answer, "/error/data/requiredCapabilities") ==
        R"({"elicitation":{},"sampling":{},"roots":{}})");
  CHECK(f.client.x.status() == 400);
  CHECK(at(f.call_with("page", "", R"({"elicitation":{}})"), "/error/code") == "-32021");
  CHECK(text_at(f.call_with("page"), "/result/inputRequests/question-1/params/url") ==
        "https://pay.example/");
}

TEST_CASE("a handler that keeps what it should let pass does not answer") {
  conversation f;
  const auto answer = f.call_with("swallows");
  CHECK(at(answer, "/result/resultType") == "\"input_required\"");
  CHECK(answer.find("I know better") == std::string::npos);
}

TEST_CASE("two questions with one key are the handler's fault") {
  conversation f;
  CHECK(at(f.call_with("same_key"), "/error/code") == "-32603");
}

TEST_CASE("a handler may ask more after the form of its declaration") {
  conversation f;
  const auto first = f.call_with("after_form");
  const auto second = f.again("after_form", first, R"("form":)" + filled("a"));
  CHECK(text_at(second, "/result/inputRequests/question-1/params/message") == "And?");
  CHECK(said(f.again("after_form", second, R"("question-1":)" + filled("b"))) == "ab");
}

TEST_CASE("a stateless client is sent no request, whatever is asked") {
  conversation f;
  for (const auto tool : {"two_rounds", "all_at_once", "page"}) {
    CAPTURE(tool);
    CHECK(at(f.call_with(tool), "/result/resultType") == "\"input_required\"");
    CHECK(f.client.sent.empty());
  }
}

struct in_conversation : conversation {
  in_conversation() { client(initialize("2025-11-25", can_all)); }

  // Serves a call; each question that comes is answered by `answer`, a result or an error.
  std::string serve(std::string_view tool,
                    const std::function<std::string(std::string_view method, int nth)>& answer) {
    int asked = 0;
    client.on_send = [&](std::string_view message) {
      const auto id = at(message, "/id");
      const auto given = answer(text_at(message, "/method"), ++asked);
      if (id.empty() || given.empty()) return;
      asio::post(client.io, [this, id, given] {
        direct other{server.engine()};
        other.peer.session = client.peer.session;
        other(R"({"jsonrpc":"2.0","id":)" + id + "," + given + "}");
      });
    };
    return client(session_call(1, tool));
  }
};

TEST_CASE("in a session a handler's questions are requests, and it runs once") {
  in_conversation f;
  CHECK(said(f.serve("two_rounds", [](std::string_view, int nth) {
          return R"("result":)" + filled(nth == 1 ? "Ann" : "red");
        })) == "Ann likes red");
  CHECK(f.tools.runs == 1);
  CHECK(said(f.serve("all_at_once", [](std::string_view method, int) -> std::string {
          if (method == "roots/list") return R"("result":{"roots":[]})";
          if (method == "elicitation/create") return R"("result":{"action":"cancel"})";
          return R"("result":{"role":"assistant","model":"m","content":[)"
                 R"({"type":"text","text":"Good "},{"type":"text","text":"day"}]})";
        })) == "Good day, you, of 0 folders");
  CHECK(said(f.serve("page", [](std::string_view, int) -> std::string {
          return R"("result":{"action":"accept"})";
        })) == "went there");
}

TEST_CASE("a client that answers with an error, or with nonsense, is told of in the handler") {
  in_conversation f;
  for (const auto answer : {R"("error":{"code":-1,"message":"a secret of the client"})",
                            R"("result":{})", R"("result":5)"}) {
    CAPTURE(answer);
    const auto text =
        said(f.serve("falls_back", [&](std::string_view, int) -> std::string { return answer; }));
    CHECK(text.starts_with("without: The client could not be asked: "));
    CHECK(text.find("secret") == std::string::npos);
    const auto uncaught =
        f.serve("all_at_once", [&](std::string_view, int) -> std::string { return answer; });
    CHECK(at(uncaught, "/result/isError") == "true");
  }
}

TEST_CASE("a session's client is asked nothing that it did not declare") {
  conversation f;
  f.client(initialize("2025-11-25", R"({"elicitation":{}})"));
  const auto answer = f.client(session_call(1, "all_at_once"));
  CHECK(at(answer, "/result/isError") == "true");
  CHECK(said(answer).find("sampling") != std::string::npos);
  CHECK(f.client.sent.empty());
}

TEST_CASE("a call is cancelled while a handler's question is open") {
  in_conversation f;
  CHECK(f.serve("two_rounds", [&](std::string_view, int) -> std::string {
           asio::post(f.client.io, [&f] { f.client.x.cancel(); });
           return {};
         }).empty());
  CHECK(f.tools.ends == 0);
}

}  // namespace engine_input_broker_test
