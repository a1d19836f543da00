// The folders that a client works in, as it tells with `roots/list` (MCP, client/roots). The 2026-07-28
// revision deprecates them, and still has them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sesame::inline v0 {

/// One folder of the client. What it says is a claim, and no permission.
struct root {
  std::string uri;     ///< `file://…`
  std::string name{};  ///< for people; empty for none
};

namespace protocol {

/// Reads a `ListRootsResult`; nothing for what is none.
[[nodiscard]] std::optional<std::vector<root>> read_roots(json::value given);

}  // namespace protocol
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/roots.ipp"
#endif
