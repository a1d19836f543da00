// The folders that a client works in, as it tells with `roots/list` (MCP, client/roots). The 2026-07-28
// revision deprecates them, and still has them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// One folder of the client. What it says is a claim, and no permission.
struct root {
  std::string uri;     ///< `file://…`
  std::string name{};  ///< for people; empty for none
};

namespace protocol {

/// Reads a `ListRootsResult`; nothing for what is none.
[[nodiscard]] inline std::optional<std::vector<root>> read_roots(json::value given) {
  const auto members = json::as_object(given);
  const auto list = members ? json::find(*members, "roots") : std::nullopt;
  const auto items = list ? json::as_array(*list) : std::nullopt;
  if (!items) return std::nullopt;
  std::vector<root> roots;
  for (const auto item : *items) {
    const auto fields = json::as_object(item);
    const auto uri = fields ? json::find_string(*fields, "uri") : std::nullopt;
    if (!uri) return std::nullopt;
    roots.push_back({std::string{*uri},
                     std::string{json::find_string(*fields, "name").value_or(std::string_view{})}});
  }
  return roots;
}

}  // namespace protocol
}  // namespace sesame::inline v0
