// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/secret.hpp"

#include <concepts>
#include <doctest/doctest.h>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

using sesame::secret;

static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);
static_assert(!std::constructible_from<std::string, secret>);
static_assert(!std::convertible_to<std::string, secret>);
static_assert(std::is_nothrow_move_constructible_v<secret>);

namespace secret_test {

const std::string long_text = "a text that is too long to be kept within a string object itself";

TEST_CASE("a secret prints as three stars") {
  std::ostringstream out;
  out << secret("hunter2") << secret();
  CHECK(out.str() == "******");
  CHECK(doctest::toString(secret("hunter2")) == "***");
}

TEST_CASE("a secret gives its text to those who ask by name") {
  CHECK(secret("hunter2").reveal() == "hunter2");
  CHECK(secret(long_text).reveal() == long_text);
  CHECK(secret(std::string("a\0b", 3)).size() == 3);
  CHECK(secret().empty());
}

TEST_CASE("secrets are equal where their texts are") {
  CHECK(secret("one") == secret("one"));
  CHECK_FALSE(secret("one") == secret("onE"));
  CHECK_FALSE(secret("one") == secret("ones"));
  CHECK(secret() == secret(""));
}

TEST_CASE("copies and moves carry the text, and a moved-from secret holds nothing") {
  for (const auto& text : {std::string("short"), long_text}) {
    secret first(text);
    secret copy = first;
    const secret moved = std::move(first);
    CHECK(moved.reveal() == text);
    CHECK(first.empty());  // NOLINT(bugprone-use-after-move)
    copy = moved;
    CHECK(copy == moved);
    const auto& itself = copy;
    copy = itself;
    CHECK(copy == moved);
    copy = secret("another");
    CHECK(copy.reveal() == "another");
  }
}

TEST_CASE("nothing of a short secret stays in the object it was moved out of") {
  secret first("hunter2");
  const secret moved = std::move(first);
  const std::string_view object(reinterpret_cast<const char*>(&first), sizeof first);
  CHECK(object.find("unter2") == std::string_view::npos);
}

}  // namespace secret_test
