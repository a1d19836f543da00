// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/claim_place.hpp"

#include "sesame/configuration.hpp"

#include <doctest/doctest.h>
#include <initializer_list>
#include <string>
#include <string_view>

namespace claim_place_test {

using namespace sesame;

std::string found(std::string_view claims, std::string_view place) {
  json::document document;
  const auto members = json::as_object(*document.parse(claims));
  const auto claim = find_claim(*members, place);
  return claim ? std::string{json::minify(*claim)} : "";
}

TEST_CASE("a name is taken as it is, whatever characters stand in it") {
  const auto claims = R"({"sub":1,"cognito:groups":2,"https://app.example/roles":3,"a.b":4,
                          "a":{"b":5},"o":null})";
  CHECK(found(claims, "sub") == "1");
  CHECK(found(claims, "cognito:groups") == "2");
  CHECK(found(claims, "https://app.example/roles") == "3");
  CHECK(found(claims, "a.b") == "4");
  CHECK(found(claims, "a") == R"({"b":5})");
  CHECK(found(claims, "b").empty());
  CHECK(found(claims, "").empty());
  CHECK(found(claims, "o").empty());
}

TEST_CASE("what begins with a slash is a JSON Pointer") {
  const auto claims = R"({"realm_access":{"roles":["r"]},"/odd":7,"a":{"b/c":8,"n":null},"":9})";
  CHECK(found(claims, "/realm_access/roles") == R"(["r"])");
  CHECK(found(claims, "/realm_access/roles/0") == R"("r")");
  CHECK(found(claims, "/~1odd") == "7");
  CHECK(found(claims, "/a/b~1c") == "8");
  CHECK(found(claims, "/") == "9");
  for (const auto place : {"/odd", "/realm_access/none", "/realm_access/roles/1",
                           "/realm_access/roles/x", "/a/n", "/a/b~2c", "/a/b/c"})
    CHECK_MESSAGE(found(claims, place).empty(), place);
}

TEST_CASE("places are data that a table can hold, four for one field") {
  static constexpr claim_places table[]{{"a", "/b/c"}, {}};
  std::string all;
  for (const auto place : table[0]) all.append(place).append(" ");
  CHECK(all == "a /b/c ");
  CHECK(table[1].begin() == table[1].end());
  const std::initializer_list<std::string_view> five{"1", "2", "3", "4", "5"};
  CHECK_THROWS_AS(claim_places{five}, configuration_error);
}

}  // namespace claim_place_test
