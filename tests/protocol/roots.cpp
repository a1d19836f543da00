// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/roots.hpp"

#include "sesame/json/document.hpp"

#include <doctest/doctest.h>
#include <string_view>

namespace roots_test {

TEST_CASE("folders are read with their names, and what is no list of them is not") {
  const auto read = [](std::string_view text) {
    sesame::json::document document;
    const auto parsed = document.parse(text);
    REQUIRE(parsed);
    return sesame::protocol::read_roots(*parsed);
  };
  const auto two = read(R"({"roots":[{"uri":"file:///a","name":"A"},{"uri":"file:///b"}]})");
  REQUIRE(two);
  REQUIRE(two->size() == 2);
  CHECK((*two)[0].uri == "file:///a");
  CHECK((*two)[0].name == "A");
  CHECK((*two)[1].name.empty());
  CHECK(read(R"({"roots":[]})")->empty());
  for (const auto wrong : {"5", "{}", R"({"roots":{}})", R"({"roots":["file:///a"]})",
                           R"({"roots":[{"name":"A"}]})", R"({"roots":[{"uri":5}]})"}) {
    CAPTURE(wrong);
    CHECK(!read(wrong));
  }
}

}  // namespace roots_test
