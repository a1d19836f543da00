// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta/fixed_string.hpp"

#include <doctest/doctest.h>
#include <string_view>

namespace {

using sesame::fixed_string;

template <fixed_string Text>
struct named {
  static constexpr auto text = Text;
};

static_assert(fixed_string{"getRecord"}.view() == "getRecord");
static_assert(fixed_string{""}.empty());
static_assert(fixed_string{""}.view().empty());
static_assert(!fixed_string{"x"}.empty());
static_assert(fixed_string{"a\0b"}.view() == std::string_view{"a\0b", 3});

static_assert(fixed_string{"one"} == fixed_string{"one"});
static_assert(fixed_string{"one"} != fixed_string{"two"});
static_assert(fixed_string{"one"} != fixed_string{"one "}, "of different lengths");

static_assert(std::is_same_v<named<"a">, named<"a">>, "equal texts name the same type");
static_assert(!std::is_same_v<named<"a">, named<"b">>);

TEST_CASE("the text of a template argument is read at run time") {
  CHECK(named<"sch\u00f6n">::text.view() == "sch\u00f6n");
}

}  // namespace
