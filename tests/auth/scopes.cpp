// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/scopes.hpp"

#include <doctest/doctest.h>

using sesame::is_scope_token;
using sesame::scope_set;

static_assert(is_scope_token("files:read"));
static_assert(is_scope_token("!#[]~"));
static_assert(!is_scope_token(""));
static_assert(!is_scope_token("a b"));
static_assert(!is_scope_token("a\"b"));
static_assert(!is_scope_token("a\\b"));
static_assert(!is_scope_token("a\nb"));
static_assert(!is_scope_token("\xc3\xa4"));
static_assert(!is_scope_token("a\x7f"));

TEST_CASE("a list is parted at its spaces, in any order, with repeats, with too many spaces") {
  const auto scopes = scope_set::parse("  write read  read ");
  CHECK(scopes == scope_set{"read", "write"});
  CHECK(scopes.text() == "read write");
  CHECK(scopes.tokens().size() == 2);
  CHECK(scope_set::parse("").empty());
  CHECK(scope_set::parse("   ").empty());
}

TEST_CASE("what is not a scope token grants nothing") {
  const auto scopes = scope_set::parse("read \"admin\" ad\\min write\tadmin");
  CHECK(scopes == scope_set{"read"});
  CHECK(scope_set{"a b", "c"} == scope_set{"c"});
}

TEST_CASE("scopes are found whole and case-sensitively") {
  const scope_set scopes{"files:read", "files:write"};
  CHECK(scopes.contains("files:read"));
  CHECK_FALSE(scopes.contains("files"));
  CHECK_FALSE(scopes.contains("FILES:READ"));
  CHECK_FALSE(scopes.contains(""));
}

TEST_CASE("a set covers its subsets") {
  const scope_set granted{"a", "b", "c"};
  CHECK(granted.covers({}));
  CHECK(granted.covers({"c", "a"}));
  CHECK_FALSE(granted.covers({"a", "d"}));
  CHECK_FALSE(scope_set{}.covers({"a"}));
  CHECK(scope_set{}.covers({}));
}

TEST_CASE("scopes can be added, each once") {
  scope_set scopes{"b"};
  scopes.insert("a");
  scopes.insert("b");
  scopes.insert("not one");
  scopes.insert(scope_set{"c", "a"});
  CHECK(scopes.text() == "a b c");
}
