// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/guards.hpp"

#include <doctest/doctest.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace guards_test {

using sesame::auth_error;
using sesame::principal;
using sesame::detail::policy_traits;
using sesame::meta::types;

const std::vector<sesame::detail::scope_rule> rules{{"admin", "read"}};

template <class Guard>
bool lets(const principal& caller) {
  return policy_traits<Guard>::holds(caller, rules);
}

struct transfer {
  int amount;
};
bool is_ann(const principal& caller) {
  return caller.subject == "ann";
}
bool throws(const principal&) {
  throw std::runtime_error("no idea");
}

TEST_CASE("scopes: all of them, or any, also by one that includes them") {
  const principal reader{.scopes = {"read"}};
  const principal admin{.scopes = {"admin"}};
  CHECK(lets<sesame::scopes<"read">>(reader));
  CHECK(lets<sesame::scopes<"read">>(admin));
  CHECK(lets<sesame::scopes<>>(reader));
  CHECK_FALSE(lets<sesame::scopes<"read", "write">>(reader));
  CHECK(lets<sesame::any_scope<"write", "read">>(reader));
  CHECK(lets<sesame::any_scope<"write", "read">>(admin));
  CHECK_FALSE(lets<sesame::any_scope<"write", "delete">>(reader));
  CHECK_FALSE(lets<sesame::scopes<"admin">>(reader));
}

TEST_CASE("roles and permissions: all of them, or any, letter for letter") {
  principal caller;
  caller.roles.insert("editor");
  caller.permissions.insert("posts:write");
  CHECK(lets<sesame::roles<"editor">>(caller));
  CHECK_FALSE(lets<sesame::roles<"editor", "admin">>(caller));
  CHECK_FALSE(lets<sesame::roles<"Editor">>(caller));
  CHECK(lets<sesame::any_role<"admin", "editor">>(caller));
  CHECK_FALSE(lets<sesame::any_role<"admin">>(caller));
  CHECK(lets<sesame::permissions<"posts:write">>(caller));
  CHECK_FALSE(lets<sesame::permissions<"posts:write", "posts:delete">>(caller));
  CHECK(lets<sesame::any_permission<"posts:delete", "posts:write">>(caller));
  // One is not the other, and neither is a scope.
  CHECK_FALSE(lets<sesame::permissions<"editor">>(caller));
  CHECK_FALSE(lets<sesame::scopes<"editor">>(caller));
}

TEST_CASE("an entitlement is a claim that is, or has, one of the values") {
  using pro = sesame::entitlement<"plan", "pro", "enterprise">;
  const auto with = [](std::string claims) { return principal{.claims = std::move(claims)}; };
  CHECK(lets<pro>(with(R"({"plan":"pro"})")));
  CHECK(lets<pro>(with(R"({"plan":["basic","enterprise"]})")));
  for (const auto* claims : {R"({"plan":"Pro"})", R"({"plan":"free"})", R"({"plan":[]})",
                             R"({"plan":true})", R"({"plan":{"pro":true}})", R"({"plan":null})",
                             R"({"plan":["pro",1]})", "{}", "", "nothing"})
    CHECK_FALSE_MESSAGE(lets<pro>(with(claims)), claims);
  CHECK(lets<sesame::entitlement<"/app/features", "export">>(
      with(R"({"app":{"features":["export"]}})")));
}

TEST_CASE("a condition is what a function says, and no where it throws") {
  CHECK(lets<sesame::allowed_if<is_ann>>(principal{.subject = "ann"}));
  CHECK_FALSE(lets<sesame::allowed_if<is_ann>>(principal{.subject = "bob"}));
  CHECK_FALSE(lets<sesame::allowed_if<throws>>(principal{.subject = "ann"}));
  using small =
      sesame::allowed_if<[](const principal&, const transfer& t) { return t.amount < 10; }>;
  CHECK(policy_traits<small>::holds_for(principal{}, transfer{9}));
  CHECK_FALSE(policy_traits<small>::holds_for(principal{}, transfer{10}));
}

TEST_CASE("who lacks a scope is told another thing than who lacks anything else") {
  CHECK(policy_traits<sesame::scopes<"a">>::otherwise == auth_error::insufficient_scope);
  CHECK(policy_traits<sesame::any_scope<"a">>::otherwise == auth_error::insufficient_scope);
  CHECK(policy_traits<sesame::roles<"a">>::otherwise == auth_error::forbidden);
  CHECK(policy_traits<sesame::permissions<"a">>::otherwise == auth_error::forbidden);
  CHECK(policy_traits<sesame::entitlement<"a", "b">>::otherwise == auth_error::forbidden);
  CHECK(policy_traits<sesame::allowed_if<is_ann>>::otherwise == auth_error::forbidden);
}

TEST_CASE("a challenge asks for all scopes that are needed, and for the first that would do") {
  using list = types<sesame::roles<"x">, sesame::scopes<"a", "b">, sesame::any_scope<"c", "d">>;
  const auto& asked = sesame::detail::asked_scopes<list>;
  CHECK(std::vector<std::string>(asked.begin(), asked.end()) ==
        std::vector<std::string>{"a", "b", "c"});
  CHECK(sesame::detail::demands<list>);
  CHECK_FALSE(sesame::detail::demands<types<sesame::anonymous, sesame::read_only>>);
}

}  // namespace guards_test
