// The floor: the least that an expert would write by hand to answer `tools/call` of these three tools
// over HTTP.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace bench {

/// Serves on so many threads until the process is killed; says on which port of the loopback.
void serve_by_hand(std::size_t threads, const std::function<void(std::uint16_t port)>& listening);

}  // namespace bench
