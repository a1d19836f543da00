// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/implementation.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>

namespace implementation_test {

namespace json = sesame::json;
using sesame::implementation;

std::string written(const implementation& who, std::string_view revision) {
  std::string text;
  json::writer out{text};
  sesame::protocol::write(who, *sesame::protocol::find_revision(revision), out);
  return text;
}
std::optional<implementation> read(std::string_view text) {
  json::document document;
  return sesame::protocol::read_implementation(*document.parse(text));
}

const implementation full{"name", "1.0", "A \"title\"", "What it is", "https://example.com"};

TEST_CASE("each revision gets the members that it knows") {
  const std::string oldest = R"({"name":"name","version":"1.0"})";
  CHECK(written(full, "2024-11-05") == oldest);
  CHECK(written(full, "2025-03-26") == oldest);
  CHECK(written(full, "2025-06-18") == R"({"name":"name","version":"1.0","title":"A \"title\""})");
  const std::string newest =
      R"({"name":"name","version":"1.0","title":"A \"title\"","description":"What it is",)"
      R"("websiteUrl":"https://example.com"})";
  CHECK(written(full, "2025-11-25") == newest);
  CHECK(written(full, "2026-07-28") == newest);
}

TEST_CASE("name and version are always there, the rest where it says something") {
  CHECK(written({.name = "n", .version = ""}, "2026-07-28") == R"({"name":"n","version":""})");
}

TEST_CASE("what a client says of itself is read leniently") {
  const auto who = read(
      R"({"name":"c","version":"2","title":"C","description":"D","websiteUrl":"W","icons":[1]})");
  REQUIRE(who);
  CHECK(who->name == "c");
  CHECK(who->version == "2");
  CHECK(who->title == "C");
  CHECK(who->description == "D");
  CHECK(who->website_url == "W");
  CHECK(read(R"({"name":"c"})")->version.empty());
  CHECK(read(R"({"name":"c","version":2})")->version.empty());
}

TEST_CASE("nothing is read without a name") {
  for (const auto text : {"{}", R"({"name":""})", R"({"name":1})", "[]", "null", "\"c\""})
    CHECK_FALSE(read(text));
}

TEST_CASE("icons go with the description") {
  const implementation who{.name = "n", .version = "1", .icons = {{"https://a/b.png"}}};
  CHECK(written(who, "2025-11-25") ==
        R"({"name":"n","version":"1","icons":[{"src":"https://a/b.png"}]})");
  CHECK(written(who, "2025-06-18") == R"({"name":"n","version":"1"})");
}

}  // namespace implementation_test
