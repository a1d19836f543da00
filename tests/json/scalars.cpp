// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/scalars.hpp"

#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <cstdint>
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <string_view>

namespace scalars_test {

enum class colour { red, dark_green = 7, blue = -3 };
enum unscoped : std::uint8_t { on = 1, off = 0 };
enum class far_away { there = 1000 };

}  // namespace scalars_test

namespace json_scalars_test {

namespace json = sesame::json;
using namespace json_test;
using namespace scalars_test;

static_assert(json::integer<int> && json::integer<std::uint8_t> && json::integer<std::int64_t>);
static_assert(!json::integer<bool> && !json::integer<char> && !json::integer<char16_t>);

static_assert(json::schema<bool>() == R"({"type":"boolean"})");
static_assert(json::schema<int>() == R"({"type":"integer"})");
static_assert(json::schema<std::int64_t>() == R"({"type":"integer"})");
static_assert(json::schema<unsigned>() == R"({"type":"integer","minimum":0})");
static_assert(json::schema<std::int8_t>() == R"({"type":"integer","minimum":-128,"maximum":127})");
static_assert(json::schema<std::uint8_t>() == R"({"type":"integer","minimum":0,"maximum":255})");
static_assert(json::schema<std::uint16_t>() == R"({"type":"integer","minimum":0,"maximum":65535})");
static_assert(json::schema<double>() == R"({"type":"number"})");
static_assert(json::schema<float>() == R"({"type":"number"})");
static_assert(json::schema<std::string>() == R"({"type":"string"})");
static_assert(json::schema<std::string_view>() == R"({"type":"string"})");
static_assert(json::schema<colour>() == R"({"type":"string","enum":["blue","red","dark_green"]})");
static_assert(json::schema<unscoped>() == R"({"type":"string","enum":["off","on"]})");

template <class T>
void check_bounds() {
  using limits = std::numeric_limits<T>;
  const auto lowest = std::to_string(limits::min());
  const auto highest = std::to_string(limits::max());
  CAPTURE(lowest);
  CHECK(round_trip<T>(lowest) == lowest);
  CHECK(round_trip<T>(highest) == highest);
  CHECK(round_trip<T>("0") == "0");
  const auto expected = "the value: expected an integer from " + lowest + " to " + highest;
  CHECK(fault<T>("\"1\"") == expected + ", found a string");
  CHECK(fault<T>("1.5") == expected + ", found 1.5");
  if constexpr (sizeof(T) < sizeof(std::int64_t)) {
    const auto below = std::to_string(static_cast<std::int64_t>(limits::min()) - 1);
    const auto above = std::to_string(static_cast<std::int64_t>(limits::max()) + 1);
    CHECK(fault<T>(below) == expected + ", found " + below);
    CHECK(fault<T>(above) == expected + ", found " + above);
    CHECK_FALSE(fits<T>(above + ".0"));
    CHECK_FALSE(fits<T>(below + ".0"));
  }
}

TEST_CASE("an integer is read to the bounds of its type and not beyond") {
  check_bounds<std::int8_t>();
  check_bounds<std::uint8_t>();
  check_bounds<std::int16_t>();
  check_bounds<std::uint16_t>();
  check_bounds<std::int32_t>();
  check_bounds<std::uint32_t>();
  check_bounds<std::int64_t>();
  check_bounds<std::uint64_t>();
  check_bounds<long long>();
  CHECK_FALSE(fits<std::int64_t>("9223372036854775808"));
  CHECK_FALSE(fits<std::uint64_t>("-1"));
}

TEST_CASE("a number with a zero fraction is an integer") {
  CHECK(*parse<int>("1.0") == 1);
  CHECK(*parse<int>("1e2") == 100);
  CHECK(*parse<int>("-2.50e1") == -25);
  CHECK(*parse<unsigned>("-0.0") == 0);
  CHECK(*parse<std::int64_t>("9007199254740992.0") == 9'007'199'254'740'992);
  CHECK_FALSE(fits<int>("0.1"));
  CHECK_FALSE(fits<int>("1e-1"));
  CHECK_FALSE(fits<int>("2147483648.0"));
  CHECK_FALSE(fits<std::int64_t>("1e300"));
  CHECK_FALSE(fits<std::int64_t>("9223372036854775808.0"));
}

TEST_CASE("no number is read from anything else") {
  for (const auto text : {"true", "null", "\"\"", "[]", "{}", "[1]"}) {
    CHECK_FALSE(fits<int>(text));
    CHECK_FALSE(fits<double>(text));
  }
  CHECK(fault<int>("null") ==
        "the value: expected an integer from -2147483648 to 2147483647, found null");
  CHECK(fault<double>("true") == "the value: expected a number, found true");
}

TEST_CASE("a bool is true or false and nothing else") {
  CHECK(*parse<bool>("true") == true);
  CHECK(*parse<bool>("false") == false);
  CHECK(round_trip<bool>("true") == "true");
  CHECK(fault<bool>("1") == "the value: expected true or false, found 1");
  CHECK(fault<bool>("\"true\"") == "the value: expected true or false, found a string");
  CHECK(fault<bool>("null") == "the value: expected true or false, found null");
}

TEST_CASE("floating numbers") {
  CHECK(*parse<double>("1") == 1);
  CHECK(*parse<double>("18446744073709551615") == 18446744073709551615.0);
  CHECK(round_trip<double>("0.1") == "0.1");
  CHECK(round_trip<double>("-1.5e-7") == "-1.5e-07");
  CHECK(round_trip<double>("1.7976931348623157e308") == "1.7976931348623157e+308");
  CHECK(fault<double>("1e400") ==
        "the value: expected JSON, found a number is malformed or out of range");
}

TEST_CASE("a float is written with the digits that it has") {
  CHECK(json::to_json(0.1F) == "0.1");
  CHECK(json::to_json(16777216.0F) == "16777216");
  CHECK(json::to_json(std::numeric_limits<float>::max()) == "3.4028235e+38");
  CHECK(*parse<float>("0.1") == 0.1F);
  CHECK(*parse<float>("3.4028235e38") == std::numeric_limits<float>::max());
  CHECK(fault<float>("1e39") == "the value: expected a number that fits, found 1e+39");
}

TEST_CASE("infinities and NaN fail to be written") {
  for (const auto n :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(write(n).failed);
    CHECK(write(n).text == "null");
    CHECK(write(static_cast<float>(n)).failed);
    CHECK(write(static_cast<float>(n)).text == "null");
  }
  CHECK_FALSE(write(0.5).failed);
  CHECK_FALSE(write(0.5F).failed);
}

TEST_CASE("strings") {
  CHECK(round_trip<std::string>(R"("a\u0000b\u00fc")") == "\"a\\u0000b\u00fc\"");
  CHECK(parse<std::string>(R"("a\u0000b")")->size() == 3);
  CHECK(round_trip<std::string>(R"("")") == R"("")");
  CHECK(fault<std::string>("1") == "the value: expected a string, found 1");
  CHECK(fault<std::string>("[]") == "the value: expected a string, found an array");
  CHECK(fault<std::string>("{}") == "the value: expected a string, found an object");
  CHECK(json::to_json(std::string_view{"x"}) == R"("x")");
}

TEST_CASE("a string_view is a view into the document") {
  json::document document;
  const auto root = document.parse(R"("a text")");
  REQUIRE(root);
  std::string_view view;
  json::reader in;
  REQUIRE(json::read(*root, view, in));
  CHECK(view == "a text");
  CHECK(view.data() == json::as_string(*root)->data());
}

TEST_CASE("an enumeration is the name of its enumerator") {
  CHECK(*parse<colour>("\"dark_green\"") == colour::dark_green);
  CHECK(round_trip<colour>("\"blue\"") == "\"blue\"");
  CHECK(round_trip<unscoped>("\"on\"") == "\"on\"");
  CHECK(fault<colour>("\"green\"") ==
        R"(the value: expected one of "blue", "red", "dark_green", found a string)");
  CHECK(fault<colour>("7") == R"(the value: expected one of "blue", "red", "dark_green", found 7)");
  CHECK_FALSE(fits<colour>("\"RED\""));
  CHECK_FALSE(fits<colour>("\"\""));
}

TEST_CASE("an enumerator without a name fails to be written") {
  CHECK(write(static_cast<colour>(99)).failed);
  CHECK(write(static_cast<colour>(99)).text == "null");
  CHECK_FALSE(write(colour::red).failed);
}

// A value that came as a string, read as its type.
template <class T>
std::string from_text(std::string_view text) {
  json::document document;
  T value{};
  json::reader in{json::unknown_members::reject, json::scalar_form::text};
  return json::read(*document.parse(text), value, in) ? json::to_json(value) : in.error().message();
}

TEST_CASE("where everything comes as text, numbers and bools are read from it, and from it alone") {
  CHECK(from_text<int>("\"-12\"") == "-12");
  CHECK(from_text<double>("\"1.5e3\"") == "1500");
  CHECK(from_text<bool>("\"true\"") == "true");
  CHECK(from_text<bool>("\"false\"") == "false");
  CHECK(from_text<colour>("\"red\"") == "\"red\"");
  CHECK(from_text<std::string>("\"12\"") == "\"12\"");
  for (const auto text : {"\"\"", "\" 1\"", "\"1 \"", "\"+1\"", "\"0x1\"", "\"1.0\"", "\"one\"",
                          "\"99999999999\"", "1", "true", "null"})
    CHECK(from_text<int>(text).starts_with("the value: expected an integer"));
  for (const auto text : {"\"\"", "\"nan\"", "\"inf\"", "\"1,5\"", "\"1e999\"", "1.5"})
    CHECK(from_text<double>(text).starts_with("the value: expected a number"));
  for (const auto text : {"\"\"", "\"True\"", "\"1\"", "\"yes\"", "true"})
    CHECK(from_text<bool>(text).starts_with("the value: expected true or false"));
}

}  // namespace json_scalars_test
