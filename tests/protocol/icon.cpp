// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/icon.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace icon_test {

using sesame::icon;
using sesame::icon_theme;

std::string written(const std::vector<icon>& icons, std::string_view revision = "2026-07-28") {
  std::string text;
  sesame::json::writer out{text};
  sesame::protocol::write_icons(icons, *sesame::protocol::find_revision(revision), out);
  return text;
}

TEST_CASE("an icon says no more than it was given") {
  CHECK(written({}).empty());
  CHECK(written({{"https://a/b.png"}}) == R"(,"icons":[{"src":"https://a/b.png"}])");
  CHECK(written({{"data:image/png;base64,AA==", "image/png", {"48x48", "any"}, icon_theme::dark},
                 {"https://a", "", {}, icon_theme::light}}) ==
        R"(,"icons":[{"src":"data:image/png;base64,AA==","mimeType":"image/png",)"
        R"("sizes":["48x48","any"],"theme":"dark"},{"src":"https://a","theme":"light"}])");
}

TEST_CASE("icons are for the revisions since 2025-11-25") {
  const std::vector<icon> one{{"https://a"}};
  CHECK(!written(one, "2025-11-25").empty());
  CHECK(written(one, "2025-06-18").empty());
  CHECK(written(one, "2024-11-05").empty());
}

TEST_CASE("icons come from https and data URIs alone") {
  using sesame::is_icon_source;
  CHECK(is_icon_source("https://a/b.png"));
  CHECK(is_icon_source("data:image/png;base64,AA=="));
  for (const auto src : {"", "http://a", "file:///a", "javascript:1", "https:", "/a", "HTTPS://a"})
    CHECK_FALSE(is_icon_source(src));
}

}  // namespace icon_test
