// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace engine_current_principal_test {

using namespace server_test;
using namespace std::chrono_literals;

std::string who() {
  const auto* caller = sesame::current_principal();
  return caller == nullptr ? "nobody" : caller->subject;
}

struct topic {
  std::string name;
};

// Nothing here is told who calls.
struct rooms : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string now() const { return who(); }
  sesame::task<std::string> later() const {
    auto said = who();
    co_await asio::post(asio::use_awaitable);
    said += " " + who();
    asio::steady_timer timer(co_await asio::this_coro::executor, 1us);
    co_await timer.async_wait(asio::use_awaitable);
    co_return said + " " + who();
  }
  std::string read() const { return who(); }
  std::string about(const topic&) const { return who(); }
  std::vector<std::string> names(std::string_view) const { return {who()}; }

  using tools =
      sesame::tools<sesame::tool<&rooms::now, "-">,
                    sesame::tool<&rooms::later, "-", sesame::optional_task>,
                    sesame::tool<&rooms::now, "-", sesame::named<"open">, sesame::anonymous>>;
  using resources = sesame::resources<sesame::resource<&rooms::read, "a:b", "-">>;
  using prompts =
      sesame::prompts<sesame::prompt<&rooms::about, "-", sesame::completes<"name", &rooms::names>>>;
};

// Verifies by asking, so that a call has begun before its caller is known.
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
struct asked : sesame::service<sesame::authenticated<directory>> {
  sesame::task<std::string> later() const { return rooms{}.later(); }
  std::string now() const { return who(); }
  using tools = sesame::tools<sesame::tool<&asked::later, "-">, sesame::tool<&asked::now, "-">>;
};

struct fixture {
  std::string token(std::string subject) { return issuer.mint({.subject = std::move(subject)}); }
  std::string ask(std::string_view tool, std::string_view as,
                  std::string_view capabilities = "{}") {
    return client(call(1, tool, "{}", meta(capabilities, as.empty() ? "" : authorization(as))));
  }
  std::string ask(std::string_view method, std::string_view members, int) {
    return client(stateless(1, method, members, meta("{}", authorization(token("ann")))));
  }

  sesame::test_issuer issuer;
  sesame::server<rooms, sesame::jwt_provider> server{
      {.name = "rooms", .version = "1"}, rooms{}, issuer.provider()};
  direct client{server.engine()};
};

TEST_CASE_FIXTURE(fixture, "every kind of function finds its caller without being told") {
  CHECK(said(ask("now", token("ann"))) == "ann");
  CHECK(said(ask("later", token("bob"))) == "bob bob bob");
  CHECK(said(ask("open", token("ann"))) == "ann");
  CHECK(said(ask("open", "")) == "nobody");
  CHECK(text_at(ask("resources/read", R"("uri":"a:b")", 0), "/result/contents/0/text") == "ann");
  CHECK(text_at(ask("prompts/get", R"("name":"about","arguments":{"name":"x"})", 0),
                "/result/messages/0/content/text") == "ann");
  CHECK(
      text_at(
          ask("completion/complete",
              R"("ref":{"type":"ref/prompt","name":"about"},"argument":{"name":"name","value":""})",
              0),
          "/result/completion/values/0") == "ann");
  CHECK(sesame::current_principal() == nullptr);
}

TEST_CASE_FIXTURE(fixture, "a task goes on for the caller who began it") {
  constexpr std::string_view can = R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})";
  const auto made = ask("later", token("ann"), can);
  REQUIRE(at(made, "/result/resultType") == "\"task\"");
  client.io.restart();
  client.io.run_for(1s);
  const auto done = client(stateless(2, "tasks/get", R"("taskId":)" + at(made, "/result/taskId"),
                                     meta(can, authorization(token("ann")))));
  CHECK(text_at(done, "/result/result/content/0/text") == "ann ann ann");
}

TEST_CASE_FIXTURE(fixture, "calls of several callers at once on one thread do not mix") {
  direct other{server.engine()};
  // Both on one context, a turn for each.
  client.begin(call(1, "later", "{}", meta("{}", authorization(token("ann")))));
  other.begin(call(1, "later", "{}", meta("{}", authorization(token("bob")))));
  asio::co_spawn(client.io, client.x.finish(), asio::detached);
  asio::co_spawn(other.io, other.x.finish(), asio::detached);
  client.io.restart();
  other.io.restart();
  while (client.io.run_one_for(1s) + other.io.run_one_for(1s) > 0)
    CHECK(sesame::current_principal() == nullptr);
  CHECK(said(client.out) == "ann ann ann");
  CHECK(said(other.out) == "bob bob bob");
}

TEST_CASE("a caller who had to be asked for is found too") {
  sesame::server<asked, directory> server{{.name = "rooms", .version = "1"}, asked{}, directory{}};
  direct client{server.engine()};
  const auto ask = [&](std::string_view tool, std::string_view as) {
    return said(client(call(1, tool, "{}", meta("{}", authorization(as)))));
  };
  CHECK(ask("later", "ann") == "ann ann ann");
  CHECK(ask("now", "bob") == "bob");
  CHECK(client.peer.in_flight.empty());
}

}  // namespace engine_current_principal_test
