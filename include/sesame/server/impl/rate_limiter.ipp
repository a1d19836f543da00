// What server/rate_limiter.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/server/rate_limiter.hpp"

#include <algorithm>

namespace sesame::inline v0::detail {

SESAME_INLINE std::optional<rate_limiter::clock::duration> rate_limiter::take(
    const void* what, const principal* caller, const call_rate& rate, clock::time_point now) {
  const clock::duration whole = std::chrono::seconds{rate.seconds};
  const auto each = whole / rate.calls;
  const auto of = caller != nullptr ? account_view{what, caller->issuer, caller->subject}
                                    : account_view{what, {}, {}};
  const std::scoped_lock lock{mutex_};
  auto found = full_at_.find(of);
  if (found == full_at_.end()) {
    if (full_at_.size() >= look_again_at_) {
      std::erase_if(full_at_, [now](const auto& one) { return one.second <= now; });
      look_again_at_ = std::max<std::size_t>(1024, 2 * full_at_.size());
    }
    found =
        full_at_.emplace(account{what, std::string{of.issuer}, std::string{of.subject}}, now).first;
  }
  const auto full = std::max(found->second, now) + each;
  if (full - now > whole) return full - now - whole;
  found->second = full;
  return std::nullopt;
}

SESAME_INLINE std::size_t rate_limiter::size() const {
  const std::scoped_lock lock{mutex_};
  return full_at_.size();
}

}  // namespace sesame::inline v0::detail
