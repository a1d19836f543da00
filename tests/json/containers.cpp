// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/containers.hpp"

#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <array>
#include <deque>
#include <doctest/doctest.h>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace containers_test {

struct point {
  double x, y;
  friend bool operator==(const point&, const point&) = default;
};
struct circle {
  point centre;
  double radius;
};

}  // namespace containers_test

namespace json_containers_test {

namespace json = sesame::json;
using namespace json_test;
using namespace containers_test;

static_assert(json::schema<std::vector<int>>() == R"({"type":"array","items":{"type":"integer"}})");
static_assert(json::schema<std::list<bool>>() == R"({"type":"array","items":{"type":"boolean"}})");
static_assert(json::schema<std::array<bool, 2>>() ==
              R"({"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":2})");
static_assert(json::schema<std::map<std::string, int>>() ==
              R"({"type":"object","additionalProperties":{"type":"integer"}})");
static_assert(json::schema<std::variant<int, std::string>>() ==
              R"({"anyOf":[{"type":"integer"},{"type":"string"}]})");
static_assert(json::schema<std::variant<std::monostate, bool>>() ==
              R"({"anyOf":[{"type":"null"},{"type":"boolean"}]})");
static_assert(json::schema<std::vector<std::optional<int>>>() ==
              R"({"type":"array","items":{"anyOf":[{"type":"integer"},{"type":"null"}]}})");
static_assert(json::schema<std::vector<std::vector<int>>>() ==
              R"({"type":"array","items":{"type":"array","items":{"type":"integer"}}})");

static_assert(json::sequence<std::vector<int>> && json::sequence<std::deque<point>>);
static_assert(!json::sequence<std::string> && !json::sequence<std::map<std::string, int>>);
static_assert(json::string_map<std::unordered_map<std::string, int>>);
static_assert(!json::string_map<std::map<int, int>>);

TEST_CASE("sequences are read and written in order") {
  CHECK(round_trip<std::vector<int>>("[]") == "[]");
  CHECK(round_trip<std::vector<int>>("[3,1,2]") == "[3,1,2]");
  CHECK(round_trip<std::deque<std::string>>(R"(["a","b"])") == R"(["a","b"])");
  CHECK(round_trip<std::list<double>>("[1.5]") == "[1.5]");
  CHECK(round_trip<std::vector<bool>>("[true,false,true]") == "[true,false,true]");
  CHECK(round_trip<std::vector<std::vector<int>>>("[[],[1],[2,3]]") == "[[],[1],[2,3]]");
}

TEST_CASE("a mismatch in a sequence names the element") {
  CHECK(fault<std::vector<bool>>("[true,1]") == "/1: expected true or false, found 1");
  CHECK(fault<std::vector<std::vector<bool>>>("[[],[true,null]]") ==
        "/1/1: expected true or false, found null");
  CHECK(fault<std::vector<int>>("{}") == "the value: expected an array, found an object");
  CHECK(fault<std::vector<int>>("null") == "the value: expected an array, found null");
}

TEST_CASE("an array has its length") {
  using two = std::array<bool, 2>;
  CHECK(round_trip<two>("[true,false]") == "[true,false]");
  CHECK(fault<two>("[true]") == "the value: expected an array of 2, found an array");
  CHECK(fault<two>("[true,true,true]") == "the value: expected an array of 2, found an array");
  CHECK(fault<two>("[true,0]") == "/1: expected true or false, found 0");
  CHECK(round_trip<std::array<int, 0>>("[]") == "[]");
  CHECK_FALSE(fits<std::array<int, 0>>("[1]"));
}

TEST_CASE("maps are read and written") {
  using map = std::map<std::string, int>;
  CHECK(round_trip<map>(R"({"b":2,"a":1})") == R"({"a":1,"b":2})");
  CHECK(round_trip<map>("{}") == "{}");
  CHECK(round_trip<map>(R"({"":1,"\u0000\"":2})") == R"({"":1,"\u0000\"":2})");
  CHECK(round_trip<std::unordered_map<std::string, bool>>(R"({"x":true})") == R"({"x":true})");
  CHECK(fault<map>("[]") == "the value: expected an object, found an array");
}

TEST_CASE("a mismatch in a map names the key, escaped as a JSON Pointer") {
  using map = std::map<std::string, std::map<std::string, bool>>;
  CHECK(fault<map>(R"({"a":{"b/c~d":1}})") == "/a/b~1c~0d: expected true or false, found 1");
  CHECK(fault<map>(R"({"a":{"b":true,"b":true}})") == "/a/b: expected one value, found two");
}

TEST_CASE("an optional is a value or null") {
  CHECK(parse<std::optional<int>>("null")->has_value() == false);
  CHECK(**parse<std::optional<int>>("5") == 5);
  CHECK(round_trip<std::optional<int>>("null") == "null");
  CHECK(fault<std::optional<bool>>("5") == "the value: expected true or false, found 5");
  CHECK(round_trip<std::vector<std::optional<bool>>>("[true,null]") == "[true,null]");
  CHECK(round_trip<std::map<std::string, std::optional<bool>>>(R"({"a":null})") == R"({"a":null})");
}

TEST_CASE("a variant is the first alternative that fits") {
  using either = std::variant<int, double, std::string, std::vector<int>>;
  CHECK(parse<either>("1")->index() == 0);
  CHECK(parse<either>("1.0")->index() == 0);
  CHECK(parse<either>("1.5")->index() == 1);
  CHECK(parse<either>("3000000000")->index() == 1);
  CHECK(parse<either>("\"1\"")->index() == 2);
  CHECK(parse<either>("[1]")->index() == 3);
  CHECK(round_trip<either>("[1]") == "[1]");
  CHECK(fault<either>("[\"x\"]") == "the value: expected one of the alternatives, found an array");
  CHECK(fault<either>("null") == "the value: expected one of the alternatives, found null");
}

TEST_CASE("a variant of structs is told by its members") {
  using shape = std::variant<point, circle>;
  CHECK(parse<shape>(R"({"x":1,"y":2})")->index() == 0);
  CHECK(parse<shape>(R"({"centre":{"x":1,"y":2},"radius":3})")->index() == 1);
  CHECK(round_trip<shape>(R"({"radius":3,"centre":{"y":2,"x":1}})") ==
        R"({"centre":{"x":1,"y":2},"radius":3})");
  CHECK(fault<std::vector<shape>>(R"([{"x":1}])") ==
        "/0: expected one of the alternatives, found an object");
}

TEST_CASE("nothing is left of an alternative that was tried in vain") {
  using either = std::variant<std::vector<bool>, std::vector<std::optional<int>>>;
  const auto value = parse<either>("[true,2]");
  REQUIRE_FALSE(value);
  const auto second = parse<either>("[1,null]");
  REQUIRE(second);
  CHECK(std::get<1>(*second).size() == 2);
}

TEST_CASE("monostate is null") {
  using maybe = std::variant<std::monostate, bool>;
  CHECK(parse<maybe>("null")->index() == 0);
  CHECK(round_trip<maybe>("null") == "null");
  CHECK(fault<std::monostate>("0") == "the value: expected null, found 0");
}

TEST_CASE("a container that held something is replaced") {
  json::document document;
  json::reader in;
  std::vector<int> numbers{1, 2, 3};
  REQUIRE(json::read(*document.parse("[9]"), numbers, in));
  CHECK(numbers == std::vector<int>{9});
  std::map<std::string, int> map{{"old", 1}};
  REQUIRE(json::read(*document.parse(R"({"new":2})"), map, in));
  CHECK(map == std::map<std::string, int>{{"new", 2}});
}

}  // namespace json_containers_test
