// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/claim_map.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace claim_map_test {

using namespace sesame;

principal mapped(std::string_view claims, const claim_map& map = {}, principal caller = {}) {
  json::document document;
  auth::map_claims(*json::as_object(*document.parse(claims)), map, caller);
  return caller;
}

TEST_CASE("the claims that most issuers use are read without being named") {
  const auto caller = mapped(R"({
    "sub": "auth0|5", "email": "ann@example.com", "email_verified": true, "name": "Ann Example",
    "given_name": "Ann", "family_name": "Example", "preferred_username": "ann", "nickname": "annie",
    "avatar_url": "https://example.com/ann.png", "org_id": "org_1",
    "roles": ["editor", "admin", "editor", "", 7, null, {"x": "y"}], "permissions": "read all"})");
  const user_info expected{.user_id = "auth0|5",
                           .email = "ann@example.com",
                           .email_verified = true,
                           .name = "Ann Example",
                           .first_name = "Ann",
                           .last_name = "Example",
                           .username = "ann",
                           .nickname = "annie",
                           .picture = "https://example.com/ann.png",
                           .tenant = "org_1"};
  CHECK(caller.user == expected);
  CHECK(caller.roles == text_set{"admin", "editor", "7"});
  // A text is one permission: parted, it could grant more than it says.
  CHECK(caller.permissions == text_set{"read all"});
  CHECK_FALSE(caller.is_machine);
}

TEST_CASE("a map is data, and what it does not name keeps its places") {
  static constexpr claim_map keycloak{.username = {"preferred_username"},
                                      .roles = {"/realm_access/roles"}};
  static constexpr claim_map cognito{.username = {"cognito:username", "username"},
                                     .roles = {"cognito:groups"}};
  static constexpr claim_map github{
      .user_id = {"id"}, .username = {"login"}, .picture = {"avatar_url"}};
  const auto one = mapped(
      R"({"sub":"s","email":"e","username":"no","preferred_username":"ann",
          "realm_access":{"roles":["a","b"]},"roles":["no"]})",
      keycloak);
  CHECK(one.user.username == "ann");
  CHECK(one.user.email == "e");
  CHECK(one.roles == text_set{"a", "b"});
  const auto two = mapped(R"({"sub":"s","username":"ann","cognito:groups":["g"]})", cognito);
  CHECK(two.user.username == "ann");
  CHECK(two.roles == text_set{"g"});
  const auto three = mapped(R"({"id":583231,"login":"ann","email":null,"sub":"no"})", github);
  CHECK(three.user.user_id == "583231");
  CHECK(three.user.username == "ann");
  CHECK(three.user.email.empty());
}

TEST_CASE("the first place that has something of the right kind wins") {
  static constexpr claim_map map{.email = {"mail", "email"},
                                 .email_verified = {"verified", "email_verified"},
                                 .roles = {"groups", "roles"}};
  const auto email = [](std::string_view claims) { return mapped(claims, map).user.email; };
  CHECK(email(R"({"email":"b","mail":"a"})") == "a");
  CHECK(email(R"({"email":"b","mail":null})") == "b");
  CHECK(email(R"({"email":"b","mail":""})") == "b");
  CHECK(email(R"({"email":"b","mail":["a"]})") == "b");
  CHECK(email(R"({"email":"b","mail":1.5})") == "b");
  CHECK(email(R"({"email":-5})") == "-5");
  CHECK(email(R"({"email":18446744073709551615})") == "18446744073709551615");
  // A set that is there and empty is empty.
  CHECK(mapped(R"({"groups":[],"roles":["admin"]})", map).roles.empty());
  CHECK(mapped(R"({"groups":{},"roles":["user"]})", map).roles == text_set{"user"});
  CHECK(mapped(R"({"groups":"one"})", map).roles == text_set{"one"});
  const auto verified = [](std::string_view claims) {
    return mapped(claims, map).user.email_verified;
  };
  CHECK(verified(R"({"email_verified":true})"));
  CHECK(verified(R"({"email_verified":"true"})"));
  CHECK_FALSE(verified(R"({"verified":false,"email_verified":true})"));
  for (const auto other : {R"({"verified":"True"})", R"({"verified":1})", R"({"verified":[true]})"})
    CHECK_FALSE(verified(other));
}

TEST_CASE("the program in use is what the token calls so, in the words of its issuer") {
  static constexpr claim_map okta{.client_id = {"cid"}};
  const auto client = [](std::string_view claims, const claim_map& map = {}) {
    return mapped(claims, map, {.client_id = "known"}).client_id;
  };
  CHECK(client(R"({"client_id":"a","azp":"b"})") == "a");
  CHECK(client(R"({"azp":"b"})") == "b");
  CHECK(client(R"({"cid":"c"})") == "known");
  CHECK(client(R"({"cid":"c","azp":"b"})", okta) == "c");
  const auto machine = mapped(R"({"cid":"c1"})", okta, {.subject = "c1"});
  CHECK(machine.is_machine);
}

TEST_CASE("a machine is known by a subject that is its client id, or by what its map says") {
  const principal client{.subject = "c1", .client_id = "c1"};
  CHECK(mapped("{}", {}, client).is_machine);
  CHECK_FALSE(mapped("{}", {}, {.subject = "ann", .client_id = "c1"}).is_machine);
  CHECK_FALSE(mapped("{}", {}, {}).is_machine);
  static constexpr claim_map azure{.machine = {"idtyp", "app"}};
  CHECK(mapped(R"({"idtyp":"app"})", azure).is_machine);
  CHECK(mapped(R"({"idtyp":"user"})", azure, client).is_machine);
  CHECK_FALSE(mapped(R"({"idtyp":"user"})", azure).is_machine);
  CHECK_FALSE(mapped(R"({"idtyp":["app"]})", azure).is_machine);
  CHECK_FALSE(mapped(R"({"idtyp":"app"})").is_machine);
}

TEST_CASE("a text that is empty or has control characters identifies nobody") {
  CHECK(auth::is_identifying("auth0|5 \xc3\xa9"));
  CHECK_FALSE(auth::is_identifying(""));
  CHECK_FALSE(auth::is_identifying("a\nb"));
  CHECK_FALSE(auth::is_identifying(std::string_view("a\0", 2)));
  CHECK_FALSE(auth::is_identifying("a\x7f"));
}

}  // namespace claim_map_test
