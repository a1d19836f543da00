// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/reply.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <string_view>

namespace reply_test {

namespace json = sesame::json;
using namespace sesame::protocol;

const std::string server = reply::own_meta_of(R"({"name":"s","version":"1"})");

// The id of a message; the document is kept, as the id is a view into it.
struct given_id {
  explicit given_id(std::string_view text) : id(*message_id::read(*document.parse(text))) {}
  json::document document;
  message_id id;
};

TEST_CASE("a result of the session era is the envelope alone") {
  const given_id seven{"7"};
  for (std::size_t i = 0; i < 4; ++i) {
    std::string text;
    reply answer{text, server};
    answer.answer_to(seven.id);
    answer.speak(revisions[i]);
    CHECK_FALSE(answer.written());
    answer.begin();
    answer.member("tools");
    answer.out().raw("[]");
    answer.member("next");
    answer.out().number(1);
    answer.end();
    CHECK(text == R"({"jsonrpc":"2.0","id":7,"result":{"tools":[],"next":1}})");
    CHECK(answer.written());
    CHECK(answer.status() == 200);
  }
}

TEST_CASE("a result of the stateless era has a type and names the server") {
  const given_id text_id{"\"a\\\"b\""};
  std::string text;
  reply answer{text, server};
  answer.answer_to(text_id.id);
  answer.begin();
  answer.member("x");
  answer.out().null();
  answer.end();
  CHECK(text == R"({"jsonrpc":"2.0","id":"a\"b","result":{"resultType":"complete","x":null,)"
                R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}})");
}

TEST_CASE("a result without members") {
  const given_id one{"1"};
  std::string text;
  reply answer{text, server};
  answer.answer_to(one.id);
  answer.speak(latest_session_revision);
  answer.begin();
  answer.end();
  CHECK(text == R"({"jsonrpc":"2.0","id":1,"result":{}})");
  answer.discard();
  CHECK(text.empty());
  answer.speak(stateless_revision);
  answer.begin("input_required");
  answer.end();
  CHECK(text == R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required",)"
                R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}})");
}

TEST_CASE("an error takes the place of a result that was begun, and of nothing before it") {
  const given_id one{"1"};
  std::string text = "before";
  reply answer{text, server};
  answer.answer_to(one.id);
  answer.begin();
  answer.member("half");
  answer.out().raw("{");
  answer.error({error_kind::internal, {}, {}});
  CHECK(text ==
        R"(before{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}})");
  CHECK(answer.text() ==
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}})");
  CHECK(answer.status() == 200);
}

TEST_CASE("an error has its detail, its data and the status of the era") {
  const given_id one{"1"};
  std::string text;
  reply answer{text, server};
  answer.answer_to(one.id);
  answer.error({error_kind::unsupported_version, "a \"quoted\"\n detail",
                R"({"supported":["2026-07-28"]})"});
  CHECK(text == R"({"jsonrpc":"2.0","id":1,"error":{"code":-32022,)"
                R"("message":"Unsupported protocol version: a \"quoted\"\n detail",)"
                R"("data":{"supported":["2026-07-28"]}}})");
  CHECK(answer.status() == 400);
  answer.error({error_kind::method_not_found, {}, {}});
  CHECK(answer.status() == 404);
  answer.speak(latest_session_revision);
  answer.error({error_kind::method_not_found, {}, {}});
  CHECK(answer.status() == 200);
}

TEST_CASE("an id that could not be read is left out of an error") {
  std::string text;
  reply answer{text, server};
  answer.error({error_kind::parse, {}, {}});
  CHECK(text == R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}})");
  CHECK(answer.status() == 400);
}

TEST_CASE("what has no JSON form is forgotten with the result that it stood in") {
  const given_id one{"1"};
  std::string text;
  reply answer{text, server};
  answer.answer_to(one.id);
  answer.begin();
  answer.member("x");
  answer.out().number(std::numeric_limits<double>::quiet_NaN());
  CHECK(answer.out().failed());
  answer.error({error_kind::internal, {}, {}});
  CHECK_FALSE(answer.out().failed());
  json::document document;
  CHECK(document.parse(text));
}

}  // namespace reply_test
