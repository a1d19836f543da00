// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta/types.hpp"

#include <doctest/doctest.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace types_test {

struct plain {
  struct nested {};
  enum class kind { one };
};
template <class... T>
struct many {
  struct inner {};
};
template <auto... V>
struct valued {};
class a_class {};
union a_union {};
enum an_enum : int {};
using alias = plain;

}  // namespace types_test

struct in_no_namespace {};

namespace {

namespace meta = sesame::meta;
using namespace types_test;

struct hidden {};

using three = meta::types<int, char, int>;
static_assert(three::size == 3);
static_assert(meta::types<>::size == 0);

static_assert(meta::contains<int, three>);
static_assert(!meta::contains<long, three>);
static_assert(!meta::contains<const int, three>);
static_assert(!meta::contains<int, meta::types<>>);

static_assert(std::is_same_v<meta::append<meta::types<>, int>, meta::types<int>>);
static_assert(std::is_same_v<meta::append<three, long>, meta::types<int, char, int, long>>);

static_assert(std::is_same_v<meta::concatenate<>, meta::types<>>);
static_assert(std::is_same_v<meta::concatenate<three>, three>);
static_assert(std::is_same_v<meta::concatenate<meta::types<>, meta::types<int>, meta::types<>,
                                               meta::types<char, long>>,
                             meta::types<int, char, long>>);

static_assert(meta::specialization_of<std::vector<int>, std::vector>);
static_assert(meta::specialization_of<std::map<int, int>, std::map>);
static_assert(!meta::specialization_of<std::vector<int>, std::map>);
static_assert(!meta::specialization_of<int, std::vector>);

static_assert(std::is_same_v<meta::without_optional<std::optional<int>>, int>);
static_assert(std::is_same_v<meta::without_optional<int>, int>);

static_assert(meta::type_name<plain> == "plain");
static_assert(meta::type_name<alias> == "plain");
static_assert(meta::type_name<plain::nested> == "nested");
static_assert(meta::type_name<plain::kind> == "kind");
static_assert(meta::type_name<a_class> == "a_class");
static_assert(meta::type_name<a_union> == "a_union");
static_assert(meta::type_name<an_enum> == "an_enum");
static_assert(meta::type_name<in_no_namespace> == "in_no_namespace");
static_assert(meta::type_name<hidden> == "hidden");
static_assert(meta::type_name<many<>> == "many");
static_assert(meta::type_name<many<int, many<char>>> == "many");
static_assert(meta::type_name<many<int>::inner> == "inner");
static_assert(meta::type_name<many<many<int>::inner>> == "many");
static_assert(meta::type_name<many<std::string, int (*)(char)>> == "many");
static_assert(meta::type_name<valued<1, 'c', 2U>> == "valued");

static_assert(meta::type_name<const plain> == "plain");

// The two overloads are told apart by their parameters, and each names its own local type.
std::string_view local_name(int) {
  struct local {};
  return meta::type_name<local>;
}
template <class T>
std::string_view local_name(T) {
  struct local_of_template {};
  return meta::type_name<local_of_template>;
}

TEST_CASE("a type inside a function is named without the function") {
  CHECK(local_name(1) == "local");
  CHECK(local_name(std::vector<int>{}) == "local_of_template");
}

}  // namespace
