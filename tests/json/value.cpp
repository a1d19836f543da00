// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/value.hpp"

#include "sesame/json/document.hpp"

#include <array>
#include <cstdint>
#include <doctest/doctest.h>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace value_test {

namespace json = sesame::json;

static_assert(std::input_iterator<json::object::iterator>);
static_assert(std::input_iterator<json::array::iterator>);
static_assert(std::ranges::input_range<json::object>);

TEST_CASE("a value has the type that it was written with") {
  json::document document;
  for (const auto& [text, type] : std::array<std::pair<std::string_view, json::type>, 11>{
           {{"null", json::type::null},
            {"false", json::type::boolean},
            {"-1", json::type::int64},
            {"9223372036854775807", json::type::int64},
            {"9223372036854775808", json::type::uint64},
            {"1.0", json::type::real},
            {"1e3", json::type::real},
            {"\"\"", json::type::string},
            {"[]", json::type::array},
            {"{}", json::type::object},
            {"[null]", json::type::array}}}) {
    CAPTURE(text);
    CHECK(document.parse(text)->type() == type);
  }
}

TEST_CASE("a value is read as what it is, and as nothing else") {
  json::document document;
  bool truth = false;
  std::int64_t whole = 7;
  std::uint64_t large = 7;
  double real = 7;
  std::string_view text = "before";
  json::array items;
  json::object members;
  const auto read = [&](std::string_view json) { return *document.parse(json); };
  CHECK(read("true").get(truth));
  CHECK(truth);
  CHECK(read("-3").get(whole));
  CHECK(whole == -3);
  CHECK(read("-3").get(real));
  CHECK(real == -3);
  CHECK(read("18446744073709551615").get(large));
  CHECK(large == UINT64_MAX);
  CHECK(read("0.5").get(real));
  CHECK(real == 0.5);
  CHECK(read("\"a\\n\"").get(text));
  CHECK(text == "a\n");
  CHECK(read("[1,2]").get(items));
  CHECK(items.size() == 2);
  CHECK(read("{\"a\":1}").get(members));
  CHECK(members.size() == 1);

  whole = 7;
  large = 7;
  real = 7;
  text = "before";
  CHECK_FALSE(read("0.5").get(whole));
  CHECK_FALSE(read("18446744073709551615").get(whole));
  CHECK_FALSE(read("-1").get(large));
  CHECK_FALSE(read("\"1\"").get(real));
  CHECK_FALSE(read("null").get(text));
  CHECK_FALSE(read("1").get(truth));
  CHECK_FALSE(read("{}").get(items));
  CHECK_FALSE(read("[]").get(members));
  CHECK(whole == 7);
  CHECK(large == 7);
  CHECK(real == 7);
  CHECK(text == "before");
}

TEST_CASE("members and elements come in their order, nested ones passed over as a whole") {
  json::document document;
  json::object members;
  REQUIRE(document.parse(R"({"a":[1,{"b":2}],"c":{"d":{}},"a":null})")->get(members));
  std::vector<std::string_view> keys;
  for (const auto member : members) keys.push_back(member.key);
  CHECK(keys == std::vector<std::string_view>{"a", "c", "a"});
  auto at = members.begin();
  CHECK((*at++).key == "a");
  CHECK(at.value().is_object());
  json::array items;
  REQUIRE(json::find(members, "a")->get(items));
  std::vector<std::string> texts;
  for (const auto item : items) texts.push_back(json::minify(item));
  CHECK(texts == std::vector<std::string>{"1", "{\"b\":2}"});
  CHECK(json::minify(items) == "[1,{\"b\":2}]");
  CHECK(json::minify(members) == R"({"a":[1,{"b":2}],"c":{"d":{}},"a":null})");
}

TEST_CASE("a pointer leads to what it says, or nowhere") {
  json::document document;
  const auto root = *document.parse(R"({"a":[10,{"b/c":true}]})");
  REQUIRE(root.at_pointer("/a/1/b~1c"));
  CHECK(root.at_pointer("/a/1/b~1c")->type() == json::type::boolean);
  CHECK(root.at_pointer("")->is_object());
  for (const auto nowhere : {"/b", "/a/2", "/a/x", "/a/1/b", "a", "/a/01", "/a/-"}) {
    CAPTURE(nowhere);
    CHECK_FALSE(root.at_pointer(nowhere));
  }
}

}  // namespace value_test
