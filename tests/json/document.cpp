// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/document.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>

namespace document_test {

namespace json = sesame::json;
using json::parse_error;
using namespace std::literals;

parse_error error_of(std::string_view text, json::limits bounds = {}) {
  json::document document{bounds};
  const auto root = document.parse(text);
  REQUIRE_FALSE(root);
  return root.error();
}

bool parses(std::string_view text, json::limits bounds = {}) {
  json::document document{bounds};
  return document.parse(text).has_value();
}

std::string nested(std::size_t depth, std::string_view open = "[", std::string_view close = "]") {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "0";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST_CASE("what is no JSON is refused") {
  for (const auto text : {""sv,
                          " "sv,
                          "{"sv,
                          "[1,]"sv,
                          "{\"a\"}"sv,
                          "{\"a\":1,}"sv,
                          "{a:1}"sv,
                          "'a'"sv,
                          "nul"sv,
                          "1 2"sv,
                          "[1] x"sv,
                          "\"open"sv,
                          "\"tab\there\""sv,
                          "\"\\x\""sv,
                          "{\"a\":1"sv,
                          "NaN"sv,
                          "\xef\xbb\xbf{}"sv,
                          "// comment\n1"sv,
                          "\0"sv,
                          "\"a\0b\""sv}) {
    CAPTURE(std::string{text});
    CHECK(error_of(text) == parse_error::syntax);
  }
}

TEST_CASE("a view without a text is refused like an empty one") {
  CHECK(error_of(std::string_view{}) == parse_error::syntax);
}

TEST_CASE("what is not UTF-8 is refused") {
  for (const auto text : {"\"\xff\""sv, "\"\xc0\xaf\""sv, "\"\xe2\x82\""sv, "\"\xed\xa0\x80\""sv,
                          "\"\xf4\x90\x80\x80\""sv, "{\"\x80\":1}"sv}) {
    CHECK(error_of(text) == parse_error::encoding);
  }
}

TEST_CASE("a lone surrogate is refused, and a pair is one character") {
  CHECK(error_of(R"("\ud800")") == parse_error::syntax);
  CHECK(error_of(R"("\udc00")") == parse_error::syntax);
  CHECK(error_of(R"("\ud800\ud800")") == parse_error::syntax);
  CHECK(error_of(R"("\ud800x")") == parse_error::syntax);
  json::document document;
  CHECK(json::as_string(*document.parse(R"("\ud83d\ude00")")) == "\xf0\x9f\x98\x80");
}

TEST_CASE("a string may hold a NUL that is escaped") {
  json::document document;
  CHECK(json::as_string(*document.parse(R"("a\u0000b")")) == "a\0b"sv);
}

TEST_CASE("a number that nothing holds, or that is malformed, is refused") {
  for (const auto text : {"1e400"sv, "-1e400"sv, "18446744073709551616"sv, "-9223372036854775809"sv,
                          "01"sv, "-"sv, "1."sv, "1e"sv, "0x10"sv})
    CHECK(error_of(text) == parse_error::number);
}

TEST_CASE("numbers keep their kind and their bounds") {
  json::document document;
  std::int64_t whole = 0;
  CHECK((*document.parse("-9223372036854775808")).get(whole));
  CHECK(whole == INT64_MIN);
  std::uint64_t large = 0;
  CHECK((*document.parse("18446744073709551615")).get(large));
  CHECK(large == UINT64_MAX);
  double real = 0;
  CHECK((*document.parse("1e-400")).get(real));
  CHECK(real == 0);
}

TEST_CASE("the depth may be the limit, and no more") {
  CHECK(parses(nested(64)));
  CHECK(error_of(nested(65)) == parse_error::depth);
  CHECK(parses(nested(64, R"({"a":)", "}")));
  CHECK(error_of(nested(65, R"({"a":)", "}")) == parse_error::depth);
  CHECK(parses(nested(3), {.depth = 3}));
  CHECK(error_of(nested(4), {.depth = 3}) == parse_error::depth);
  CHECK(parses("[[],[]]", {.depth = 2}));
  CHECK(parses("0", {.depth = 0}));
  CHECK(error_of("[0]", {.depth = 0}) == parse_error::depth);
  // also where the parser has to grow first
  const std::string wide = "[\"" + std::string(5'000, 'x') + "\"," + nested(63) + ']';
  CHECK(parses(wide));
  CHECK(error_of('[' + wide + ']') == parse_error::depth);
  CHECK(error_of(nested(1'000'000)) == parse_error::depth);
}

TEST_CASE("the size may be the limit, and no more") {
  CHECK(parses("[12345]", {.size = 7}));
  CHECK(error_of("[12345]", {.size = 6}) == parse_error::size);
  const std::string large = '"' + std::string(9'998, 'x') + '"';
  CHECK(parses(large, {.size = 10'000}));
  CHECK(error_of(large, {.size = 9'999}) == parse_error::size);
  const std::string four_megabytes = '"' + std::string((4U << 20) - 2, 'x') + '"';
  CHECK(parses(four_megabytes));
  CHECK(error_of(four_megabytes + ' ') == parse_error::size);
}

TEST_CASE("what stands behind a text is no part of it, also where it may be read") {
  const auto whole =
      R"({"a":[12,-3.5e7,true,null,"\\u00e9\\n"],"b":"text","c":{"d":1234567890123}} )"s;
  for (const auto& behind : {std::string(64, '0'), std::string(64, '"'), std::string(64, '}'),
                             std::string(64, '\\'), std::string(64, '\xff'), std::string(64, '[')})
    for (std::size_t begin = 0; begin < whole.size(); ++begin)
      for (std::size_t size = 0; size <= whole.size() - begin; ++size) {
        const auto text = whole.substr(begin, size);
        const auto followed = text + behind;
        json::document copied, direct;
        const auto expected = copied.parse(text);
        const auto got = direct.parse({followed.data(), size}, 64);
        REQUIRE(got.has_value() == expected.has_value());
        if (got)
          REQUIRE(json::minify(*got) == json::minify(*expected));
        else
          REQUIRE(got.error() == expected.error());
      }
}

TEST_CASE("a document is used again after a failure") {
  json::document document;
  CHECK_FALSE(document.parse("{"));
  CHECK(document.parse("{}"));
  CHECK_FALSE(document.parse(nested(65)));
  CHECK(document.parse(nested(64)));
  CHECK_FALSE(document.parse("\"\xff\""));
  CHECK(json::as_string(*document.parse("\"text\"")) == "text");
}

TEST_CASE("values do not refer to the text they were read from") {
  json::document document;
  std::string text = R"({"key":"a text that is long enough to be on the heap"})";
  const auto root = document.parse(text);
  REQUIRE(root);
  std::fill(text.begin(), text.end(), '#');
  text.clear();
  text.shrink_to_fit();
  CHECK(json::find_string(*json::as_object(*root), "key") ==
        "a text that is long enough to be on the heap");
}

TEST_CASE("members are found, the first of a repeated key") {
  json::document document;
  const auto members = *json::as_object(*document.parse(
      R"({"a":1,"b":"x","c":{"d":null},"a":2,"":"empty","e\u0000":"nul","list":[1]})"));
  REQUIRE(json::find(members, "a"));
  std::int64_t first = 0;
  CHECK(json::find(members, "a")->get(first));
  CHECK(first == 1);
  CHECK(json::find_string(members, "b") == "x");
  CHECK_FALSE(json::find_string(members, "a"));
  CHECK_FALSE(json::find_string(members, "missing"));
  CHECK(json::find_object(members, "c"));
  CHECK_FALSE(json::find_object(members, "b"));
  CHECK_FALSE(json::find_object(members, "d"));
  CHECK(json::find_string(members, "") == "empty");
  CHECK(json::find_string(members, "e\0"sv) == "nul");
  CHECK_FALSE(json::find_string(members, "e"));
  CHECK(json::as_array(*json::find(members, "list")));
  CHECK_FALSE(json::as_array(*json::find(members, "c")));
  CHECK_FALSE(json::as_object(*json::find(members, "list")));
  CHECK_FALSE(json::as_string(*json::find(members, "list")));
}

TEST_CASE("a key that is given twice is seen at any depth") {
  json::document document;
  const auto repeats = [&](std::string_view text) {
    return json::has_repeated_keys(*document.parse(text));
  };
  CHECK_FALSE(repeats(R"({"a":1,"b":2,"c":{"a":1,"b":[{"a":1},{"a":2}]}})"));
  CHECK_FALSE(repeats("{}"));
  CHECK_FALSE(repeats("[1,1]"));
  CHECK(repeats(R"({"a":1,"a":1})"));
  CHECK(repeats(R"({"a":1,"b":2,"\u0061":3})"));
  CHECK(repeats(R"([[{"x":{"y":1,"z":2,"y":3}}]])"));
  CHECK(repeats(R"({"a":[{"b":1,"b":2}],"c":1})"));
}

TEST_CASE("repeated keys are looked for in less than the square of their number") {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text += "\"k99999\":0}";
  json::document document;
  CHECK(json::has_repeated_keys(*document.parse(text)));
}

TEST_CASE("the text of an error says nothing of the input") {
  CHECK(json::describe(parse_error::syntax) == "not valid JSON");
  CHECK(json::describe(parse_error::encoding) == "not valid UTF-8");
  CHECK(json::describe(parse_error::number) == "a number is malformed or out of range");
  CHECK(json::describe(parse_error::depth) == "nested too deeply");
  CHECK(json::describe(parse_error::size) == "too long");
}

}  // namespace document_test
