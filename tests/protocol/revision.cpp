// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/revision.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace revision_test {

using namespace sesame::protocol;

static_assert(revisions.size() == 5);
static_assert(find_revision("2025-11-25") == &latest_session_revision);
static_assert(find_revision("2026-07-28") == &stateless_revision);
static_assert(find_revision("2025-11-26") == nullptr);
static_assert(find_revision("") == nullptr);
static_assert(find_revision("2025-11-25 ") == nullptr);

static_assert(latest_session_revision.era == era::session);
static_assert(stateless_revision.era == era::stateless);

static_assert(index_of(revisions[0]) == 0);
static_assert(index_of(stateless_revision) == 4);

// From the oldest to the newest, and what a revision has, later ones keep.
static_assert([] {
  for (std::size_t i = 1; i < revisions.size(); ++i) {
    const auto& before = revisions[i - 1];
    const auto& after = revisions[i];
    if (before.name >= after.name || before.era > after.era ||
        before.tool_annotations > after.tool_annotations || before.titles > after.titles ||
        before.icons > after.icons || before.elicitation > after.elicitation ||
        before.any_structured_content > after.any_structured_content ||
        before.argument_errors_are_results > after.argument_errors_are_results)
      return false;
  }
  return true;
}());

// The table of features in the specification's changelogs.
static_assert(!find_revision("2024-11-05")->tool_annotations);
static_assert(find_revision("2025-03-26")->tool_annotations);
static_assert(!find_revision("2025-03-26")->titles);
static_assert(find_revision("2025-06-18")->titles);
static_assert(find_revision("2025-06-18")->elicitation == elicitation_modes::form);
static_assert(!find_revision("2025-06-18")->icons);
static_assert(find_revision("2025-11-25")->icons);
static_assert(find_revision("2025-11-25")->elicitation == elicitation_modes::form_and_url);
static_assert(find_revision("2025-11-25")->argument_errors_are_results);
static_assert(!find_revision("2025-11-25")->any_structured_content);
static_assert(find_revision("2026-07-28")->any_structured_content);
// What a single revision has.
static_assert([] {
  for (const auto& r : revisions)
    if (r.batches != (r.name == "2025-03-26") || r.resumes_answers != (r.name == "2025-11-25"))
      return false;
  return true;
}());
static_assert(assumed_revision.name == "2025-03-26");

static_assert(names_stateless_era("2026-07-28"));
static_assert(names_stateless_era("2026-07-29"));
static_assert(names_stateless_era("2027-01-01"));
static_assert(!names_stateless_era("2026-07-27"));
static_assert(!names_stateless_era("2025-11-25"));
static_assert(!names_stateless_era(""));
static_assert(!names_stateless_era("9999"));
static_assert(!names_stateless_era("2026-07-28x"));
static_assert(!names_stateless_era("xxxx-xx-xx"));
static_assert(!names_stateless_era("2026-0x-28"));
static_assert(!names_stateless_era("2026/07/28"));
static_assert(!names_stateless_era("DRAFT-2026"));

TEST_CASE("every revision is found by its name") {
  for (const auto& row : revisions) CHECK(find_revision(row.name) == &row);
}

}  // namespace revision_test
