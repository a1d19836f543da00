// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/objects.hpp"

#include "sesame/json/constraints.hpp"
#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <array>
#include <chrono>
#include <doctest/doctest.h>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace objects_test {

struct record_query {
  std::string id;
  int history = 10;

  using annotations =
      sesame::annotations<sesame::field<&record_query::id, "Record to fetch">,
                          sesame::field<&record_query::history, "How many \"past\" versions">>;
};

struct nothing {};

enum class level { low, high };

struct defaults {
  int number = 1;
  double real = 0.5;
  bool truth = true;
  std::string text = "a \"text\"";
  level chosen = level::high;
  std::optional<int> maybe = 5;
  std::vector<int> list = {1, 2};
  std::array<int, 2> pair = {0, 3};
  std::chrono::seconds length{30};
  std::variant<int, std::string> either = "x";
};

struct invisible {
  int number = 0;
  double real = 0;
  bool truth = false;
  std::string text = "";
  level chosen = level::low;
  std::vector<int> list = {};
  std::array<int, 2> pair = {};
  std::chrono::seconds length{};
};

struct optional_default {
  std::optional<record_query> query = record_query{"x", 3};
};

struct optionals {
  std::optional<int> number;
  std::optional<record_query> query;
  std::optional<std::vector<int>> list;
};

struct page {
  int limit = 10;
  std::optional<std::string> cursor;
};
struct search {
  std::string text;
  int limit = 10;
};
struct nested {
  page whole;      // can be given as {}
  search half;     // something in it is required
  optionals none;  // nothing in it shows
  search given = {"x", 3};
};

struct tagged {
  int zero;
  bool off;
  std::string empty;
  std::string text;
  std::optional<int> maybe;
  level chosen;
  double real;

  using annotations = sesame::annotations<
      sesame::field<&tagged::zero, "", sesame::default_value<0>>,
      sesame::field<&tagged::off, "", sesame::default_value<false>>,
      sesame::field<&tagged::empty, "", sesame::default_text<"">>,
      sesame::field<&tagged::text, "Some text", sesame::default_text<"a \"b\"">>,
      sesame::field<&tagged::maybe, "", sesame::default_value<7>>,
      sesame::field<&tagged::chosen, "", sesame::default_value<level::low>>,
      sesame::field<&tagged::real, "", sesame::default_value<2>>>;
};

struct move_only {
  std::string name;
  std::vector<move_only> children;
};

struct camel {
  int camelCase = 1;
  int under_score_ = 2;
  int \u00fcber = 3;
};

struct infinite {
  double limit = std::numeric_limits<double>::infinity();
};

struct views {
  std::string_view text;
};

}  // namespace objects_test

namespace json_objects_test {

namespace json = sesame::json;
using namespace json_test;
using namespace objects_test;
using namespace std::literals;

static_assert(json::reflected<record_query> && json::reflected<nothing>);
static_assert(!json::reflected<std::array<int, 2>> && !json::reflected<std::string>);

static_assert(json::schema<nothing>() == R"({"type":"object","additionalProperties":false})");

TEST_CASE("a schema names members, their descriptions and defaults, and what is required") {
  CHECK(json::schema<record_query>() ==
        R"({"type":"object","properties":{)"
        R"("id":{"type":"string","description":"Record to fetch"},)"
        R"("history":{"type":"integer","description":"How many \"past\" versions","default":10}},)"
        R"("required":["id"],"additionalProperties":false})");
}

TEST_CASE("a member with a default that shows is not required, and the default is told") {
  CHECK(
      json::schema<defaults>() ==
      R"({"type":"object","properties":{)"
      R"("number":{"type":"integer","default":1},)"
      R"("real":{"type":"number","default":0.5},)"
      R"("truth":{"type":"boolean","default":true},)"
      R"("text":{"type":"string","default":"a \"text\""},)"
      R"("chosen":{"type":"string","enum":["low","high"],"default":"high"},)"
      R"("maybe":{"type":"integer","default":5},)"
      R"("list":{"type":"array","items":{"type":"integer"},"default":[1,2]},)"
      R"("pair":{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":2,"default":[0,3]},)"
      R"("length":{"type":"string","format":"duration","default":"PT30S"},)"
      R"("either":{"anyOf":[{"type":"integer"},{"type":"string"}],"default":"x"}},)"
      R"("additionalProperties":false})");
  const auto value = parse<defaults>("{}");
  REQUIRE(value);
  CHECK(value->number == 1);
  CHECK(value->text == "a \"text\"");
  CHECK(value->maybe == 5);
  CHECK(value->list.size() == 2);
}

TEST_CASE("what is sent stands in place of the default") {
  const auto value = parse<defaults>(R"({"number":0,"text":"","list":[],"maybe":null})");
  REQUIRE(value);
  CHECK(value->number == 0);
  CHECK(value->text.empty());
  CHECK(value->list.empty());
  CHECK_FALSE(value->maybe);
  CHECK(value->real == 0.5);
}

TEST_CASE("a default that is zero, false or empty does not show, so the member is required") {
  const std::string_view schema = json::schema<invisible>();
  CHECK(schema.ends_with(R"("required":["number","real","truth","text","chosen","list","pair",)"
                         R"("length"],"additionalProperties":false})"));
  CHECK(schema.find("default") == std::string_view::npos);
  CHECK(fault<invisible>("{}") == "/number: expected a value, found nothing");
}

TEST_CASE("the tag for a default makes a member not required, and gives it that value") {
  CHECK(json::schema<tagged>() ==
        R"({"type":"object","properties":{)"
        R"("zero":{"type":"integer","default":0},)"
        R"("off":{"type":"boolean","default":false},)"
        R"("empty":{"type":"string","default":""},)"
        R"("text":{"type":"string","description":"Some text","default":"a \"b\""},)"
        R"("maybe":{"type":"integer","default":7},)"
        R"("chosen":{"type":"string","enum":["low","high"],"default":"low"},)"
        R"("real":{"type":"number","default":2}},"additionalProperties":false})");
  const auto value = parse<tagged>("{}");
  REQUIRE(value);
  CHECK(value->zero == 0);
  CHECK(value->text == "a \"b\"");
  CHECK(value->maybe == 7);
  CHECK(value->real == 2);
  CHECK(parse<tagged>(R"({"text":"sent"})")->text == "sent");
}

TEST_CASE("optional members may be left out or null, and are left out where empty") {
  CHECK(round_trip<optionals>("{}") == "{}");
  CHECK(round_trip<optionals>(R"({"number":null,"query":null})") == "{}");
  CHECK(round_trip<optionals>(R"({"query":{"id":"x"},"list":[]})") ==
        R"({"query":{"id":"x","history":10},"list":[]})");
  CHECK(fault<optionals>(R"({"query":{}})") == "/query/id: expected a value, found nothing");
  CHECK(json::schema<optionals>() ==
        R"({"type":"object","properties":{"number":{"type":"integer"},"query":{"type":"object",)"
        R"("properties":{"id":{"type":"string","description":"Record to fetch"},"history":)"
        R"({"type":"integer","description":"How many \"past\" versions","default":10}},)"
        R"("required":["id"],"additionalProperties":false},)"
        R"("list":{"type":"array","items":{"type":"integer"}}},"additionalProperties":false})");
}

TEST_CASE("the default of an optional is told, of whatever type it is") {
  CHECK(json::schema<optional_default>().find(R"("default":{"id":"x","history":3})") !=
        std::string_view::npos);
  CHECK(parse<optional_default>("{}")->query->id == "x");
  CHECK_FALSE(parse<optional_default>(R"({"query":null})")->query);
}

TEST_CASE("a struct in a struct is required where something of it is") {
  const std::string_view schema = json::schema<nested>();
  CHECK(schema.find(R"("required":["half","none"],"additionalProperties":false)") !=
        std::string_view::npos);
  CHECK(schema.find(R"("default":{"limit":10})") != std::string_view::npos);
  CHECK(schema.find(R"("default":{"text":"x","limit":3})") != std::string_view::npos);
  CHECK(fault<nested>(R"({"none":{}})") == "/half: expected a value, found nothing");
  CHECK(fault<nested>(R"({"half":{},"none":{}})") == "/half/text: expected a value, found nothing");
  const auto value = parse<nested>(R"({"half":{"text":"y"},"none":{}})");
  REQUIRE(value);
  CHECK(value->whole.limit == 10);
  CHECK(value->given.limit == 3);
}

TEST_CASE("a mismatch names the member") {
  CHECK(fault<record_query>(R"({"id":5})") == "/id: expected a string, found 5");
  CHECK(fault<record_query>(R"({"id":"x","history":"1"})") ==
        "/history: expected an integer from -2147483648 to 2147483647, found a string");
  CHECK(fault<record_query>("[]") == "the value: expected an object, found an array");
  CHECK(fault<record_query>("null") == "the value: expected an object, found null");
  CHECK(fault<record_query>("{}") == "/id: expected a value, found nothing");
  CHECK(fault<record_query>(R"({"id":null})") == "/id: expected a string, found null");
  CHECK(fault<std::vector<record_query>>(R"([{"id":"a"},{"id":"b","history":true}])") ==
        "/1/history: expected an integer from -2147483648 to 2147483647, found true");
}

TEST_CASE("an unknown member is refused, or ignored where that is the policy") {
  const auto text = R"({"id":"x","extra":1})";
  CHECK(fault<record_query>(text) == "/extra: expected a known member, found an unknown one");
  CHECK(fault<record_query>(R"({"id":"x","a/b":1})") ==
        "/a~1b: expected a known member, found an unknown one");
  CHECK(fault<record_query>(R"({"ID":"x"})") ==
        "/ID: expected a known member, found an unknown one");
  CHECK(fault<record_query>("{\"id\\u0000\":\"x\"}") ==
        "/id\0: expected a known member, found an unknown one"s);
  CHECK(parse<record_query>(text, json::unknown_members::ignore)->id == "x");
  CHECK(fault<nothing>(R"({"a":1})") == "/a: expected a known member, found an unknown one");
  CHECK(fits<nothing>("{}"));
}

TEST_CASE("a member that is given twice is refused, whatever the policy") {
  for (const auto policy : {json::unknown_members::reject, json::unknown_members::ignore}) {
    CHECK(fault<record_query>(R"({"id":"x","id":"y"})", policy) ==
          "/id: expected one value, found two");
    CHECK(fault<record_query>(R"({"id":"x","history":1,"\u0069d":"x"})", policy) ==
          "/id: expected one value, found two");
  }
}

TEST_CASE("members come in any order") {
  CHECK(round_trip<record_query>(R"({"history":3,"id":"x"})") == R"({"id":"x","history":3})");
  CHECK(round_trip<camel>("{\"\u00fcber\":1,\"under_score_\":2,\"camelCase\":3}") ==
        "{\"camelCase\":3,\"under_score_\":2,\"\u00fcber\":1}");
}

TEST_CASE("a recursive struct is read, written and described") {
  const auto text = R"({"name":"a","children":[{"name":"b","children":[]}]})";
  CHECK(round_trip<move_only>(text) == text);
  CHECK(fault<move_only>(R"({"name":"a","children":[{"name":"b","children":[{"name":1}]}]})") ==
        "/children/0/children/0/name: expected a string, found 1");
}

TEST_CASE("an infinite default is not told") {
  CHECK(
      json::schema<infinite>() ==
      R"({"type":"object","properties":{"limit":{"type":"number"}},"additionalProperties":false})");
  CHECK(write(infinite{}).failed);
}

TEST_CASE("a failure inside a struct reaches the writer") {
  CHECK(write(defaults{.chosen = static_cast<level>(9)}).failed);
  CHECK_FALSE(write(defaults{}).failed);
}

TEST_CASE("what is an object already is read as such, and none as one without members") {
  json::document document;
  json::reader in;
  record_query query;
  const auto members = *json::as_object(*document.parse(R"({"id":"x"})"));
  CHECK(json::codec<record_query>::read_members(&members, query, in));
  CHECK(query.id == "x");
  record_query missing;
  CHECK_FALSE(json::codec<record_query>::read_members(nullptr, missing, in));
  CHECK(in.error().message() == "/id: expected a value, found nothing");
  tagged all;
  CHECK(json::codec<tagged>::read_members(nullptr, all, in));
  CHECK(all.text == "a \"b\"");
}

}  // namespace json_objects_test
