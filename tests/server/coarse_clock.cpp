// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/coarse_clock.hpp"

#include <chrono>
#include <doctest/doctest.h>

namespace coarse_clock_test {

using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("the coarse time is never behind the exact one, and little ahead", Clock,
                   std::chrono::system_clock, std::chrono::steady_clock) {
  for (int i = 0; i < 100'000; ++i) {
    const auto before = Clock::now();
    const auto coarse = sesame::detail::coarse_now<Clock>();
    REQUIRE(coarse >= before);
    REQUIRE(coarse <= Clock::now() + 10ms);
  }
}

}  // namespace coarse_clock_test
