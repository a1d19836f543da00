// How long an answer stays good, as its sender says (RFC 9111, section 5.2.2).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace sesame::inline v0::net {

/// What a `Cache-Control` field says of how long its answer is fresh: zero for `no-store` and
/// `no-cache`, nothing where it says nothing, or nothing that could be understood.
[[nodiscard]] std::optional<std::chrono::seconds> max_age(std::string_view cache_control);

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/cache_control.ipp"
#endif
