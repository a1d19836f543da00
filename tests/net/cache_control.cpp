// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/cache_control.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <string_view>

namespace cache_control_test {

using namespace std::chrono_literals;
using sesame::net::max_age;

TEST_CASE("an answer says how long it is fresh") {
  CHECK(max_age("max-age=300") == 300s);
  CHECK(max_age("public, Max-Age=22345 , must-revalidate") == 22345s);
  CHECK(max_age("max-age=\"60\"") == 60s);
  CHECK(max_age("max-age=0") == 0s);
  CHECK(max_age("max-age=300, no-store") == 0s);
  CHECK(max_age("no-cache") == 0s);
}

TEST_CASE("what cannot be understood says nothing") {
  for (const auto text : {"", ",", "public", "max-age", "max-age=", "max-age=-1", "max-age=x",
                          "max-age=1x", "max-age=1.5", "max-age= 1", "s-maxage=5", "xmax-age=5"})
    CHECK_MESSAGE(!max_age(text), text);
}

TEST_CASE("a time beyond measure is the longest one") {
  CHECK(max_age("max-age=99999999999999999999999") == std::chrono::seconds{1LL << 31});
}

}  // namespace cache_control_test
