// The revisions of MCP, and what each of them has: one row of data a revision. Whatever differs on
// the wire between two revisions is a column here, read by the writers of this room.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/same_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sesame::inline v0::protocol {

/// How a revision keeps state: in a session opened by `initialize`, or in each request.
enum class era : std::uint8_t { session, stateless };

/// What a revision knows of asking the user.
enum class elicitation_modes : std::uint8_t { none, form, form_and_url };

/// How a request may go on after it was answered.
enum class task_form : std::uint8_t { none, core, extension };

/// One revision and its features (columns of the table in the specification's changelogs).
struct revision {
  std::string_view name;  ///< as it stands on the wire
  protocol::era era;
  bool tool_annotations = false;  ///< `annotations` on tools; audio content; `message` of progress;
                                  ///< the capability `completions`
  bool titles = false;  ///< `title`, `_meta`, `outputSchema`, `structuredContent`, resource links
  bool icons = false;   ///< `icons`; an implementation's `description` and `websiteUrl`
  bool any_structured_content =
      false;  ///< structured content and output schemas other than objects
  bool argument_errors_are_results =
      false;  ///< wrong arguments give a tool result, not a protocol error
  elicitation_modes elicitation = elicitation_modes::none;
  bool elicitation_ids = false;  ///< a web page that the user is asked to visit has an id
  bool sampling_tools = false;   ///< a model may use tools; its messages may have several blocks
  task_form tasks = task_form::none;
  bool batches = false;  ///< several messages in one array
  bool resumes_answers =
      false;  ///< event streams that begin with an id, and may end before the answer
};

/// From the oldest to the newest.
inline constexpr std::array<revision, 5> revisions{{
    {.name = "2024-11-05", .era = era::session},
    {.name = "2025-03-26", .era = era::session, .tool_annotations = true, .batches = true},
    {.name = "2025-06-18",
     .era = era::session,
     .tool_annotations = true,
     .titles = true,
     .elicitation = elicitation_modes::form},
    {.name = "2025-11-25",
     .era = era::session,
     .tool_annotations = true,
     .titles = true,
     .icons = true,
     .argument_errors_are_results = true,
     .elicitation = elicitation_modes::form_and_url,
     .elicitation_ids = true,
     .sampling_tools = true,
     .tasks = task_form::core,
     .resumes_answers = true},
    {.name = "2026-07-28",
     .era = era::stateless,
     .tool_annotations = true,
     .titles = true,
     .icons = true,
     .any_structured_content = true,
     .argument_errors_are_results = true,
     .elicitation = elicitation_modes::form_and_url,
     .sampling_tools = true,
     .tasks = task_form::extension},
}};

/// What a client speaks that names no revision in its header (MCP, Streamable HTTP).
inline constexpr const revision& assumed_revision = revisions[1];
inline constexpr const revision& latest_session_revision = revisions[3];
inline constexpr const revision& stateless_revision = revisions[4];

/// The place of a revision in the table.
[[nodiscard]] constexpr std::size_t index_of(const revision& r) noexcept {
  return static_cast<std::size_t>(&r - revisions.data());
}

/// The revision of that name; null for one that is not known.
[[nodiscard]] constexpr const revision* find_revision(std::string_view name) noexcept {
  for (const auto& r : revisions)
    if (sesame::detail::same_text(r.name, name)) return &r;
  return nullptr;
}

/// Whether a version text is a date at or after the first stateless revision, known or not.
[[nodiscard]] constexpr bool names_stateless_era(std::string_view version) noexcept {
  if (version.size() != stateless_revision.name.size()) return false;
  for (std::size_t i = 0; i < version.size(); ++i) {
    const bool fits = i == 4 || i == 7 ? version[i] == '-' : version[i] >= '0' && version[i] <= '9';
    if (!fits) return false;
  }
  return version >= stateless_revision.name;
}

}  // namespace sesame::inline v0::protocol
