// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta/annotations.hpp"

#include <doctest/doctest.h>
#include <string>
#include <type_traits>

namespace annotations_test {

struct loud {};
struct quiet {};

struct query {
  std::string id;
  int history = 10;
  bool plain = false;
  double tagged_only = 0;

  using annotations =
      sesame::annotations<sesame::field<&query::history, "How many past versions", loud, quiet>,
                          sesame::field<&query::id, "Record to fetch">,
                          sesame::field<&query::tagged_only, "", loud>>;
};

struct bare {
  int member;
};

struct empty_list {
  int member;
  using annotations = sesame::annotations<>;
};

struct alike {
  int name;
  int name_;
  int the_name;
  using annotations = sesame::annotations<sesame::field<&alike::name_, "the second">>;
};

template <class T>
struct templated {
  T value;
  using annotations = sesame::annotations<sesame::field<&templated::value, "A value", loud>>;
};

}  // namespace annotations_test

namespace {

namespace meta = sesame::meta;
using namespace annotations_test;

static_assert(meta::annotation<query, 0>::description() == "Record to fetch");
static_assert(meta::annotation<query, 1>::description() == "How many past versions");
static_assert(meta::annotation<query, 2>::description().empty());
static_assert(meta::annotation<query, 3>::description().empty());

static_assert(std::is_same_v<meta::annotation<query, 0>::tags, meta::types<>>);
static_assert(std::is_same_v<meta::annotation<query, 1>::tags, meta::types<loud, quiet>>);
static_assert(std::is_same_v<meta::annotation<query, 2>::tags, meta::types<>>);
static_assert(std::is_same_v<meta::annotation<query, 3>::tags, meta::types<loud>>);

static_assert(meta::annotation<bare, 0>::description().empty());
static_assert(meta::annotation<empty_list, 0>::description().empty());

static_assert(meta::annotation<alike, 0>::description().empty());
static_assert(meta::annotation<alike, 1>::description() == "the second");
static_assert(meta::annotation<alike, 2>::description().empty());

static_assert(meta::annotation<templated<int>, 0>::description() == "A value");
static_assert(meta::annotation<templated<query>, 0>::description() == "A value");

TEST_CASE("a struct inside a function is annotated") {
  struct local {
    int first;
    int second;
    using annotations = sesame::annotations<sesame::field<&local::second, "the second">>;
  };
  CHECK(meta::annotation<local, 1>::description() == "the second");
  CHECK(meta::annotation<local, 0>::description().empty());
}

}  // namespace
