// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta/fields.hpp"

#include <any>
#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <doctest/doctest.h>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace fields_test {

struct none {};
struct one {
  int only;
};
struct two {
  double x, y;
};
// clang-format off
struct members_16 { int m0; int m1; int m2; int m3; int m4; int m5; int m6; int m7; int m8; int m9; int m10; int m11; int m12; int m13; int m14; int m15; };
struct members_64 { int m0; int m1; int m2; int m3; int m4; int m5; int m6; int m7; int m8; int m9; int m10; int m11; int m12; int m13; int m14; int m15; int m16; int m17; int m18; int m19; int m20; int m21; int m22; int m23; int m24; int m25; int m26; int m27; int m28; int m29; int m30; int m31; int m32; int m33; int m34; int m35; int m36; int m37; int m38; int m39; int m40; int m41; int m42; int m43; int m44; int m45; int m46; int m47; int m48; int m49; int m50; int m51; int m52; int m53; int m54; int m55; int m56; int m57; int m58; int m59; int m60; int m61; int m62; int m63; };
struct members_128 { int m0; int m1; int m2; int m3; int m4; int m5; int m6; int m7; int m8; int m9; int m10; int m11; int m12; int m13; int m14; int m15; int m16; int m17; int m18; int m19; int m20; int m21; int m22; int m23; int m24; int m25; int m26; int m27; int m28; int m29; int m30; int m31; int m32; int m33; int m34; int m35; int m36; int m37; int m38; int m39; int m40; int m41; int m42; int m43; int m44; int m45; int m46; int m47; int m48; int m49; int m50; int m51; int m52; int m53; int m54; int m55; int m56; int m57; int m58; int m59; int m60; int m61; int m62; int m63; int m64; int m65; int m66; int m67; int m68; int m69; int m70; int m71; int m72; int m73; int m74; int m75; int m76; int m77; int m78; int m79; int m80; int m81; int m82; int m83; int m84; int m85; int m86; int m87; int m88; int m89; int m90; int m91; int m92; int m93; int m94; int m95; int m96; int m97; int m98; int m99; int m100; int m101; int m102; int m103; int m104; int m105; int m106; int m107; int m108; int m109; int m110; int m111; int m112; int m113; int m114; int m115; int m116; int m117; int m118; int m119; int m120; int m121; int m122; int m123; int m124; int m125; int m126; int m127; };
// clang-format on

struct nested {
  int before;
  two inside;
  members_16 large;
  none empty;
  int after;
};

struct arrays {
  std::array<int, 3> first;
  std::array<two, 2> second;
  std::array<std::array<int, 2>, 2> third;
  std::array<int, 0> fourth;
};

enum class colour { red, green };
struct variety {
  bool truth = true;
  char letter = 'x';
  const int constant = 1;
  std::string text = "a text";
  std::string_view view;
  const char* literal = nullptr;
  std::nullptr_t nothing = nullptr;
  colour paint = colour::green;
  std::optional<int> maybe;
  std::optional<two> maybe_point;
  std::vector<int> numbers;
  std::vector<two> points{{1, 2}};
  std::map<std::string, two> by_name;
  std::variant<int, std::string, two> either;
  std::chrono::sys_seconds time;
  std::chrono::milliseconds length{5};
  std::chrono::year_month_day day;
  std::pair<int, two> pair;
  std::function<int(int)> call;
  std::any anything;
  void (*function)() = nullptr;
  int two::* member = nullptr;
};

struct any_first {
  std::any anything;
  int number;
};

struct move_only {
  std::unique_ptr<int> pointer;
  int number;
};

struct not_movable {
  std::mutex lock;
  int number;
};

struct explicit_only {
  explicit explicit_only(int) {}
};
struct no_default {
  explicit_only value;
  int number;
};

struct tree {
  std::string name;
  std::vector<tree> branches;
  std::map<std::string, tree> leaves;
  std::unique_ptr<tree> parent;
};

template <class T, std::size_t N>
struct templated {
  T value;
  std::array<T, N> more;
};

struct with_statics {
  static constexpr int not_a_member = 1;
  int member;
  int function() const { return member; }
  using type = int;
  enum class kind { a };
};

struct h\u00f6he {
  int gr\u00f6\u00dfe;
  int _leading;
  int trailing_;
  int with9digits;
};

struct same_name {
  int same_name_;
  int sentinel;
  int value;
};

}  // namespace fields_test

struct in_no_namespace {
  int here;
};

namespace {

namespace meta = sesame::meta;
using namespace fields_test;

struct hidden {
  int a;
  std::string b;
};

static_assert(meta::field_count<none> == 0);
static_assert(meta::field_count<one> == 1);
static_assert(meta::field_count<two> == 2);
static_assert(meta::field_count<members_16> == 16);
static_assert(meta::field_count<members_64> == 64);
static_assert(meta::field_count<members_128> == 128);
static_assert(meta::field_count<nested> == 5, "braces of inner structs are not left out");
static_assert(meta::field_count<arrays> == 4);
static_assert(meta::field_count<variety> == 22);
static_assert(meta::field_count<any_first> == 2);
static_assert(meta::field_count<move_only> == 2);
static_assert(meta::field_count<not_movable> == 2);
static_assert(meta::field_count<no_default> == 2);
static_assert(meta::field_count<tree> == 4);
static_assert(meta::field_count<templated<nested, 3>> == 2);
static_assert(meta::field_count<with_statics> == 1);
static_assert(meta::field_count<in_no_namespace> == 1);
static_assert(meta::field_count<hidden> == 2);

static_assert(meta::field_name<one, 0> == "only");
static_assert(meta::field_name<two, 0> == "x");
static_assert(meta::field_name<two, 1> == "y");
static_assert(meta::field_name<members_16, 15> == "m15");
static_assert(meta::field_name<members_64, 63> == "m63");
static_assert(meta::field_name<members_128, 0> == "m0");
static_assert(meta::field_name<members_128, 127> == "m127");
static_assert(meta::field_name<nested, 1> == "inside");
static_assert(meta::field_name<nested, 3> == "empty");
static_assert(meta::field_name<nested, 4> == "after");
static_assert(meta::field_name<arrays, 2> == "third");
static_assert(meta::field_name<variety, 2> == "constant");
static_assert(meta::field_name<variety, 6> == "nothing");
static_assert(meta::field_name<variety, 21> == "member");
static_assert(meta::field_name<move_only, 0> == "pointer");
static_assert(meta::field_name<not_movable, 1> == "number");
static_assert(meta::field_name<no_default, 0> == "value");
static_assert(meta::field_name<tree, 1> == "branches");
static_assert(meta::field_name<templated<std::vector<two>, 2>, 1> == "more");
static_assert(meta::field_name<with_statics, 0> == "member");
static_assert(meta::field_name<in_no_namespace, 0> == "here");
static_assert(meta::field_name<hidden, 1> == "b");
static_assert(meta::field_name<h\u00f6he, 0> == "gr\u00f6\u00dfe");
static_assert(meta::field_name<h\u00f6he, 1> == "_leading");
static_assert(meta::field_name<h\u00f6he, 2> == "trailing_");
static_assert(meta::field_name<h\u00f6he, 3> == "with9digits");
static_assert(meta::field_name<same_name, 0> == "same_name_");
static_assert(meta::field_name<same_name, 1> == "sentinel");
static_assert(meta::field_name<same_name, 2> == "value");

static_assert(std::is_same_v<meta::field_type<two, 0>, double>);
static_assert(std::is_same_v<meta::field_type<nested, 1>, two>);
static_assert(std::is_same_v<meta::field_type<arrays, 0>, std::array<int, 3>>);
static_assert(std::is_same_v<meta::field_type<variety, 2>, int>, "const is taken off");
static_assert(std::is_same_v<meta::field_type<variety, 5>, const char*>);
static_assert(std::is_same_v<meta::field_type<variety, 8>, std::optional<int>>);
static_assert(std::is_same_v<meta::field_type<move_only, 0>, std::unique_ptr<int>>);
static_assert(std::is_same_v<meta::field_type<tree, 1>, std::vector<tree>>);

TEST_CASE("members are reached in the order of their declaration") {
  nested object{1, {2, 3}, {}, {}, 4};
  CHECK(meta::field<0>(object) == 1);
  CHECK(meta::field<1>(object).y == 3);
  CHECK(meta::field<4>(object) == 4);
  CHECK(&meta::field<4>(object) == &object.after);
}

TEST_CASE("a member can be changed through a reference to it") {
  two point{1, 2};
  meta::field<1>(point) = 5;
  CHECK(point.y == 5);

  variety object;
  meta::field<3>(object) = "another";
  CHECK(object.text == "another");
}

TEST_CASE("the members of a const object are const") {
  const two point{1, 2};
  static_assert(std::is_same_v<decltype(meta::field<0>(point)), const double&>);
  CHECK(meta::field<0>(point) == 1);
}

TEST_CASE("with_fields hands over every member") {
  const two point{1, 2};
  CHECK(meta::with_fields(point, [](const auto&... members) { return (members + ...); }) == 3);
  none empty;
  CHECK(meta::with_fields(empty, [](auto&... members) { return sizeof...(members); }) == 0);
}

TEST_CASE("for_each_field visits every index once, in order") {
  std::vector<std::size_t> seen;
  meta::for_each_field<members_128>([&]<std::size_t I>() { seen.push_back(I); });
  REQUIRE(seen.size() == 128);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == i);
  meta::for_each_field<none>([]<std::size_t I>() { FAIL("there is no member ", I); });
}

TEST_CASE("the last of 128 members is reached") {
  members_128 object{};
  object.m127 = 9;
  CHECK(meta::field<127>(object) == 9);
  CHECK(&meta::field<64>(object) == &object.m64);
}

TEST_CASE("an object that cannot be copied or moved is reached in place") {
  not_movable fixed{{}, 7};
  CHECK(meta::field<1>(fixed) == 7);
  move_only moving{std::make_unique<int>(3), 1};
  const auto taken = std::move(meta::field<0>(moving));
  CHECK(*taken == 3);
  CHECK(moving.pointer == nullptr);
}

TEST_CASE("a struct inside a function is reflected") {
  struct local {
    int first;
    std::string second;
  };
  static_assert(meta::field_count<local> == 2);
  CHECK(meta::field_name<local, 1> == "second");
  const auto generic = [](auto value) {
    struct inner {
      decltype(value) member;
    };
    return meta::field_name<inner, 0>;
  };
  CHECK(generic(1) == "member");
  CHECK(generic(std::string{}) == "member");
}

TEST_CASE("members are read in constant expressions") {
  constexpr two point{1, 2};
  static_assert(meta::field<1>(point) == 2);
}

}  // namespace
