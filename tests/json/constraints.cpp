// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/constraints.hpp"

#include "sesame/json/objects.hpp"
#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <cstdint>
#include <deque>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace constraints_test {

enum class level { low, high };

// One member with the tags in question.
template <class T, class... Tags>
struct one {
  T value;
  using annotations = sesame::annotations<sesame::field<&one::value, "", Tags...>>;
};

}  // namespace constraints_test

namespace json_constraints_test {

namespace json = sesame::json;
using namespace sesame;
using namespace json_test;
using constraints_test::level;
using constraints_test::one;

// The schema of the member alone.
template <class T>
std::string_view published() {
  std::string_view text = json::schema<T>();
  const std::string_view before = R"({"type":"object","properties":{"value":)";
  REQUIRE(text.starts_with(before));
  text.remove_prefix(before.size());
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return text.substr(0, i + 1);
  }
  return {};
}

template <class T>
std::string refused(std::string_view value) {
  return fault<T>("{\"value\":" + std::string{value} + "}");
}
template <class T>
bool accepts(std::string_view value) {
  return refused<T>(value).empty();
}

TEST_CASE("min_length counts code points, from its bound on") {
  using type = one<std::string, min_length<2>>;
  CHECK(published<type>() == R"({"type":"string","minLength":2})");
  CHECK(accepts<type>("\"ab\""));
  CHECK(accepts<type>("\"\u00e4\U0001f600\""));
  CHECK(refused<type>("\"a\"") == "/value: expected at least 2 characters, found 1");
  CHECK_FALSE(accepts<type>("\"\U0001f600\""));
  CHECK_FALSE(accepts<type>("\"\""));
}

TEST_CASE("max_length counts code points, up to its bound") {
  using type = one<std::string_view, max_length<2>>;
  CHECK(published<type>() == R"({"type":"string","maxLength":2})");
  CHECK(accepts<type>("\"\""));
  CHECK(accepts<type>("\"\u4f60\u597d\""));
  CHECK(refused<type>("\"abc\"") == "/value: expected at most 2 characters, found 3");
}

static_assert(json::schema<one<std::string_view, max_length<2>>>() ==
              R"({"type":"object","properties":{"value":{"type":"string","maxLength":2}},)"
              R"("required":["value"],"additionalProperties":false})");

TEST_CASE("at_least includes its bound") {
  using type = one<int, at_least<-3>>;
  CHECK(published<type>() == R"({"type":"integer","minimum":-3})");
  CHECK(accepts<type>("-3"));
  CHECK(accepts<type>("-3.0"));
  CHECK(refused<type>("-4") == "/value: expected at least -3, found -4");
}

TEST_CASE("at_most includes its bound") {
  using type = one<double, at_most<3>>;
  CHECK(published<type>() == R"({"type":"number","maximum":3})");
  CHECK(accepts<type>("3"));
  CHECK(accepts<type>("-1e300"));
  CHECK(refused<type>("3.0000000000000004") ==
        "/value: expected at most 3, found 3.0000000000000004");
}

TEST_CASE("between includes both bounds") {
  using type = one<int, between<0, 100>>;
  CHECK(published<type>() == R"({"type":"integer","minimum":0,"maximum":100})");
  CHECK(accepts<type>("0"));
  CHECK(accepts<type>("100"));
  CHECK(refused<type>("250") == "/value: expected a number from 0 to 100, found 250");
  CHECK(refused<type>("-1") == "/value: expected a number from 0 to 100, found -1");
  using point = one<int, between<5, 5>>;
  CHECK(accepts<point>("5"));
  CHECK_FALSE(accepts<point>("6"));
}

TEST_CASE("bounds may be fractions") {
  using type = one<double, between<-0.5, 0.25>>;
  CHECK(published<type>() == R"({"type":"number","minimum":-0.5,"maximum":0.25})");
  CHECK(accepts<type>("-0.5"));
  CHECK(accepts<type>("0.25"));
  CHECK_FALSE(accepts<type>("0.26"));
  using whole = one<int, at_least<0.5>>;
  CHECK(published<whole>() == R"({"type":"integer","minimum":0.5})");
  CHECK_FALSE(accepts<whole>("0"));
  CHECK(accepts<whole>("1"));
}

TEST_CASE("a tag's bound stands in place of the type's own") {
  CHECK(published<one<unsigned, at_least<3>>>() == R"({"type":"integer","minimum":3})");
  CHECK(published<one<unsigned, at_most<3>>>() == R"({"type":"integer","minimum":0,"maximum":3})");
  CHECK(published<one<std::uint8_t, at_most<3>>>() ==
        R"({"type":"integer","minimum":0,"maximum":3})");
  CHECK(published<one<std::int8_t, at_least<3>>>() ==
        R"({"type":"integer","maximum":127,"minimum":3})");
  CHECK(published<one<std::uint8_t, between<1, 5>>>() ==
        R"({"type":"integer","minimum":1,"maximum":5})");
}

TEST_CASE("a bound is compared without a change of sign") {
  using type = one<std::uint64_t, between<0, 5>>;
  CHECK_FALSE(accepts<type>("18446744073709551615"));
  using wide = one<std::int64_t, at_most<18446744073709551615U>>;
  CHECK(std::is_same_v<decltype(&wide::value), std::int64_t wide::*>);
  using low = one<std::int64_t, at_most<5U>>;
  CHECK(accepts<low>("-9223372036854775808"));
}

TEST_CASE("min_items and max_items") {
  using type = one<std::vector<int>, min_items<1>, max_items<2>>;
  CHECK(published<type>() ==
        R"({"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2})");
  CHECK(accepts<type>("[1]"));
  CHECK(accepts<type>("[1,2]"));
  CHECK(refused<type>("[]") == "/value: expected at least 1 items, found 0");
  CHECK(refused<type>("[1,2,3]") == "/value: expected at most 2 items, found 3");
  CHECK(accepts<one<std::deque<bool>, max_items<0>>>("[]"));
}

TEST_CASE("a format is enforced") {
  using type = one<std::string, format<"email">>;
  CHECK(published<type>() == R"({"type":"string","format":"email"})");
  CHECK(accepts<type>("\"a@b.de\""));
  CHECK(refused<type>("\"a\"") ==
        "/value: expected a string of format email, found another string");
  CHECK(accepts<one<std::string, format<"date">>>("\"2024-02-29\""));
  CHECK_FALSE(accepts<one<std::string, format<"date">>>("\"2023-02-29\""));
  CHECK(accepts<one<std::string, format<"uri">>>("\"urn:x\""));
  CHECK_FALSE(accepts<one<std::string, format<"uuid">>>("\"urn:x\""));
  CHECK_FALSE(accepts<one<std::string, format<"date-time">>>("\"2024-02-29\""));
}

TEST_CASE("titles tell of the enumerators, in their order") {
  using type = one<level, titles<"Not \"much\"", "A lot">>;
  CHECK(published<type>() == R"({"type":"string","oneOf":[{"const":"low","title":"Not \"much\""},)"
                             R"({"const":"high","title":"A lot"}]})");
  CHECK(accepts<type>("\"low\""));
  CHECK_FALSE(accepts<type>("\"Low\""));
  using several = one<std::vector<level>, titles<"Low", "High">, max_items<2>>;
  CHECK(published<several>() ==
        R"({"type":"array","items":{"anyOf":[{"const":"low","title":"Low"},)"
        R"({"const":"high","title":"High"}]},"maxItems":2})");
  CHECK(accepts<several>(R"(["high","low"])"));
}

TEST_CASE("the tags of an optional speak of its value") {
  using type = one<std::optional<int>, between<1, 2>>;
  CHECK(published<type>() == R"({"type":"integer","minimum":1,"maximum":2})");
  CHECK(accepts<type>("1"));
  CHECK(accepts<type>("null"));
  CHECK(fits<type>("{}"));
  CHECK(refused<type>("3") == "/value: expected a number from 1 to 2, found 3");
}

TEST_CASE("the type is told before the bound") {
  using type = one<int, between<0, 100>>;
  CHECK(refused<type>("\"x\"") ==
        "/value: expected an integer from -2147483648 to 2147483647, found a string");
}

TEST_CASE("a default of a tag needs no default of the member") {
  using type = one<std::uint8_t, default_value<255>, at_least<1>>;
  CHECK(published<type>() == R"({"type":"integer","maximum":255,"minimum":1,"default":255})");
  CHECK(parse<type>("{}")->value == 255);
  using whole = one<double, default_value<1>>;
  CHECK(parse<whole>("{}")->value == 1.0);
}

}  // namespace json_constraints_test
