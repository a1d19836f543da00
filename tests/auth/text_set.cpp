// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/text_set.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace text_set_test {

using sesame::text_set;

TEST_CASE("texts are kept sorted, once each, and may hold anything but nothing") {
  text_set roles{"b", "a", "b", ""};
  roles.insert("Billing Admin");
  roles.insert("");
  CHECK(std::vector<std::string>(roles.texts().begin(), roles.texts().end()) ==
        std::vector<std::string>{"Billing Admin", "a", "b"});
  CHECK(roles == text_set(std::vector<std::string>{"b", "", "a", "Billing Admin", "a"}));
  CHECK(text_set(std::vector<std::string>{""}).empty());
}

TEST_CASE("a set has what it holds, letter for letter, and covers what is all in it") {
  const text_set roles{"admin", "staff"};
  CHECK(roles.contains("admin"));
  CHECK_FALSE(roles.contains("Admin"));
  CHECK_FALSE(roles.contains("adm"));
  CHECK_FALSE(roles.contains(""));
  CHECK(roles.covers({"staff"}));
  CHECK(roles.covers({}));
  CHECK_FALSE(roles.covers({"staff", "guest"}));
  text_set more{"guest"};
  more.insert(roles);
  CHECK(more.covers({"admin", "guest", "staff"}));
}

}  // namespace text_set_test
