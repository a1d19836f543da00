// What protocol/roots.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/value.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/roots.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::protocol {

SESAME_INLINE std::optional<std::vector<root>> read_roots(json::value given) {
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

}  // namespace sesame::inline v0::protocol
