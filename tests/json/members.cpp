// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/members.hpp"

#include <array>
#include <cstdint>
#include <doctest/doctest.h>
#include <optional>
#include <string_view>

namespace members_test {

namespace json = sesame::json;

struct point {
  std::optional<json::value> x;
  std::optional<json::value> y;
};
constexpr std::array<json::wanted_member<point>, 2> table{{{"x", &point::x}, {"y", &point::y}}};

// The document is kept, as the values are views into it.
struct taken {
  explicit taken(std::string_view text)
      : repeated(json::take_members<table>(*json::as_object(*document.parse(text)), members)) {}
  json::document document;
  point members;
  std::string_view repeated;
};

TEST_CASE("the members that are wanted are taken in any order, and others passed over") {
  const taken all{R"({"z":[],"y":"two","":0,"x":1,"xx":3,"z":4})"};
  CHECK(all.repeated.empty());
  REQUIRE(all.members.x);
  REQUIRE(all.members.y);
  std::int64_t x = 0;
  CHECK(all.members.x->get(x));
  CHECK(x == 1);
  CHECK(json::as_string(*all.members.y) == "two");
  const taken none{"{}"};
  CHECK_FALSE(none.members.x);
  CHECK_FALSE(none.members.y);
}

TEST_CASE("a null is a value that is there") {
  const taken null{R"({"x":null})"};
  REQUIRE(null.members.x);
  CHECK(null.members.x->is_null());
}

TEST_CASE("a wanted member that is given twice is named, however it is spelled") {
  CHECK(taken{R"({"x":1,"y":2,"x":1})"}.repeated == "x");
  CHECK(taken{R"({"y":1,"\u0079":2,"x":3})"}.repeated == "y");
}

}  // namespace members_test
