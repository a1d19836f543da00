// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <initializer_list>
#include <string>
#include <string_view>

namespace engine_batch_test {

using namespace server_test;

struct named {
  std::string name;
};
struct both_kinds : sesame::service<> {
  std::string now(const named& given) const { return given.name; }
  sesame::task<std::string> later(named given, sesame::context& call) const {
    call.progress(1);
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return given.name;
  }
  using tools =
      sesame::tools<sesame::tool<&both_kinds::now, "-">, sesame::tool<&both_kinds::later, "-">>;
};

std::string array(std::initializer_list<std::string> messages) {
  std::string text = "[";
  for (const auto& one : messages) text += (text.size() > 1 ? "," : "") + one;
  return text + "]";
}
std::string naming(int id, std::string_view tool, std::string_view name,
                   std::string_view more = "") {
  return session_call(id, tool, R"({"name":)" + json_string(name) + "}", more);
}

struct fixture {
  explicit fixture(std::string_view revision = "2025-03-26") {
    client(initialize(revision), fields{});
    with = fields{{"Mcp-Session-Id", client.x.opened()->id()}};
    client(initialize(revision));
  }
  // The answer that has this id.
  static std::string with_id(std::string_view answers, std::string_view id) {
    for (int i = 0; i < 10; ++i)
      if (at(answers, "/" + std::to_string(i) + "/id") == id)
        return at(answers, "/" + std::to_string(i));
    return "null";
  }

  sesame::server<both_kinds> server{{.name = "batch", .version = "1", .max_requests_in_flight = 5},
                                    {}};
  direct client{server.engine()};
  fields with{};
};

TEST_CASE("the messages of an array are each answered, in one array") {
  fixture f;
  for (const bool over_http : {true, false}) {
    CAPTURE(over_http);
    const auto answer = f.client(
        array({naming(1, "now", "one"), naming(2, "later", "two", R"("_meta":{"progressToken":9})"),
               notification("notifications/other"), naming(3, "now", "three")}),
        over_http ? &f.with : nullptr);
    CHECK(f.client.x.status() == 200);
    CHECK(text_at(f.with_id(answer, "1"), "/result/content/0/text") == "one");
    CHECK(text_at(f.with_id(answer, "2"), "/result/content/0/text") == "two");
    CHECK(text_at(f.with_id(answer, "3"), "/result/content/0/text") == "three");
    CHECK(at(answer, "/3").empty());
    REQUIRE(f.client.sent.size() == 1);
    CHECK(at(f.client.sent[0], "/params/progressToken") == "9");
  }
}

TEST_CASE("where nothing is to be answered, nothing is") {
  fixture f;
  f.client(
      array({notification("notifications/other"), R"({"jsonrpc":"2.0","id":"x","result":{}})"}),
      f.with);
  CHECK(f.client.became == sesame::disposition::accepted);
  CHECK(f.client.out.empty());
}

TEST_CASE("what is wrong with one message is told under its id, and harms no other") {
  fixture f;
  const auto answer =
      f.client(array({naming(1, "now", "one"), R"({"jsonrpc":"2.0","id":2,"method":5})",
                      R"({"jsonrpc":"1.0","id":3,"method":"ping"})", request(4, "no/such")}),
               f.with);
  CHECK(text_at(f.with_id(answer, "1"), "/result/content/0/text") == "one");
  CHECK(at(f.with_id(answer, "2"), "/error/code") == "-32600");
  CHECK(at(f.with_id(answer, "3"), "/error/code") == "-32600");
  CHECK(at(f.with_id(answer, "4"), "/error/code") == "-32601");
  const auto odd = f.client(array({"5", "[]", "[" + request(1, "ping") + "]"}), f.with);
  for (const auto place : {"/0", "/1", "/2"}) {
    CHECK(at(odd, std::string{place} + "/error/code") == "-32600");
    CHECK(at(odd, std::string{place} + "/id").empty());
  }
}

TEST_CASE("a handshake stands alone") {
  fixture f;
  const auto answer =
      f.client(array({initialize("2025-03-26", "{}", 8), request(9, "ping")}), f.with);
  CHECK(at(f.with_id(answer, "8"), "/error/code") == "-32600");
  CHECK(at(f.with_id(answer, "9"), "/result") == "{}");
  // Nor does it open a session.
  fixture fresh;
  direct other{fresh.server.engine()};
  CHECK(refused(other, array({initialize("2025-03-26")})) == refusal{400, "-32600"});
  CHECK(other.peer.session == nullptr);
}

TEST_CASE("an array that is empty, too long, or holds messages of the stateless era is refused") {
  fixture f;
  CHECK(refused(f.client, "[]", f.with) == refusal{400, "-32600"});
  CHECK(refused(f.client, array({request(1, "ping"), stateless(2, "tools/list")}), f.with) ==
        refusal{400, "-32600"});
  CHECK(refused(f.client,
                array({request(1, "ping"), request(2, "ping"), request(3, "ping"),
                       request(4, "ping"), request(5, "ping"), request(6, "ping")}),
                f.with)
            .status == 429);
}

TEST_CASE("other revisions know no arrays, whatever the header says") {
  for (const auto revision : {"2024-11-05", "2025-06-18", "2025-11-25"}) {
    CAPTURE(revision);
    fixture f{revision};
    const auto one = array({request(1, "ping")});
    CHECK(refused(f.client, one, f.with) == refusal{400, "-32600"});
    CHECK(refused(f.client, one) == refusal{400, "-32600"});
    CHECK(refused(f.client, one, f.with.with("MCP-Protocol-Version", "2025-03-26")) ==
          refusal{400, "-32600"});
  }
  fixture f;
  CHECK(refused(f.client, array({request(1, "ping")}), fields{{"Mcp-Session-Id", "x"}}).status ==
        404);
  CHECK(refused(f.client, array({request(1, "ping")}), fields{}) == refusal{400, "-32600"});
}

TEST_CASE("a message of an array is cancelled by its own id") {
  fixture f;
  f.client.begin(array({naming(1, "later", "one"), naming(2, "later", "two"), cancelled(2)}),
                 &f.with);
  REQUIRE(f.client.became == sesame::disposition::pending);
  asio::co_spawn(f.client.io, f.client.x.finish(), asio::detached);
  f.client.io.run();
  CHECK(text_at(f.with_id(f.client.out, "1"), "/result/content/0/text") == "one");
  CHECK(f.with_id(f.client.out, "2") == "null");
}

}  // namespace engine_batch_test
