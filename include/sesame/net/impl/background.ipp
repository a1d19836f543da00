// What net/background.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/background.hpp"

#include <memory>
#include <mutex>

namespace sesame::inline v0::net {

SESAME_INLINE std::shared_ptr<background> background::shared() {
  static std::mutex mutex;
  static std::weak_ptr<background> known;
  const std::lock_guard lock(mutex);
  auto one = known.lock();
  if (!one) known = one = std::make_shared<background>();
  return one;
}

}  // namespace sesame::inline v0::net
