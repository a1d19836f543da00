// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/mcp_header.hpp"

#include "server/support.hpp"
#include <cstdint>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp_header_test {

using namespace server_test;

struct place {
  std::string region;
  std::optional<int> zone;

  using annotations =
      sesame::annotations<sesame::field<&place::region, "Where", sesame::mcp_header<"Region">>,
                          sesame::field<&place::zone, "Zone", sesame::mcp_header<"Zone-Id">>>;
};
struct where {
  place at;
  bool fast = true;
  std::int32_t number = 1;
  std::string other;

  using annotations =
      sesame::annotations<sesame::field<&where::fast, "Fast", sesame::mcp_header<"Fast">>,
                          sesame::field<&where::number, "Number", sesame::mcp_header<"Number">>>;
};

struct look {
  std::string region;
  using annotations =
      sesame::annotations<sesame::field<&look::region, "Where", sesame::mcp_header<"Region">>>;
};

std::string find(const look& asked) {
  return asked.region;
}
std::string travel(const where& asked) {
  return asked.at.region;
}
using tools = sesame::tools<sesame::tool<&find, "-">, sesame::tool<&travel, "-">>;

struct fixture {
  sesame::server<tools> server{{.name = "headers", .version = "1"}, {}};
  direct client{server.engine()};

  // What `find` says to a region in the body and one in the header; or the code of the error.
  std::string of(std::string_view argument, std::optional<std::string> header) {
    auto with = fields::of("tools/call", "find");
    if (header) with = with.with("mcp-param-region", *header);
    const auto answer =
        client(call(1, "find", R"({"region":)" + std::string{argument} + "}"), with);
    const auto code = at(answer, "/error/code");
    if (!code.empty()) {
      CHECK(client.x.status() == 400);
      CHECK(text_at(answer, "/error/message").find("Mcp-Param-Region") != std::string::npos);
    }
    return code.empty() ? said(answer) : code;
  }
};

TEST_CASE("the schema names the header") {
  fixture f;
  const auto list = f.client(stateless(1, "tools/list"));
  CHECK(at(list, "/result/tools/0/inputSchema/properties/region/x-mcp-header") == "\"Region\"");
  CHECK(at(list, "/result/tools/1/inputSchema/properties/at/properties/zone/x-mcp-header") ==
        "\"Zone-Id\"");
}

TEST_CASE("a header says what the argument says") {
  fixture f;
  CHECK(f.of("\"eu\"", "eu") == "eu");
  CHECK(f.of("\"eu\"", std::nullopt) == "-32020");
  CHECK(f.of("\"eu\"", "EU") == "-32020");
  CHECK(f.of("\"eu\"", "") == "-32020");
  CHECK(f.of("\"\"", "") == "");
  CHECK(f.of("\"a b\"", "a b") == "a b");
}

TEST_CASE("what is not visible ASCII comes as base64, which is decoded") {
  fixture f;
  CHECK(f.of("\"Hello\"", "=?base64?SGVsbG8=?=") == "Hello");
  CHECK(f.of("\"\u00e9\"", "=?base64?w6k=?=") == "\u00e9");
  CHECK(f.of("\"Hello\"", "=?base64?SGVsbG8?=") == "-32020");
  CHECK(f.of("\"Hello\"", "=?base64?SGVs!!!bG8=?=") == "-32020");
  CHECK(f.of("\"\u00e9\"", "\u00e9") == "-32020");
  // Without the whole frame it is the text itself.
  CHECK(f.of("\"SGVsbG8=\"", "SGVsbG8=") == "SGVsbG8=");
  CHECK(f.of("\"=?base64?SGVsbG8=\"", "=?base64?SGVsbG8=") == "=?base64?SGVsbG8=");
  CHECK(f.of("\"=?BASE64?SGVsbG8=?=\"", "=?BASE64?SGVsbG8=?=") == "=?BASE64?SGVsbG8=?=");
  CHECK(f.of("\"=?base64?=\"", "=?base64?=") == "=?base64?=");
  CHECK(f.of("\"\"",
             "=?base64?"
             "?=") == "");
}

TEST_CASE("a header that stands twice, or holds what no header may, is refused") {
  fixture f;
  const auto with = fields::of("tools/call", "find");
  const auto body = call(1, "find", R"({"region":"eu"})");
  CHECK(
      refused(f.client, body, with.with("Mcp-Param-Region", "eu").with("mcp-param-region", "eu")) ==
      refusal{400, "-32020"});
  CHECK(f.of("\"e\\u0001u\"", "e\x01u") == "-32020");
}

TEST_CASE("no header is expected for an argument that is null or absent, nor for what has none") {
  fixture f;
  const auto with = fields::of("tools/call", "travel");
  const auto asked = [&](std::string_view arguments, const fields& given) {
    const auto answer = f.client(call(1, "travel", arguments), given);
    return at(answer, "/error/code").empty() ? said(answer) : at(answer, "/error/code");
  };
  const auto all = with.with("Mcp-Param-Region", "eu")
                       .with("Mcp-Param-Zone-Id", "4")
                       .with("Mcp-Param-Fast", "false")
                       .with("Mcp-Param-Number", "12");
  CHECK(asked(R"({"at":{"region":"eu","zone":4},"fast":false,"number":12,"other":"x"})", all) ==
        "eu");
  CHECK(asked(R"({"at":{"region":"eu"},"other":"x"})", with.with("Mcp-Param-Region", "eu")) ==
        "eu");
  CHECK(asked(R"({"at":{"region":"eu","zone":null},"other":"x"})",
              with.with("Mcp-Param-Region", "eu")) == "eu");
  CHECK(asked(R"({"at":{"region":"eu"},"other":"x"})",
              with.with("Mcp-Param-Region", "eu").with("Mcp-Param-Unknown", "\x01")) == "eu");
  CHECK(asked(R"({"at":{"region":"eu"},"fast":true,"other":"x"})",
              with.with("Mcp-Param-Region", "eu")) == "-32020");
  CHECK(asked(R"({"at":{"region":"eu"},"fast":true,"other":"x"})",
              with.with("Mcp-Param-Region", "eu").with("Mcp-Param-Fast", "True")) == "-32020");
}

TEST_CASE("integers are compared as numbers, and exactly") {
  using sesame::detail::says_the_same;
  const auto same = [](std::string_view argument, std::string_view header) {
    sesame::json::document document;
    const auto parsed = document.parse(argument);
    REQUIRE(parsed);
    return says_the_same(*parsed, header);
  };
  CHECK(same("42", "42"));
  CHECK(same("42", "42.0"));
  CHECK(same("42.0", "42"));
  CHECK(same("-0", "0"));
  CHECK(same("100", "1e2"));
  CHECK(same("9007199254740993", "9007199254740993"));
  CHECK(same("18446744073709551615", "18446744073709551615"));
  CHECK(!same("9007199254740993", "9007199254740992"));
  CHECK(!same("42", "43"));
  CHECK(!same("42", " 42"));
  CHECK(!same("42", "+42"));
  CHECK(!same("42", "42 "));
  CHECK(!same("42", "0x2a"));
  CHECK(!same("42", ""));
  CHECK(!same("42", "nan"));
  CHECK(!same("42", "1e999"));
  CHECK(same("true", "true"));
  CHECK(!same("true", "1"));
  CHECK(!same("[]", "[]"));
  CHECK(!same("{}", "{}"));
  CHECK(!same("null", "null"));
}

TEST_CASE("sessions and other transports know no such headers") {
  fixture f;
  CHECK(said(f.client(call(1, "find", R"({"region":"eu"})"))) == "eu");
  f.client(initialize());
  CHECK(said(f.client(session_call(1, "find", R"({"region":"eu"})"))) == "eu");
}

}  // namespace mcp_header_test
