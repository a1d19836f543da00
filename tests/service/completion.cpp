// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/completion.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <array>
#include <doctest/doctest.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace completion_test {

using namespace server_test;

enum class language { cpp, c, rust };

struct review {
  std::string code;
  language in;
  std::optional<language> also;
  std::string author;
  std::string mood;
};
struct page {
  std::string book;
  int number;
};

struct library : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string write(const review&) const { return ""; }
  std::optional<std::string> read(const page&) const { return ""; }
  std::string plain() const { return ""; }

  std::vector<std::string> authors(std::string_view typed, const sesame::principal& caller) const {
    return {std::string{typed} + " of " + caller.subject};
  }
  sesame::task<std::vector<std::string>> moods(std::string_view typed,
                                               const sesame::completion_context& before) const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
    co_await timer.async_wait(asio::use_awaitable);
    co_return std::vector{std::string{typed}, std::string{before.argument("author").value_or("-")}};
  }
  std::vector<std::string> numbers(std::string_view) const {
    std::vector<std::string> all;
    for (int i = 0; i < 101; ++i) all.push_back(std::to_string(i));
    return all;
  }
  static std::array<std::string_view, 2> books(std::string_view) { return {"one", "two"}; }
  std::vector<std::string> fails(std::string_view) const {
    throw std::runtime_error("the secret of the house");
  }

  using prompts = sesame::prompts<
      sesame::prompt<&library::write, "-", sesame::completes<"author", &library::authors>,
                     sesame::completes<"mood", &library::moods>>,
      sesame::prompt<&library::write, "-", sesame::named<"open">, sesame::anonymous,
                     sesame::completes<"code", &library::fails>>,
      sesame::prompt<&library::write, "-", sesame::named<"scoped">, sesame::scopes<"write">>>;
  using resources = sesame::resources<
      sesame::resource<&library::plain, "docs://plain", "-", sesame::anonymous>,
      sesame::resource_template<&library::read, "docs://{book}/{number}", "-", sesame::anonymous,
                                sesame::completes<"book", &library::books>,
                                sesame::completes<"number", &library::numbers>>>;
};

struct fixture {
  reports log;
  sesame::test_issuer issuer;
  sesame::server<library, sesame::jwt_provider> server{
      {.name = "library", .version = "1", .on_error = log.sink()}, library{}, issuer.provider()};
  direct client{server.engine()};

  std::string answer(std::string_view ref, std::string_view argument, std::string_view typed = "",
                     std::string_view more = "", bool signed_in = true) {
    std::string members = R"("ref":)" + std::string{ref} + R"(,"argument":{"name":)" +
                          json_string(argument) + R"(,"value":)" + json_string(typed) + "}";
    if (!more.empty()) members.append(",").append(more);
    return client(stateless(1, "completion/complete", members,
                            meta("{}", signed_in ? authorization(issuer.mint()) : "")));
  }
  std::string completion(std::string_view ref, std::string_view argument,
                         std::string_view typed = "", std::string_view more = "") {
    return at(answer(ref, argument, typed, more), "/result/completion");
  }
};

constexpr auto prompt = R"({"type":"ref/prompt","name":"write"})";
constexpr auto open_prompt = R"({"type":"ref/prompt","name":"open"})";
constexpr auto pages = R"({"type":"ref/resource","uri":"docs://{book}/{number}"})";

TEST_CASE_FIXTURE(fixture, "an enumeration completes itself") {
  CHECK(completion(prompt, "in") == R"({"values":["cpp","c","rust"],"total":3,"hasMore":false})");
  CHECK(completion(prompt, "in", "c") == R"({"values":["cpp","c"],"total":2,"hasMore":false})");
  CHECK(completion(prompt, "also", "ru") == R"({"values":["rust"],"total":1,"hasMore":false})");
  CHECK(completion(prompt, "in", "x") == R"({"values":[],"total":0,"hasMore":false})");
}

TEST_CASE_FIXTURE(fixture, "a function completes what it is told to, knowing who asks") {
  CHECK(completion(prompt, "author", "a \"b\"") ==
        R"({"values":["a \"b\" of alice"],"total":1,"hasMore":false})");
  CHECK(completion(prompt, "mood", "so", R"("context":{"arguments":{"author":"ada"}})") ==
        R"({"values":["so","ada"],"total":2,"hasMore":false})");
  CHECK(completion(prompt, "mood", "so") == R"({"values":["so","-"],"total":2,"hasMore":false})");
}

TEST_CASE_FIXTURE(fixture, "a hundred are sent at most, and how many there are is told") {
  const auto all = completion(pages, "number");
  CHECK(at(all, "/values/99") == "\"99\"");
  CHECK(at(all, "/values/100").empty());
  CHECK(at(all, "/total") == "101");
  CHECK(at(all, "/hasMore") == "true");
}

TEST_CASE_FIXTURE(fixture, "a template is meant by itself and by what it makes") {
  CHECK(at(completion(pages, "book"), "/values") == R"(["one","two"])");
  CHECK(at(completion(R"({"type":"ref/resource","uri":"docs://one/2"})", "book"), "/values") ==
        R"(["one","two"])");
}

TEST_CASE_FIXTURE(fixture, "an argument that nothing completes has no completions") {
  CHECK(completion(prompt, "code", "x") == R"({"values":[],"total":0,"hasMore":false})");
}

TEST_CASE_FIXTURE(fixture, "what is not there cannot be completed") {
  const auto code = [&](std::string_view ref, std::string_view argument) {
    return at(answer(ref, argument), "/error/code");
  };
  CHECK(code(prompt, "none") == "-32602");
  CHECK(code(R"({"type":"ref/prompt","name":"none"})", "in") == "-32602");
  CHECK(code(R"({"type":"ref/prompt"})", "in") == "-32602");
  CHECK(code(R"({"type":"ref/tool","name":"write"})", "in") == "-32602");
  CHECK(code(R"({"type":"ref/resource","uri":"docs://plain"})", "in") == "-32602");
  CHECK(code(R"({"type":"ref/resource","uri":"other://plain"})", "in") == "-32602");
  CHECK(code("1", "in") == "-32602");
  for (const auto members :
       {"", R"("ref":{"type":"ref/prompt","name":"open"})",
        R"("argument":{"name":"in","value":""})",
        R"("ref":{"type":"ref/prompt","name":"open"},"argument":{"name":"in"})",
        R"("ref":{"type":"ref/prompt","name":"open"},"argument":{"name":"in","value":1})"})
    CHECK(at(client(stateless(1, "completion/complete", members)), "/error/code") == "-32602");
}

TEST_CASE_FIXTURE(fixture, "who may not use a prompt is not told its completions") {
  CHECK(at(answer(prompt, "in", "", "", false), "/error/code") == "401");
  CHECK(at(answer(prompt, "author", "", "", false), "/error/code") == "401");
  CHECK(at(answer(R"({"type":"ref/prompt","name":"scoped"})", "in"), "/error/code") == "403");
  CHECK(at(answer(open_prompt, "in", "c", "", false), "/result/completion/total") == "2");
}

TEST_CASE_FIXTURE(fixture, "a completion that throws is hidden as any other") {
  const auto hidden = answer(open_prompt, "code");
  CHECK(at(hidden, "/error/code") == "-32603");
  CHECK(hidden.find("secret") == std::string::npos);
  CHECK(log.mention("the secret of the house"));
}

TEST_CASE_FIXTURE(fixture, "sessions complete too") {
  client(initialize("2024-11-05"));
  CHECK(at(client(request(1, "completion/complete",
                          R"({"ref":{"type":"ref/prompt","name":"open"},)"
                          R"("argument":{"name":"in","value":"r"}})")),
           "/result") == R"({"completion":{"values":["rust"],"total":1,"hasMore":false}})");
}

}  // namespace completion_test
