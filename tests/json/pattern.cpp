#include "sesame/json/pattern.hpp"

#include "sesame/json/schema.hpp"

#include <doctest/doctest.h>
#include <string>

namespace pattern_test {

using namespace sesame;

struct parcel {
  std::string code;
  using annotations = sesame::annotations<field<&parcel::code, "", pattern<"^[A-Z]{2}-[0-9]+$">>>;
};

struct greedy {
  std::string text;
  using annotations = sesame::annotations<field<&greedy::text, "", pattern<"^(a+)+$">>>;
};

template <class T>
std::string problem_of(const std::string& text) {
  json::document document;
  const auto parsed = document.parse(text);
  REQUIRE(parsed);
  T to;
  json::reader in;
  return json::read(*parsed, to, in) ? std::string{} : in.error().message();
}

TEST_CASE("a pattern is published") {
  CHECK(json::schema<parcel>().find(R"("code":{"type":"string","pattern":"^[A-Z]{2}-[0-9]+$"})") !=
        std::string_view::npos);
}

TEST_CASE("a pattern is enforced") {
  CHECK(problem_of<parcel>(R"({"code":"AB-12"})").empty());
  CHECK(problem_of<parcel>(R"({"code":"ab-12"})") ==
        "/code: expected a string that matches ^[A-Z]{2}-[0-9]+$, found another string");
  CHECK_FALSE(problem_of<parcel>(R"({"code":"AB-12\nx"})").empty());
}

TEST_CASE("a long text does not make a nested repetition explode") {
  const std::string text(20'000, 'a');
  CHECK(problem_of<greedy>(R"({"text":")" + text + "\"}").empty());
  CHECK_FALSE(problem_of<greedy>(R"({"text":")" + text + "b\"}").empty());
}

TEST_CASE("an expression that does not compile is named") {
  CHECK_THROWS_WITH_AS((void)json::detail::compile_pattern("(["),
                       doctest::Contains("pattern<\"([\">"), configuration_error);
}

}  // namespace pattern_test
