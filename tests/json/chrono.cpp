// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/chrono.hpp"

#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <string_view>

namespace chrono_test {

namespace json = sesame::json;
using namespace json_test;
using namespace std::chrono;
using namespace std::literals;

using milliseconds_time = sys_time<milliseconds>;
using nanoseconds_time = sys_time<nanoseconds>;
using real_seconds = duration<double>;

std::string in_quotes(std::string_view text) {
  return '"' + std::string{text} + '"';
}

static_assert(json::schema<sys_seconds>() == R"({"type":"string","format":"date-time"})");
static_assert(json::schema<nanoseconds_time>() == R"({"type":"string","format":"date-time"})");
static_assert(json::schema<year_month_day>() == R"({"type":"string","format":"date"})");
static_assert(json::schema<seconds>() == R"({"type":"string","format":"duration"})");
static_assert(json::schema<hours>() == R"({"type":"string","format":"duration"})");
static_assert(json::schema<milliseconds>() ==
              R"({"type":"string","pattern":"^PT[0-9]+(\\.[0-9]+)?S$"})");
static_assert(json::schema<real_seconds>() == json::schema<milliseconds>());

TEST_CASE("a time is read at any offset and written in UTC") {
  CHECK(round_trip<sys_seconds>("\"2026-07-28T12:00:00Z\"") == "\"2026-07-28T12:00:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2026-07-28t12:00:00z\"") == "\"2026-07-28T12:00:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2026-07-28T12:00:00+02:00\"") == "\"2026-07-28T10:00:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2026-01-01T00:30:00+01:00\"") == "\"2025-12-31T23:30:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2025-12-31T23:30:00-01:45\"") == "\"2026-01-01T01:15:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2026-07-28T12:00:00-00:00\"") == "\"2026-07-28T12:00:00Z\"");
  CHECK(*parse<sys_seconds>("\"1970-01-01T00:00:00Z\"") == sys_seconds{});
  CHECK(*parse<sys_seconds>("\"1969-12-31T23:59:59Z\"") == sys_seconds{-1s});
}

TEST_CASE("a fraction is kept as far as the type goes") {
  CHECK(round_trip<nanoseconds_time>("\"2026-07-28T12:00:00.123456789Z\"") ==
        "\"2026-07-28T12:00:00.123456789Z\"");
  CHECK(round_trip<nanoseconds_time>("\"2026-07-28T12:00:00.1234567899Z\"") ==
        "\"2026-07-28T12:00:00.123456789Z\"");
  CHECK(round_trip<nanoseconds_time>("\"2026-07-28T12:00:00.100+00:00\"") ==
        "\"2026-07-28T12:00:00.1Z\"");
  CHECK(round_trip<milliseconds_time>("\"2026-07-28T12:00:00.0019Z\"") ==
        "\"2026-07-28T12:00:00.001Z\"");
  CHECK(round_trip<sys_seconds>("\"2026-07-28T12:00:00.9Z\"") == "\"2026-07-28T12:00:00Z\"");
  CHECK(round_trip<sys_days>("\"2026-07-28T12:00:00Z\"") == "\"2026-07-28T00:00:00Z\"");
  CHECK(round_trip<milliseconds_time>("\"1969-12-31T23:59:59.5Z\"") ==
        "\"1969-12-31T23:59:59.5Z\"");
  CHECK(*parse<milliseconds_time>("\"1969-12-31T23:59:59.5Z\"") == milliseconds_time{-500ms});
}

TEST_CASE("leap years are those of the Gregorian calendar") {
  for (const auto text : {"2024-02-29", "2000-02-29", "0000-02-29", "2026-12-31", "9999-12-31"})
    CHECK(round_trip<year_month_day>(in_quotes(text)) == in_quotes(text));
  for (const auto text : {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2026-04-31",
                          "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32"}) {
    CHECK(fault<year_month_day>(in_quotes(text)) ==
          "the value: expected a date such as 2026-07-28, found a string");
    CHECK_FALSE(fits<sys_seconds>(in_quotes(text + "T00:00:00Z"s)));
  }
}

TEST_CASE("a date has one form") {
  for (const auto text : {"", "2026-7-28", "26-07-28", "2026-07-28 ", " 2026-07-28", "20260728",
                          "2026/07/28", "+2026-07-28", "2026-07-28T", "2026-07-2x", "12026-07-28"})
    CHECK_FALSE(fits<year_month_day>(in_quotes(text)));
  CHECK_FALSE(fits<year_month_day>("20260728"));
  CHECK_FALSE(fits<year_month_day>("null"));
}

TEST_CASE("what is no date-time is refused") {
  for (const auto text : {"",
                          "2026-07-28",
                          "2026-07-28T12:00:00",
                          "2026-07-28T12:00Z",
                          "2026-07-28 12:00:00Z",
                          "2026-07-28T24:00:00Z",
                          "2026-07-28T12:60:00Z",
                          "2026-07-28T12:00:61Z",
                          "2026-07-28T12:00:00.Z",
                          "2026-07-28T12:00:00,5Z",
                          "2026-07-28T12:00:00+2:00",
                          "2026-07-28T12:00:00+0200",
                          "2026-07-28T12:00:00+24:00",
                          "2026-07-28T12:00:00+02:60",
                          "2026-07-28T12:00:00ZZ",
                          "2026-07-28T12:00:00.5",
                          "2026-07-28T-1:00:00Z",
                          "2026-07-28T12:00:00+",
                          "2026-07-28T12:00:00+02",
                          "12026-07-28T12:00:00Z"}) {
    CAPTURE(text);
    CHECK(fault<sys_seconds>(in_quotes(text)) ==
          "the value: expected a date and time such as 2026-07-28T12:00:00Z, found a string");
  }
  CHECK_FALSE(fits<sys_seconds>("1785240000"));
}

TEST_CASE("a leap second is the last of a day in UTC, and read as the first of the next") {
  CHECK(round_trip<sys_seconds>("\"2016-12-31T23:59:60Z\"") == "\"2017-01-01T00:00:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2016-12-31T15:59:60-08:00\"") == "\"2017-01-01T00:00:00Z\"");
  CHECK(round_trip<sys_seconds>("\"2017-01-01T05:29:60+05:30\"") == "\"2017-01-01T00:00:00Z\"");
  CHECK_FALSE(fits<sys_seconds>("\"2016-12-31T12:00:60Z\""));
  CHECK_FALSE(fits<sys_seconds>("\"2016-12-31T23:59:60+01:00\""));
}

TEST_CASE("a time that the type does not reach is refused") {
  CHECK(round_trip<sys_seconds>("\"0001-01-01T00:00:00Z\"") == "\"0001-01-01T00:00:00Z\"");
  CHECK(round_trip<sys_seconds>("\"9999-12-31T23:59:59Z\"") == "\"9999-12-31T23:59:59Z\"");
  CHECK(round_trip<nanoseconds_time>("\"2262-04-11T00:00:00Z\"") == "\"2262-04-11T00:00:00Z\"");
  CHECK(round_trip<nanoseconds_time>("\"1677-09-22T00:00:00Z\"") == "\"1677-09-22T00:00:00Z\"");
  CHECK_FALSE(fits<nanoseconds_time>("\"2262-04-12T00:00:00Z\""));
  CHECK_FALSE(fits<nanoseconds_time>("\"1677-09-21T00:00:00Z\""));
  CHECK_FALSE(fits<nanoseconds_time>("\"9999-12-31T23:59:59Z\""));
  using small = sys_time<duration<int>>;
  CHECK(fits<small>("\"2038-01-19T03:14:05Z\""));
  CHECK_FALSE(fits<small>("\"2038-01-19T03:14:08Z\""));
}

TEST_CASE("a time or date with no JSON form fails to be written") {
  CHECK(write(sys_days{year{10000} / 1 / 1}).failed);
  CHECK(write(sys_days{year{-1} / 12 / 31}).failed);
  CHECK(write(sys_time<hours>{hours::max()}).failed);
  CHECK(
      write(sys_time<real_seconds>{real_seconds{std::numeric_limits<double>::quiet_NaN()}}).failed);
  CHECK(write(year_month_day{}).failed);
  CHECK(write(year_month_day{}).text == "null");
  CHECK(write(year{2026} / 2 / 30).failed);
  CHECK(write(year{10000} / 1 / 1).failed);
  CHECK(write(sys_time<real_seconds>{real_seconds{0.25}}).text == "\"1970-01-01T00:00:00.25Z\"");
}

TEST_CASE("durations in whole seconds or longer are those of RFC 3339") {
  CHECK(*parse<seconds>("\"PT30S\"") == 30s);
  CHECK(*parse<seconds>("\"P1DT2H3M4S\"") == days{1} + 2h + 3min + 4s);
  CHECK(*parse<seconds>("\"P2W\"") == weeks{2});
  CHECK(*parse<seconds>("\"PT1H5S\"") == 1h + 5s);
  CHECK(*parse<seconds>("\"PT0S\"") == 0s);
  CHECK(*parse<seconds>("\"P0D\"") == 0s);
  CHECK(*parse<minutes>("\"PT2H\"") == 120min);
  CHECK(*parse<minutes>("\"PT90S\"") == 1min);
  CHECK(round_trip<seconds>("\"PT5M\"") == "\"PT300S\"");
  CHECK(json::to_json(24h) == "\"PT86400S\"");
  CHECK(json::to_json(0s) == "\"PT0S\"");
}

TEST_CASE("what is no such duration is refused") {
  for (const auto text : {"",
                          "P",
                          "PT",
                          "P1",
                          "1S",
                          "PT1",
                          "P1S",
                          "PT1D",
                          "PT1W",
                          "P1DT",
                          "PTT1S",
                          "P1DT1HT1M",
                          "P1Y",
                          "P1M",
                          "PT1S1S",
                          "PT1S1M",
                          "PT1M1H",
                          "P1D1W",
                          "P1W1D",
                          "P1WT1H",
                          "-PT1S",
                          "PT-1S",
                          "+PT1S",
                          "PT1.5S",
                          "PT.5S",
                          "PT1,5S",
                          "pt1s",
                          "PT1s",
                          "PT 1S",
                          "PT1S ",
                          "PT9223372036854775808S",
                          "P15250284452472W1D",
                          "PT99999999999999999999H"}) {
    CAPTURE(text);
    CHECK(fault<seconds>(in_quotes(text)) ==
          "the value: expected a duration such as PT5M, found a string");
  }
  CHECK_FALSE(fits<seconds>("30"));
}

TEST_CASE("a duration that the type does not reach is refused") {
  using tiny = duration<std::int8_t>;
  CHECK(*parse<tiny>("\"PT100S\"") == tiny{100});
  CHECK_FALSE(fits<tiny>("\"PT128S\""));
  CHECK_FALSE(fits<tiny>("\"PT1H\""));
  CHECK_FALSE(fits<nanoseconds>("\"PT9223372037S\""));
  CHECK(fits<nanoseconds>("\"PT9223372035S\""));
  CHECK(fits<seconds>("\"PT9007199254740992S\""));
  CHECK_FALSE(fits<seconds>("\"PT9007199254740993S\""));
}

TEST_CASE("durations in shorter units are seconds with a fraction") {
  CHECK(*parse<milliseconds>("\"PT1.5S\"") == 1500ms);
  CHECK(*parse<milliseconds>("\"PT90S\"") == 90s);
  CHECK(*parse<milliseconds>("\"PT0.0019S\"") == 1ms);
  CHECK(*parse<nanoseconds>("\"PT0.000000001S\"") == 1ns);
  CHECK(parse<real_seconds>("\"PT0.25S\"")->count() == 0.25);
  CHECK(round_trip<milliseconds>("\"PT1.500S\"") == "\"PT1.5S\"");
  CHECK(round_trip<milliseconds>("\"PT0S\"") == "\"PT0S\"");
  CHECK(json::to_json(1ms) == "\"PT0.001S\"");
  CHECK(json::to_json(61'001us) == "\"PT0.061001S\"");
  CHECK(json::to_json(real_seconds{1.5}) == "\"PT1.5S\"");
  for (const auto text : {"PT1M", "P1D", "PT1.S", "PT.5S", "PTS", "-PT1S", "PT1.5", "PT1.5M",
                          "PT1.5.5S", "PT1.-5S", "PT1.5SS", "T1S", ""}) {
    CAPTURE(text);
    CHECK(fault<milliseconds>(in_quotes(text)) ==
          "the value: expected a duration in seconds such as PT1.5S, found a string");
  }
}

TEST_CASE("a duration with no JSON form fails to be written") {
  CHECK(write(-1s).failed);
  CHECK(write(-1s).text == "null");
  CHECK(write(-1ms).failed);
  CHECK(write(hours::max()).failed);
  CHECK(write(seconds::min()).failed);
  CHECK(write(real_seconds{std::numeric_limits<double>::infinity()}).failed);
  CHECK(write(real_seconds{std::numeric_limits<double>::quiet_NaN()}).failed);
  CHECK_FALSE(write(nanoseconds::max()).failed);
  CHECK(write(nanoseconds::max()).text == "\"PT9223372036.854775807S\"");
  CHECK_FALSE(write(seconds{9'007'199'254'740'992}).failed);
}

}  // namespace chrono_test
