// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/resource_result.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace resource_result_test {

using namespace server_test;
using sesame::resource;
using sesame::resource_contents;

struct point {
  int x = 1;
  double y = 2;
};

struct shelf : sesame::service<> {
  std::string text() const { return "a \"text\""; }
  std::string markdown() const { return "# a"; }
  sesame::binary bytes() const { return {"\0\xff"s}; }
  sesame::binary picture() const { return {"\xff"s, "image/png"}; }
  point structured() const { return {}; }
  std::vector<int> numbers() const { return {1, 2}; }
  point infinite() const { return {1, std::numeric_limits<double>::infinity()}; }
  resource_contents given() const {
    return {"docs://other", "text/html", "<p>", false, R"({"a":1})"};
  }
  std::vector<resource_contents> several() const {
    return {{"", "", "one"}, {"docs://two", "image/gif", "\xff"s, true}};
  }
  std::vector<resource_contents> none() const { return {}; }
  std::optional<std::string> maybe() const { return nothing; }
  sesame::result<std::string> fails() const {
    return sesame::failure{sesame::error{"the disk is full"}};
  }
  sesame::result<std::optional<std::string>> works() const {
    return std::optional<std::string>{"done"};
  }
  sesame::task<std::optional<std::string>> later() const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
    co_await timer.async_wait(asio::use_awaitable);
    co_return "late";
  }
  std::string says() const { throw sesame::tool_error("not today"); }
  std::string breaks() const { throw std::runtime_error("the secret of the house"); }
  resource_contents bad_meta() const { return {"", "", "x", false, "{"}; }
  std::optional<std::string> nothing;

  using resources = sesame::resources<
      resource<&shelf::text, "docs://text", "-">,
      resource<&shelf::markdown, "docs://markdown", "-", sesame::mime_type<"text/markdown">>,
      resource<&shelf::bytes, "docs://bytes", "-">,
      resource<&shelf::picture, "docs://picture", "-">,
      resource<&shelf::structured, "docs://struct", "-">,
      resource<&shelf::numbers, "docs://numbers", "-", sesame::mime_type<"application/x-numbers">>,
      resource<&shelf::infinite, "docs://infinite", "-">,
      resource<&shelf::given, "docs://given", "-">,
      resource<&shelf::several, "docs://several", "-", sesame::mime_type<"text/x-part">>,
      resource<&shelf::none, "docs://none", "-">, resource<&shelf::maybe, "docs://maybe", "-">,
      resource<&shelf::fails, "docs://fails", "-">, resource<&shelf::works, "docs://works", "-">,
      resource<&shelf::later, "docs://later", "-">, resource<&shelf::says, "docs://says", "-">,
      resource<&shelf::breaks, "docs://breaks", "-">,
      resource<&shelf::bad_meta, "docs://bad_meta", "-">>;
};

struct fixture {
  reports log;
  sesame::server<shelf> server{{.name = "shelf", .version = "1", .on_error = log.sink()}, shelf{}};
  direct client{server.engine()};

  std::string answer(std::string_view name) {
    return client(stateless(1, "resources/read", R"("uri":"docs://)" + std::string{name} + "\""));
  }
  std::string contents(std::string_view name) { return at(answer(name), "/result/contents"); }
};

TEST_CASE_FIXTURE(fixture, "texts are text, bytes are base64") {
  CHECK(contents("text") ==
        R"([{"uri":"docs://text","mimeType":"text/plain","text":"a \"text\""}])");
  CHECK(contents("markdown") ==
        R"([{"uri":"docs://markdown","mimeType":"text/markdown","text":"# a"}])");
  CHECK(contents("bytes") ==
        R"([{"uri":"docs://bytes","mimeType":"application/octet-stream","blob":"AP8="}])");
  CHECK(contents("picture") ==
        R"([{"uri":"docs://picture","mimeType":"image/png","blob":"/w=="}])");
}

TEST_CASE_FIXTURE(fixture, "what is no text is JSON text") {
  CHECK(contents("struct") ==
        R"([{"uri":"docs://struct","mimeType":"application/json","text":"{\"x\":1,\"y\":2}"}])");
  CHECK(contents("numbers") ==
        R"([{"uri":"docs://numbers","mimeType":"application/x-numbers","text":"[1,2]"}])");
  CHECK(at(answer("infinite"), "/error/code") == "-32603");
}

TEST_CASE_FIXTURE(fixture, "contents say what they say, and take the rest from the declaration") {
  CHECK(contents("given") ==
        R"([{"uri":"docs://other","mimeType":"text/html","text":"<p>","_meta":{"a":1}}])");
  CHECK(contents("several") == R"([{"uri":"docs://several","mimeType":"text/x-part","text":"one"},)"
                               R"({"uri":"docs://two","mimeType":"image/gif","blob":"/w=="}])");
  CHECK(at(answer("bad_meta"), "/error/code") == "-32603");
}

TEST_CASE_FIXTURE(fixture, "nothing is not found, and never an empty list") {
  for (const auto name : {"none", "maybe"}) {
    const auto refused = answer(name);
    CHECK(at(refused, "/error/code") == "-32602");
    CHECK(at(refused, "/error/data") == R"({"uri":"docs://)" + std::string{name} + "\"}");
    CHECK(at(refused, "/result").empty());
  }
  client(initialize());
  CHECK(at(client(request(1, "resources/read", R"({"uri":"docs://maybe"})")), "/error") ==
        R"({"code":-32002,"message":"Resource not found","data":{"uri":"docs://maybe"}})");
}

TEST_CASE_FIXTURE(fixture, "results and tasks are looked into") {
  CHECK(text_at(answer("works"), "/result/contents/0/text") == "done");
  CHECK(text_at(answer("later"), "/result/contents/0/text") == "late");
}

TEST_CASE_FIXTURE(fixture, "a failure that may be told is told, any other is hidden") {
  CHECK(at(answer("fails"), "/error") ==
        R"({"code":-32603,"message":"Internal error: the disk is full"})");
  CHECK(at(answer("says"), "/error") == R"({"code":-32603,"message":"Internal error: not today"})");
  const auto hidden = answer("breaks");
  CHECK(hidden.find("secret") == std::string::npos);
  CHECK(log.mention(text_at(hidden, "/error/data/correlationId")));
  CHECK(log.mention("the secret of the house"));
}

}  // namespace resource_result_test
