// What a server tells its clients when it is no longer what it was.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sesame::inline v0::detail {

enum class change_kind : std::uint8_t { tools, prompts, resources, resource, elicitation };

/// Something that has changed: one of the lists, the content of the resource `uri`, or that the user is
/// done with the page that has the id `uri`.
struct change {
  change_kind kind = change_kind::tools;
  std::string_view uri{};
};

/// How a change is told, and how a client asks to be told (`subscriptions/listen`).
struct change_row {
  change_kind kind;
  std::string_view notification;
  std::string_view asked_by;
};
inline constexpr std::array<change_row, 5> change_table{{
    {change_kind::tools, "notifications/tools/list_changed", "toolsListChanged"},
    {change_kind::prompts, "notifications/prompts/list_changed", "promptsListChanged"},
    {change_kind::resources, "notifications/resources/list_changed", "resourcesListChanged"},
    {change_kind::resource, "notifications/resources/updated", "resourceSubscriptions"},
    {change_kind::elicitation, "notifications/elicitation/complete", ""},
}};

[[nodiscard]] constexpr const change_row& row_of(change_kind kind) noexcept {
  return change_table[static_cast<std::size_t>(kind)];
}

static_assert([] {
  for (std::size_t i = 0; i < change_table.size(); ++i)
    if (change_table[i].kind != static_cast<change_kind>(i)) return false;
  return true;
}());

}  // namespace sesame::inline v0::detail
