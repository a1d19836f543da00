// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/coarse_clock.hpp"

#include <chrono>
#include <doctest/doctest.h>

namespace coarse_clock_test {

using namespace std::chrono_literals;

TEST_CASE_TEMPLATE("the coarse time is little ahead of the exact one, and does not stay behind",
                   Clock, std::chrono::system_clock, std::chrono::steady_clock) {
  // A busy machine may miss some ticks, but not all of them.
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  int ahead = 0;
  while (ahead < 100'000 && std::chrono::steady_clock::now() < deadline) {
    const auto before = Clock::now();
    const auto coarse = sesame::detail::coarse_now<Clock>();
    if (coarse >= before) ++ahead;
    REQUIRE(coarse <= Clock::now() + 10ms);
  }
  CHECK(ahead == 100'000);
}

}  // namespace coarse_clock_test
