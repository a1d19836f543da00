// The time to some milliseconds, for what is looked at with each request.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <chrono>
#include <concepts>
#include <ctime>

namespace sesame::inline v0::detail {

/// Now by `std::chrono::system_clock` or `steady_clock`, or up to 10 ms later: what expires is gone
/// in time. On Linux the time of the last tick, which costs a quarter of the exact one; a machine
/// too busy to count its ticks is behind until the next one.
template <class Clock>
[[nodiscard]] typename Clock::time_point coarse_now() noexcept {
#ifdef CLOCK_REALTIME_COARSE
  constexpr auto id = std::same_as<Clock, std::chrono::system_clock> ? CLOCK_REALTIME_COARSE
                                                                     : CLOCK_MONOTONIC_COARSE;
  // Ticks come a hundred times a second or more.
  constexpr std::chrono::milliseconds tick{10};
  if (std::timespec at{}; clock_gettime(id, &at) == 0)
    return typename Clock::time_point{std::chrono::seconds{at.tv_sec} +
                                      std::chrono::nanoseconds{at.tv_nsec} + tick};
#endif
  return Clock::now();
}

}  // namespace sesame::inline v0::detail
