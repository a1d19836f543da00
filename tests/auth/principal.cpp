// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/principal.hpp"

#include <doctest/doctest.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

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

struct membership {
  std::string id;
  std::optional<int> rank;
};

TEST_CASE("a claim is read as the type that is asked for, or is not there") {
  const principal caller{.claims = R"({"exp":1700003600,"groups":["a","b"],"aal":"aal2","ok":true,
      "https://app.example/org":{"id":"o1","rank":3,"more":1},"none":null})"};
  CHECK(caller.claim<long>("exp") == 1700003600);
  CHECK(caller.claim<std::vector<std::string>>("groups") == std::vector<std::string>{"a", "b"});
  CHECK(caller.claim<std::string>("aal") == "aal2");
  CHECK(caller.claim<bool>("ok") == true);
  CHECK(caller.claim<std::string>("/https:~1~1app.example~1org/id") == "o1");
  const auto org = caller.claim<membership>("https://app.example/org");
  REQUIRE(org);
  CHECK(org->id == "o1");
  CHECK(org->rank == 3);
  CHECK_FALSE(caller.claim<int>("missing"));
  CHECK_FALSE(caller.claim<std::string>("none"));
  CHECK_FALSE(caller.claim<std::string>("exp"));
  CHECK_FALSE(caller.claim<std::vector<int>>("groups"));
  CHECK_FALSE(caller.claim<signed char>("exp"));
  CHECK_FALSE(principal{}.claim<std::string>("sub"));
}
