// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <atomic>
#include <cstddef>
#include <doctest/doctest.h>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace engine_test {

using namespace server_test;

struct words {
  std::string text;
  std::optional<int> number;
};

struct reading_only : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string read() const { return "read"; }
  using tools = sesame::tools<
      sesame::tool<&reading_only::read, "-", sesame::scopes<"read", "x">>,
      sesame::tool<&reading_only::read, "-", sesame::named<"again">, sesame::scopes<"x", "y">>>;
};

struct open_echo : sesame::service<> {
  std::string echo(const words& given) const { return given.text; }
  sesame::task<std::string> echo_later(words given) const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
    co_await timer.async_wait(asio::use_awaitable);
    co_return given.text;
  }
  std::string fail() const { throw std::runtime_error("the secret of the house"); }
  std::string whoami(const sesame::principal* caller) const {
    return caller == nullptr ? "nobody" : caller->subject;
  }
  using tools =
      sesame::tools<sesame::tool<&open_echo::echo, "-">, sesame::tool<&open_echo::echo_later, "-">,
                    sesame::tool<&open_echo::fail, "-">, sesame::tool<&open_echo::whoami, "-">>;
};

struct fixture {
  explicit fixture(sesame::json::limits limits = {})
      : server{{.name = "engine", .version = "1", .message = limits, .on_error = log.sink()},
               open_echo{},
               issuer.provider()} {}
  reports log;
  sesame::test_issuer issuer;
  sesame::server<open_echo, sesame::jwt_provider> server;
  direct client{server.engine()};

  // After whatever came, the server serves.
  void lives() { CHECK(said(client(call(1, "echo", R"({"text":"alive"})"))) == "alive"); }
};

TEST_CASE("what an engine tells of itself follows from its tools and providers") {
  const sesame::test_issuer issuer;
  sesame::server closed{{.name = "closed", .version = "1"}, reading_only{}, issuer.provider()};
  auto& engine = closed.engine();
  CHECK(!engine.opens_to_anonymous());
  CHECK(engine.verifies_tokens());
  CHECK(engine.issuers() == std::vector<std::string>{issuer.name()});
  CHECK(engine.scopes() == std::vector<std::string_view>{"read", "x", "y"});

  sesame::server open{{.name = "open", .version = "1"}, open_echo{}};
  CHECK(open.engine().opens_to_anonymous());
  CHECK(!open.engine().verifies_tokens());
  CHECK(open.engine().issuers().empty());
  CHECK(open.engine().scopes().empty());

  sesame::server<> empty{{.name = "empty", .version = "1"}};
  CHECK(empty.engine().opens_to_anonymous());
  direct client{empty.engine()};
  CHECK(at(client(stateless(1, "tools/list")), "/error/code") == "-32601");
  CHECK(at(client(call(1, "x")), "/error/code") == "-32601");
}

TEST_CASE("messages that are none are refused by what is wrong with them") {
  fixture f;
  struct row {
    std::string text;
    std::string_view code, id, says;
  };
  const row rows[] = {
      {"", "-32700", "", "not valid JSON"},
      {" ", "-32700", "", ""},
      {"{", "-32700", "", ""},
      {"nonsense", "-32700", "", ""},
      {"{}{}", "-32700", "", ""},
      {"\xef\xbb\xbf{}x", "-32700", "", ""},
      {"{\"a\":\"\xff\"}", "-32700", "", "UTF-8"},
      {"{\"a\":1e999}", "-32700", "", ""},
      {"{\"a\":\"\\ud800\"}", "-32700", "", ""},
      {"{\"a\":\"x\ny\"}", "-32700", "", ""},
      {"{'a':1}", "-32700", "", ""},
      {"{\"a\":1,}", "-32700", "", ""},
      {"{\"a\":01}", "-32700", "", ""},
      {"{\"a\":NaN}", "-32700", "", ""},
      {"1", "-32600", "", "object"},
      {"null", "-32600", "", "object"},
      {"\"x\"", "-32600", "", "object"},
      {"[]", "-32600", "", "batches"},
      {"[{}]", "-32600", "", "batches"},
      {"{}", "-32600", "", "jsonrpc"},
      {R"({"jsonrpc":"2.0"})", "-32600", "", "neither"},
      {R"({"jsonrpc":2.0,"id":1,"method":"ping"})", "-32600", "1", "jsonrpc"},
      {R"({"jsonrpc":"2.1","id":1,"method":"ping"})", "-32600", "1", "jsonrpc"},
      {R"({"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"})", "-32600", "1", "twice"},
      {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})", "-32600", "", "twice"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","method":"ping"})", "-32600", "1", "twice"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{}})", "-32600", "1",
       "twice"},
      {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", "-32600", "", "id"},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", "-32600", "", "id"},
      {R"({"jsonrpc":"2.0","id":[1],"method":"ping"})", "-32600", "", "id"},
      {R"({"jsonrpc":"2.0","id":{},"method":"ping"})", "-32600", "", "id"},
      {R"({"jsonrpc":"2.0","id":true,"method":"ping"})", "-32600", "", "id"},
      {R"({"jsonrpc":"2.0","id":1,"method":5})", "-32600", "1", "method"},
      {R"({"jsonrpc":"2.0","id":1,"method":null})", "-32600", "1", "method"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","result":1})", "-32600", "1", "both"},
      {R"({"jsonrpc":"2.0","id":1,"result":1,"error":{}})", "-32600", "1", "neither"},
      {R"({"jsonrpc":"2.0","result":1})", "-32600", "", "neither"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", "-32602", "1", "params"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})", "-32602", "1", "params"},
      {R"({"jsonrpc":"2.0","method":"notifications/x","params":[]})", "-32600", "", "params"},
      {R"({"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":5}})", "-32600", "",
       "_meta"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":5}})", "-32602", "1", "_meta"},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{},"_meta":{}}})", "-32602",
       "1", "_meta"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto answer = f.client(row.text);
    CHECK(at(answer, "/error/code") == row.code);
    CHECK(at(answer, "/id") == row.id);
    CHECK(answer.find("\"id\":null") == std::string::npos);
    CHECK(text_at(answer, "/error/message").find(row.says) != std::string::npos);
    CHECK(answer.find('\n') == std::string::npos);
    const auto http = refused(f.client, row.text, fields{});
    CHECK(http.code == row.code);
    if (row.code != "-32602") CHECK(http.status == 400);
  }
  f.lives();
}

TEST_CASE("a tool call is refused by the parameter that is wrong") {
  fixture f;
  struct row {
    std::string_view members, names;
  };
  const row rows[] = {
      {R"("x":1)", "name"},
      {R"("name":5)", "name"},
      {R"("name":null)", "name"},
      {R"("name":"echo","name":"fail")", "name"},
      {R"("name":"echo","arguments":[])", "arguments"},
      {R"("name":"echo","arguments":"x")", "arguments"},
      {R"("name":"echo","arguments":null)", "arguments"},
      {R"("name":"echo","arguments":{},"arguments":{})", "arguments"},
      {R"("name":"echo","requestState":"","requestState":"")", "requestState"},
      {R"("name":"echo","inputResponses":{},"inputResponses":{})", "inputResponses"},
      {R"("name":"")", "unknown tool"},
      {R"("name":"ECHO")", "unknown tool"},
      {R"("name":"echo\u0000")", "unknown tool"},
      {R"("name":"echo ")", "unknown tool"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.members);
    const auto answer = f.client(stateless(1, "tools/call", row.members));
    CHECK(at(answer, "/error/code") == "-32602");
    CHECK(text_at(answer, "/error/message").find(row.names) != std::string::npos);
    CHECK(at(answer, "/id") == "1");
  }
  f.client(initialize());
  CHECK(at(f.client(R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})"), "/error/code") ==
        "-32602");
}

TEST_CASE("an id comes back as it went in") {
  fixture f;
  for (const std::string id :
       {"0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "\"\"",
        "\"a\\u0000b\"", "\"\\u001f\\\"\\\\/\"", "\"\\ud83d\\ude00\"", "\"null\""}) {
    CAPTURE(id);
    const auto answer = f.client(R"({"jsonrpc":"2.0","id":)" + id +
                                 R"(,"method":"tools/list","params":{"_meta":)" + meta() + "}}");
    sesame::json::document one;
    CHECK(std::string{at(answer, "/id")} == sesame::json::minify(*one.parse(std::string_view{id})));
    CHECK(at(answer, "/error").empty());
    const auto failed = f.client(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"x"})");
    CHECK(at(failed, "/id") == at(answer, "/id"));
  }
  const auto large = json_string(std::string(1'000'000, 'i'));
  const auto answer = f.client(R"({"jsonrpc":"2.0","id":)" + large + R"(,"method":"ping"})");
  CHECK(at(answer, "/id") == large);
}

TEST_CASE("a message cut short at any place is refused, and the server goes on") {
  fixture f;
  const auto whole = call(1, "echo", R"({"text":"caf\u00e9","number":5})",
                          meta(R"({"elicitation":{}})", R"("progressToken":"t")"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto answer = f.client(std::string_view{whole}.substr(0, size));
    REQUIRE(at(answer, "/error/code") == "-32700");
    REQUIRE(at(answer, "/id").empty());
  }
  CHECK(said(f.client(whole)) == "caf\u00e9");
}

TEST_CASE("a message with any byte changed is answered, or is none to be answered") {
  fixture f;
  const auto whole = call(1, "echo", R"({"text":"abc","number":5})", meta("{}"));
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const char c : {'\0', '"', '}', '\xff', '9', '\\', ' '}) {
      auto changed = whole;
      changed[i] = c;
      const auto answer = f.client(changed);
      const bool silent = f.client.became == sesame::disposition::accepted;
      REQUIRE(answer.empty() == silent);
      if (!silent) {
        REQUIRE(at(answer, "/jsonrpc") == "\"2.0\"");
        REQUIRE(at(answer, "/error").empty() != at(answer, "/result").empty());
      }
    }
  f.lives();
}

TEST_CASE("a message beyond the limits is refused, and one within them is not") {
  fixture f{{.size = 10'000, .depth = 16}};
  const auto of_size = [](std::size_t size) {
    auto text = call(1, "echo", R"({"text":""})");
    text.insert(text.rfind("\"\"") + 1, std::string(size - text.size(), 'x'));
    REQUIRE(text.size() == size);
    return text;
  };
  CHECK(at(f.client(of_size(10'000)), "/error").empty());
  CHECK(at(f.client(of_size(10'001)), "/error/code") == "-32700");
  CHECK(text_at(f.client.out, "/error/message").find("too long") != std::string::npos);

  const auto nested = [](int levels) {
    return R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":)" +
           std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']') + "}}";
  };
  CHECK(at(f.client(nested(10)), "/error").empty());
  CHECK(text_at(f.client(nested(20)), "/error/message").find("nested") != std::string::npos);
  CHECK(at(f.client(nested(4'000)), "/error/code") == "-32700");
  CHECK(at(f.client(std::string(9'000, '[')), "/error/code") == "-32700");
  CHECK(at(f.client(std::string(9'000, '{')), "/error/code") == "-32700");
  f.lives();
}

TEST_CASE("values of any wrong type at each level are refused without harm") {
  fixture f;
  const std::string values[] = {"null", "true", "5",           "-1.5",     "\"x\"",
                                "[]",   "{}",   "\"\\u0000\"", "[[[[]]]]", R"({"a":{"a":{}}})"};
  const std::string_view places[] = {
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":@})",
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":@}})",
      R"({"jsonrpc":"2.0","id":1,"method":@,"params":{}})",
      R"({"jsonrpc":@,"id":1,"method":"ping","params":{}})",
      R"({"jsonrpc":"2.0","id":@,"method":"ping","params":{}})",
      R"({"jsonrpc":"2.0","id":1,"result":@})",
      R"({"jsonrpc":"2.0","id":1,"error":@})",
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":@,"capabilities":{}}})",
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":@}})",
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":@,"sampling":@,"roots":@}}})",
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":@}})",
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":@}})",
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":@})",
      R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":@}})",
      R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":@}})",
  };
  for (const auto place : places)
    for (const auto& value : values) {
      std::string text{place};
      for (auto found = text.find('@'); found != std::string::npos; found = text.find('@'))
        text.replace(found, 1, value);
      CAPTURE(text);
      const auto answer = f.client(text);
      if (!answer.empty()) CHECK(at(answer, "/jsonrpc") == "\"2.0\"");
    }
  const std::string keys[] = {"io.modelcontextprotocol/protocolVersion",
                              "io.modelcontextprotocol/clientCapabilities",
                              "io.modelcontextprotocol/clientInfo",
                              "io.modelcontextprotocol/logLevel",
                              "progressToken",
                              "authorization",
                              "traceparent"};
  for (const auto& key : keys)
    for (const auto& value : values) {
      const auto answer =
          f.client(request(1, "tools/list",
                           R"({"_meta":{")" + key + R"(":)" + value +
                               R"(,"io.modelcontextprotocol/protocolVersion":"2026-07-28")"
                               R"(,"io.modelcontextprotocol/clientCapabilities":{}}})"));
      CAPTURE(key);
      CAPTURE(value);
      CHECK(at(answer, "/id") == "1");
    }
  for (const auto& value : values) {
    CAPTURE(value);
    const auto answer =
        f.client(call(1, "echo", R"({"text":)" + value + R"(,"number":)" + value + "}"));
    CHECK(at(answer, "/result/isError") == "true");
    CHECK(said(answer).starts_with("Invalid arguments: /"));
  }
  f.lives();
}

TEST_CASE("very many members at any level are read through, or refused, in no time") {
  fixture f{{.size = std::size_t{16} << 20}};
  std::string many;
  for (int i = 0; i < 100'000; ++i)
    many += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  const auto start = std::chrono::steady_clock::now();
  CHECK(at(f.client("{" + many + R"("jsonrpc":"2.0","id":1,"method":"ping"})"), "/result") == "{}");
  CHECK(at(f.client(request(1, "tools/list", "{" + many + R"("_meta":)" + meta() + "}")),
           "/result/resultType") == "\"complete\"");
  auto crowded = meta();
  crowded.insert(1, many);
  CHECK(at(f.client(stateless(1, "tools/list", "", crowded)), "/result/resultType") ==
        "\"complete\"");
  const auto refused = f.client(call(1, "echo", "{" + many + R"("text":"x"})"));
  CHECK(said(refused) == "Invalid arguments: /k0: expected a known member, found an unknown one");
  std::string repeated;
  for (int i = 0; i < 100'000; ++i) repeated += "\"text\":\"x\",";
  repeated.pop_back();
  CHECK(said(f.client(call(1, "echo", "{" + repeated + "}"))) ==
        "Invalid arguments: /text: expected one value, found two");
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  f.lives();
}

TEST_CASE("text of any kind goes through unharmed") {
  fixture f;
  for (const auto text : {"\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud83d\\ude00\"", "\"\\\"\\\\\\n\"",
                          "\"\u2028\u2029\"", "\"</script>\""}) {
    const auto answer = f.client(call(1, "echo", R"({"text":)"s + text + "}"));
    sesame::json::document document;
    CHECK(said(answer) == *sesame::json::as_string(*document.parse(std::string_view{text})));
    CHECK(answer.find('\n') == std::string::npos);
  }
}

TEST_CASE("the peer learns no more of a fault than its number") {
  fixture f;
  const auto answer = f.client(call(1, "fail"));
  CHECK(at(answer, "/error/code") == "-32603");
  CHECK(answer.find("secret") == std::string::npos);
  CHECK(f.log.mention("the secret of the house"));
}

TEST_CASE("a token is verified once, and then found") {
  fixture f;
  const auto token = f.issuer.mint({.subject = "ann"});
  const auto first = f.server.engine().authenticate(token);
  REQUIRE(first);
  CHECK((*first)->subject == "ann");
  const auto second = f.server.engine().authenticate(token);
  REQUIRE(second);
  CHECK(first->get() == second->get());
  const auto later = f.server.engine().authenticate(
      token, std::chrono::system_clock::now() + std::chrono::hours{2});
  REQUIRE(!later);
  CHECK(later.error().code == sesame::auth_error::invalid_token);
}

TEST_CASE("one engine serves several threads, and each caller is his own") {
  fixture f;
  std::atomic<int> wrong = 0;
  std::vector<std::string> tokens;
  for (int i = 0; i < 8; ++i)
    tokens.push_back(f.issuer.mint({.subject = "user" + std::to_string(i)}));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      direct client{f.server.engine()};
      const std::string session = [&] {
        client(initialize(), fields{});
        return client.x.opened()->id();
      }();
      for (int i = 0; i < 100; ++i) {
        const auto n = static_cast<std::size_t>((i + t) % 8);
        const auto with = meta("{}", authorization(tokens[n]));
        if (said(client(call(i, "whoami", "{}", with))) != "user" + std::to_string(n)) ++wrong;
        const auto text = std::to_string(t) + "/" + std::to_string(i);
        const auto arguments = R"({"text":")" + text + "\"}";
        if (said(client(call(i, "echo_later", arguments))) != text) ++wrong;
        if (said(client(call(i, "echo", arguments))) != text) ++wrong;
        const fields in{{"Mcp-Session-Id", session}};
        if (said(client(session_call(i, "echo_later", arguments), in)) != text) ++wrong;
        if (i % 10 == 0) client(call(i, "fail"));
        if (i % 25 == 0) client(initialize("2024-11-05"), fields{});
      }
    });
  for (auto& each : threads) each.join();
  CHECK(wrong == 0);
  CHECK(f.log.all().size() == 40);
}

TEST_CASE("a workplace serves any number of messages, of both eras and whatever came before") {
  fixture f;
  f.client(initialize("2025-11-25", R"({"elicitation":{}})"));
  for (int i = 0; i < 200; ++i) {
    const auto text = "t" + std::to_string(i);
    const auto arguments = R"({"text":")" + text + "\"}";
    if (i % 5 == 0) f.client("{");
    if (i % 7 == 0) f.client(call(i, "fail"));
    if (i % 3 == 0)
      CHECK(said(f.client(session_call(i, "echo_later", arguments))) == text);
    else
      CHECK(said(f.client(call(i, "echo", arguments))) == text);
    CHECK(at(f.client.out, "/id") == std::to_string(i));
  }
}

}  // namespace engine_test
