// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/principal.hpp"

#include <doctest/doctest.h>

using sesame::principal;

TEST_CASE("principals are equal where issuer and subject are, whatever else differs") {
  const principal alice{.issuer = "i", .subject = "alice", .client_id = "one", .provider = 1};
  CHECK(alice == principal{.issuer = "i", .subject = "alice", .client_id = "two", .provider = 2});
  CHECK_FALSE(alice == principal{.issuer = "i", .subject = "bob"});
  CHECK_FALSE(alice == principal{.issuer = "j", .subject = "alice"});
}

TEST_CASE("no two pairs of issuer and subject share a key") {
  const auto key = [](const char* issuer, const char* subject) {
    return principal{.issuer = issuer, .subject = subject}.key();
  };
  CHECK(key("ab", "c") != key("a", "bc"));
  CHECK(key("a:b", "c") != key("a", "b:c"));
  CHECK(key("1:a", "b") != key("1", ":ab"));
  CHECK(key("", "1:ab") != key("a", "b"));
  CHECK(key("a", "b") == key("a", "b"));
}
