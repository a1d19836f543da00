// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta/enums.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <optional>
#include <string_view>

namespace enums_test {

enum class plain { first, second, third };
enum class gaps { low = -16, minus = -1, zero, seven = 7, high = 127 };
enum class beyond { in = 1, below = -17, above = 128 };
enum unscoped : std::int16_t { red = 3, green = 1, blue = 2 };
enum class unsigned_byte : std::uint8_t { none = 0, most = 127, outside = 255 };
enum class signed_byte : std::int8_t { least = -16, most = 127 };
enum class character : char { a = 'a', comma = ',', quote = '\'', paren = '(', z = 'z' };
enum class truth : bool { no, yes };
enum class half_truth : bool { yes = true };
enum class large : std::uint64_t { one = 1, huge = 0xffff'ffff'ffff'ffff };
enum class aliases { first = 1, also_first = 1, second = 2 };
enum class one { only };
enum class from_200 { a = 200, b = 205, c = 300 };
enum class negative { a = -300, b = -299 };
enum class flags : std::uint8_t { none, all = 255 };
enum class _underscored { _0, a_, __b = 5 };
enum not_fixed { x, y };
enum class h\u00f6he { gro\u00df, klein };

template <class... T>
struct holder {
  enum class kind { one, two };
};

struct outer {
  enum class kind { x, y };
};

}  // namespace enums_test

template <>
struct sesame::enum_range<enums_test::from_200> {
  static constexpr int min = 200;
  static constexpr int max = 300;
};
template <>
struct sesame::enum_range<enums_test::negative> {
  static constexpr int min = -300;
  static constexpr int max = -290;
};
template <>
struct sesame::enum_range<enums_test::flags> {
  static constexpr int min = -1000;
  static constexpr int max = 1000;
};

namespace {

namespace meta = sesame::meta;
using namespace enums_test;

enum class hidden { here, there };

static_assert(meta::fixed_enum<plain>);
static_assert(meta::fixed_enum<unscoped>);
static_assert(!meta::fixed_enum<not_fixed>);
static_assert(!meta::fixed_enum<int>);

static_assert(meta::enumerators<plain>().size() == 3);
static_assert(meta::enumerators<plain>()[0].value == plain::first);
static_assert(meta::enumerators<plain>()[0].name == "first");
static_assert(meta::enumerators<plain>()[2].name == "third");
static_assert(meta::enum_name(plain::second) == "second");
static_assert(meta::enum_value<plain>("second") == plain::second);
static_assert(meta::enum_value<plain>("Second") == std::nullopt);
static_assert(meta::enum_value<plain>("") == std::nullopt);
static_assert(meta::enum_name(static_cast<plain>(3)).empty());
static_assert(meta::enum_name(static_cast<plain>(100'000)).empty());

static_assert(meta::enumerators<gaps>().size() == 5);
static_assert(meta::enum_name(gaps::low) == "low");
static_assert(meta::enum_name(gaps::minus) == "minus");
static_assert(meta::enum_name(gaps::high) == "high");
static_assert(meta::enum_name(static_cast<gaps>(5)).empty());
static_assert(meta::enumerators<gaps>()[0].value == gaps::low, "in ascending order");

static_assert(meta::enumerators<beyond>().size() == 1, "what is out of the range has no name");
static_assert(meta::enum_name(beyond::above).empty());

static_assert(meta::enumerators<unscoped>().size() == 3);
static_assert(meta::enumerators<unscoped>()[0].name == "green", "ordered by value");
static_assert(meta::enum_value<unscoped>("red") == red);

static_assert(meta::enumerators<unsigned_byte>().size() == 2, "values do not wrap round");
static_assert(meta::enum_name(unsigned_byte::most) == "most");
static_assert(meta::enumerators<signed_byte>().size() == 2);
static_assert(meta::enumerators<large>().size() == 1);

static_assert(meta::enumerators<character>().size() == 5);
static_assert(meta::enum_name(character::comma) == "comma");
static_assert(meta::enum_name(character::quote) == "quote");
static_assert(meta::enum_name(character::paren) == "paren");
static_assert(meta::enum_name(character::z) == "z");
static_assert(meta::enumerators<truth>().size() == 2);
static_assert(meta::enum_name(truth::yes) == "yes");
static_assert(meta::enumerators<half_truth>().size() == 1);
static_assert(meta::enum_name(half_truth::yes) == "yes");

static_assert(meta::enumerators<aliases>().size() == 2);
static_assert(meta::enum_name(aliases::also_first) == "first", "the first name counts");
static_assert(meta::enum_value<aliases>("also_first") == std::nullopt);

static_assert(meta::enumerators<one>().size() == 1);
static_assert(meta::enum_name(one::only) == "only");

static_assert(meta::enumerators<from_200>().size() == 3);
static_assert(meta::enum_name(from_200::c) == "c");
static_assert(meta::enumerators<negative>().size() == 2);
static_assert(meta::enum_name(negative::a) == "a");
static_assert(meta::enumerators<flags>().size() == 2, "a range wider than the type is cut");
static_assert(meta::enum_name(flags::all) == "all");

static_assert(meta::enumerators<_underscored>().size() == 3);
static_assert(meta::enum_name(_underscored::_0) == "_0");
static_assert(meta::enum_name(_underscored::__b) == "__b");

static_assert(meta::enum_name(hidden::there) == "there");
static_assert(meta::enum_name(outer::kind::y) == "y");
static_assert(meta::enum_name(holder<>::kind::two) == "two");
static_assert(meta::enum_name(holder<int, holder<char, long>>::kind::one) == "one");

TEST_CASE("enumerators of a type inside a function have names") {
  enum class local { a = -3, b };
  CHECK(meta::enum_name(local::a) == "a");
  CHECK(meta::enumerators<local>().size() == 2);
  const auto generic = [](auto) {
    enum class inner { c, d };
    return meta::enum_name(inner::d);
  };
  CHECK(generic(1) == "d");
  CHECK(generic(outer{}) == "d");
}

TEST_CASE("every enumerator is found again by its name") {
  for (const auto& entry : meta::enumerators<gaps>()) {
    CHECK(meta::enum_value<gaps>(entry.name) == entry.value);
    CHECK(meta::enum_name(entry.value) == entry.name);
  }
}

}  // namespace
