// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/codec.hpp"

#include "sesame/json/schema.hpp"

#include "json/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace codec_test {

// A type with an invariant, which is no aggregate.
class even {
 public:
  even() = default;
  explicit even(int n) : n_(n) {}
  int value() const { return n_; }
  friend bool operator==(even, even) = default;

 private:
  int n_ = 0;
};

// May be left out by its type alone.
struct hint {
  std::string text;
  bool operator!() const { return text.empty(); }
};

}  // namespace codec_test

template <>
struct sesame::json::codec<codec_test::even> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"integer","multipleOf":2)"); }
  static bool read(value v, codec_test::even& to, reader& in) {
    std::int64_t n = 0;
    if (!v.get(n) || n % 2 != 0 || n > 1'000) return in.fail("an even number", v);
    to = codec_test::even{static_cast<int>(n)};
    return true;
  }
  static constexpr void write(const codec_test::even& from, auto& out) { out.number(from.value()); }
};

template <>
struct sesame::json::codec<codec_test::hint> {
  static constexpr bool optional = true;
  static constexpr void schema(auto& out) { out.raw(R"("type":"string")"); }
  static bool read(value v, codec_test::hint& to, reader& in) { return json::read(v, to.text, in); }
  static constexpr void write(const codec_test::hint& from, auto& out) { out.string(from.text); }
};

namespace json_codec_test {

namespace json = sesame::json;
using namespace json_test;
using codec_test::even;
using codec_test::hint;

struct holder {
  even number;
  std::vector<even> more;
  hint note;
};

static_assert(json::schema<even>() == R"({"type":"integer","multipleOf":2})");
static_assert(!json::is_optional<even> && !json::is_optional<int>);
static_assert(json::is_optional<hint>);
static_assert(
    std::is_same_v<json::children_of<std::vector<even>>::type, sesame::meta::types<even>>);
static_assert(std::is_same_v<json::children_of<even>::type, sesame::meta::types<>>);

TEST_CASE("a codec of one's own is used wherever its type stands") {
  CHECK(round_trip<holder>(R"({"number":2,"more":[4,6]})") == R"({"number":2,"more":[4,6]})");
  CHECK(fault<holder>(R"({"number":2,"more":[4,5]})") ==
        "/more/1: expected an even number, found 5");
  CHECK(json::schema<holder>() ==
        R"({"type":"object","properties":{"number":{"type":"integer","multipleOf":2},)"
        R"("more":{"type":"array","items":{"type":"integer","multipleOf":2}},)"
        R"("note":{"type":"string"}},"required":["number","more"],"additionalProperties":false})");
}

TEST_CASE("a codec may say that a member of its type can be left out") {
  CHECK(round_trip<holder>(R"({"number":2,"more":[],"note":"x"})") ==
        R"({"number":2,"more":[],"note":"x"})");
}

TEST_CASE("to_json gives the text alone") {
  CHECK(json::to_json(std::vector<std::string>{"a", "b"}) == R"(["a","b"])");
}

}  // namespace json_codec_test
