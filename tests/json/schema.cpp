// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <array>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace schema_test {

struct point {
  double x, y;
};
struct line {
  point from, to;
};
struct once {
  point only;
  int number;
};
struct node {
  int value;
  std::vector<node> children;
};
struct forest {
  std::vector<node> trees;
};
struct b;
struct a {
  std::vector<b> bs;
};
struct b {
  std::vector<a> as;
};
struct everywhere {
  std::optional<point> maybe;
  std::vector<point> list;
  std::map<std::string, point> map;
  std::variant<int, point> either;
  std::array<point, 1> array;
};
template <class T>
struct pair_of {
  T first, second;
};
struct templates {
  pair_of<int> numbers, more_numbers;
  pair_of<bool> truths, more_truths;
  pair_of<std::array<bool, 1>> arrays, more_arrays;
};
namespace inner {
struct point {
  int z;
};
}  // namespace inner
struct two_points {
  point a, b;
  inner::point c, d;
};
struct inside_shared {
  line first, second;
};

}  // namespace schema_test

namespace json_schema_test {

namespace json = sesame::json;
using namespace json_test;
using namespace schema_test;

struct hidden {
  int first;
  bool second;
};

static_assert(json::schema<point>() ==
              R"({"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"}},)"
              R"("required":["x","y"],"additionalProperties":false})");
static_assert(json::schema<hidden>() ==
              R"({"type":"object","properties":{"first":{"type":"integer"},)"
              R"("second":{"type":"boolean"}},"required":["first","second"],)"
              R"("additionalProperties":false})");

static_assert(json::schema<once>() ==
                  R"({"type":"object","properties":{"only":{"type":"object","properties":)"
                  R"({"x":{"type":"number"},"y":{"type":"number"}},"required":["x","y"],)"
                  R"("additionalProperties":false},"number":{"type":"integer"}},)"
                  R"("required":["only","number"],"additionalProperties":false})",
              "a struct that is used once stands in place");

static_assert(json::schema<line>() ==
                  R"({"type":"object","properties":{"from":{"$ref":"#/$defs/point"},)"
                  R"("to":{"$ref":"#/$defs/point"}},"required":["from","to"],)"
                  R"("additionalProperties":false,"$defs":{"point":{"type":"object","properties":)"
                  R"({"x":{"type":"number"},"y":{"type":"number"}},"required":["x","y"],)"
                  R"("additionalProperties":false}}})",
              "a struct that is used twice is defined once");

static_assert(json::schema<node>() ==
                  R"({"type":"object","properties":{"value":{"type":"integer"},"children":)"
                  R"({"type":"array","items":{"$ref":"#"}}},"required":["value","children"],)"
                  R"("additionalProperties":false})",
              "a struct that contains itself refers to the whole");

static_assert(json::schema<forest>() ==
              R"({"type":"object","properties":{"trees":{"type":"array","items":)"
              R"({"$ref":"#/$defs/node"}}},"required":["trees"],"additionalProperties":false,)"
              R"("$defs":{"node":{"type":"object","properties":{"value":{"type":"integer"},)"
              R"("children":{"type":"array","items":{"$ref":"#/$defs/node"}}},)"
              R"("required":["value","children"],"additionalProperties":false}}})");

static_assert(json::schema<std::vector<node>>() ==
              R"({"type":"array","items":{"$ref":"#/$defs/node"},)"
              R"("$defs":{"node":{"type":"object","properties":{"value":{"type":"integer"},)"
              R"("children":{"type":"array","items":{"$ref":"#/$defs/node"}}},)"
              R"("required":["value","children"],"additionalProperties":false}}})");

static_assert(json::schema<a>() ==
                  R"({"type":"object","properties":{"bs":{"type":"array","items":{"type":"object",)"
                  R"("properties":{"as":{"type":"array","items":{"$ref":"#"}}},"required":["as"],)"
                  R"("additionalProperties":false}}},"required":["bs"],)"
                  R"("additionalProperties":false})",
              "two structs that contain each other");

static_assert(json::schema<two_points>() ==
                  R"({"type":"object","properties":{"a":{"$ref":"#/$defs/point"},)"
                  R"("b":{"$ref":"#/$defs/point"},"c":{"$ref":"#/$defs/point.2"},)"
                  R"("d":{"$ref":"#/$defs/point.2"}},"required":["a","b","c","d"],)"
                  R"("additionalProperties":false,"$defs":{"point":{"type":"object","properties":)"
                  R"({"x":{"type":"number"},"y":{"type":"number"}},"required":["x","y"],)"
                  R"("additionalProperties":false},"point.2":{"type":"object","properties":)"
                  R"({"z":{"type":"integer"}},"required":["z"],"additionalProperties":false}}})",
              "two structs of one name are told apart");

template <class T>
std::size_t count(std::string_view part) {
  const std::string_view text = json::schema<T>();
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_CASE("a struct is shared between every kind of container") {
  CHECK(count<everywhere>(R"("$ref":"#/$defs/point")") == 5);
  CHECK(count<everywhere>(R"("x":{"type":"number"})") == 1);
}

TEST_CASE("specializations of one template have definitions of their own") {
  CHECK(count<templates>(R"({"$ref":"#/$defs/pair_of"})") == 2);
  CHECK(count<templates>(R"({"$ref":"#/$defs/pair_of.2"})") == 2);
  CHECK(count<templates>(R"({"$ref":"#/$defs/pair_of.3"})") == 2);
  CHECK(count<templates>(R"("pair_of.3":{"type":"object")") == 1);
}

TEST_CASE("a definition refers to another") {
  CHECK(count<inside_shared>(R"({"$ref":"#/$defs/line"})") == 2);
  CHECK(count<inside_shared>(R"({"$ref":"#/$defs/point"})") == 2);
  CHECK(count<inside_shared>(R"("point":{"type":"object")") == 1);
}

TEST_CASE("every schema is JSON in which no member repeats") {
  json::document document;
  for (const auto text :
       {json::schema<everywhere>(), json::schema<templates>(), json::schema<inside_shared>(),
        json::schema<two_points>(), json::schema<a>(), json::schema<std::optional<node>>()}) {
    const auto root = document.parse(text);
    REQUIRE(root);
    CHECK_FALSE(json::has_repeated_keys(*root));
  }
}

TEST_CASE("a schema stays where it is") {
  CHECK(json::schema<line>().data() == json::schema<line>().data());
  CHECK(json::schema<templates>().data() == json::schema<templates>().data());
}

TEST_CASE("a struct inside a function is described") {
  struct local {
    int number;
    std::string text = "x";
  };
  CHECK(json::schema<local>() == R"({"type":"object","properties":{"number":{"type":"integer"},)"
                                 R"("text":{"type":"string","default":"x"}},"required":["number"],)"
                                 R"("additionalProperties":false})");
}

}  // namespace json_schema_test
