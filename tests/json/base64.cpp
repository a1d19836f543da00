// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/base64.hpp"

#include <array>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace base64_test {

namespace json = sesame::json;
using namespace std::literals;

TEST_CASE("the vectors of RFC 4648, section 10") {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> vectors{
      {{"", ""},
       {"f", "Zg=="},
       {"fo", "Zm8="},
       {"foo", "Zm9v"},
       {"foob", "Zm9vYg=="},
       {"fooba", "Zm9vYmE="},
       {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(json::to_base64(bytes) == text);
    CHECK(json::from_base64(text) == bytes);
    const auto bare = text.substr(0, text.find('='));
    CHECK(json::to_base64url(bytes) == bare);
    CHECK(json::from_base64url(bare) == bytes);
  }
}

TEST_CASE("the two alphabets differ in their last digits, and are not mixed") {
  const auto bytes = "\xfb\xff\xbf"s;
  CHECK(json::to_base64(bytes) == "+/+/");
  CHECK(json::to_base64url(bytes) == "-_-_");
  CHECK(json::from_base64("+/+/") == bytes);
  CHECK(json::from_base64url("-_-_") == bytes);
  CHECK_FALSE(json::from_base64("-_-_"));
  CHECK_FALSE(json::from_base64url("+/+/"));
}

TEST_CASE("every byte in every place is given back") {
  for (std::size_t length = 0; length < 6; ++length) {
    for (int c = 0; c < 256; ++c) {
      std::string bytes(length, '\xa5');
      for (std::size_t at = 0; at < length; ++at) {
        auto text = bytes;
        text[at] = static_cast<char>(c);
        CHECK(json::from_base64(json::to_base64(text)) == text);
        CHECK(json::from_base64url(json::to_base64url(text)) == text);
      }
    }
  }
}

TEST_CASE("a padded text is decoded in one form alone") {
  for (const auto text : {"Zg"sv, "Zg="sv, "Zg==="sv, "Zm8"sv, "Zm8=="sv, "Zm9v="sv, "Zm9v===="sv,
                          "===="sv, "="sv, "=="sv, "Z==="sv, "Z"sv, "Zg==Zg=="sv, "Z=g="sv,
                          "Zm9v\n"sv, "Zm 9"sv, "Zm9\0"sv, "Zm9\xfc"sv})
    CHECK_FALSE(json::from_base64(text));
  // Bits behind the last byte.
  CHECK_FALSE(json::from_base64("Zh=="));
  CHECK_FALSE(json::from_base64("Zm9="));
  CHECK_FALSE(json::from_base64url("Zh"));
  CHECK_FALSE(json::from_base64url("Zm9"));
}

TEST_CASE("an unpadded text has no padding") {
  CHECK_FALSE(json::from_base64url("Zg=="));
  CHECK_FALSE(json::from_base64url("Zm8="));
  CHECK_FALSE(json::from_base64url("Z"));
  CHECK_FALSE(json::from_base64url("Zm9vY"));
  CHECK(json::from_base64url("") == "");
}

TEST_CASE("append_base64 leaves what is there") {
  std::string out = "data:";
  json::append_base64(out, "foo");
  CHECK(out == "data:Zm9v");
}

}  // namespace base64_test
