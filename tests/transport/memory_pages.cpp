// Pages that a user visits, and what a session of 2025-11-25 is told of them.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/memory.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memory_pages_test {

using namespace server_test;
using namespace std::chrono_literals;

struct paying {
  std::shared_ptr<std::string> last = std::make_shared<std::string>();

  sesame::task<std::string> pay(sesame::context& call) const {
    sesame::elicit_url page{"https://pay.example/1", "Pay"};
    *last = page.id();
    const auto answer = co_await call.elicit(std::move(page));
    co_return answer == sesame::elicitation_action::accept ? "on the way" : "no";
  }
  std::string pay_first() const {
    std::vector<sesame::elicit_url> pages{
        sesame::elicit_url{"https://pay.example/2", "Pay \"first\""}};
    *last = pages.front().id();
    throw sesame::url_elicitation_required{std::move(pages), "pay first"};
  }
  using tools =
      sesame::tools<sesame::tool<&paying::pay, "-">, sesame::tool<&paying::pay_first, "-">>;
};

struct fixture {
  explicit fixture(std::string_view revision = "2025-11-25",
                   std::string_view capabilities = R"({"elicitation":{"form":{},"url":{}}})") {
    client.call(initialize(revision, capabilities));
    client.send(notification("notifications/initialized"));
  }
  std::string next() { return client.receive().value_or("nothing"); }

  paying tools;
  sesame::server<paying> server{{.name = "paying", .version = "1"}, tools};
  sesame::memory_transport client{server};
};

std::string completed(const std::string& id) {
  return R"({"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":")" +
         id + "\"}}";
}

TEST_CASE("who asked for a visit is told once that it is over, and nobody else") {
  fixture f;
  sesame::memory_transport other{f.server};
  other.call(initialize("2025-11-25", R"({"elicitation":{"url":{}}})"));
  f.client.send(session_call(1, "pay"));
  const auto asked = f.next();
  CHECK(text_at(asked, "/params/mode") == "url");
  CHECK(text_at(asked, "/params/elicitationId") == *f.tools.last);
  f.client.send(R"({"jsonrpc":"2.0","id":)" + at(asked, "/id") +
                R"(,"result":{"action":"accept"}})");
  CHECK(said(f.next()) == "on the way");
  f.server.elicitation_completed("of nobody");
  f.server.elicitation_completed(*f.tools.last);
  f.server.elicitation_completed(*f.tools.last);
  CHECK(f.next() == completed(*f.tools.last));
  CHECK(!f.client.receive(50ms));
  CHECK(!other.receive(50ms));
}

TEST_CASE("a call may demand that pages be visited first") {
  fixture f;
  f.client.send(session_call(1, "pay_first"));
  const auto refused = f.next();
  CHECK(at(refused, "/error/code") == "-32042");
  CHECK(
      at(refused, "/error/data") ==
      R"({"elicitations":[{"mode":"url","message":"Pay \"first\"","url":"https://pay.example/2","elicitationId":")" +
          *f.tools.last + "\"}]}");
  f.server.elicitation_completed(*f.tools.last);
  CHECK(f.next() == completed(*f.tools.last));
}

TEST_CASE("a client that knows no such answer is told in words") {
  for (const auto& [revision, capabilities] :
       {std::pair{"2025-11-25", R"({"elicitation":{"form":{}}})"}, std::pair{"2025-11-25", "{}"},
        std::pair{"2025-06-18", R"({"elicitation":{"url":{}}})"}}) {
    fixture f(revision, capabilities);
    f.client.send(session_call(1, "pay_first"));
    const auto told = f.next();
    CHECK(at(told, "/result/isError") == "true");
    CHECK(said(told) == "pay first");
    f.server.elicitation_completed(*f.tools.last);
    CHECK(!f.client.receive(50ms));
  }
  sesame::server<paying> server{{.name = "paying", .version = "1"}, paying{}};
  direct client{server.engine()};
  const auto modern =
      client(call(1, "pay_first", "{}", meta(R"({"elicitation":{"form":{},"url":{}}})")));
  CHECK(at(modern, "/result/isError") == "true");
  CHECK(modern.find("32042") == std::string::npos);
}

}  // namespace memory_pages_test
