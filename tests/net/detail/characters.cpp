// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/detail/characters.hpp"

#include "sesame/same_text.hpp"

#include <cstddef>
#include <doctest/doctest.h>
#include <string>

namespace characters_test {

using namespace sesame::net::detail;

// What `equal_ignoring_case` says, one byte after the other.
bool equal_by_bytes(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

TEST_CASE(
    "texts are equal but for the case of letters, whatever their length and wherever they differ") {
  for (std::size_t size = 0; size <= 20; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        const std::string some(size, 'k');
        auto left = some, right = some;
        left[at] = static_cast<char>(byte);
        for (const int other : {byte, byte ^ 0x20, byte ^ 0x80, (byte + 1) & 0xff}) {
          right[at] = static_cast<char>(other);
          if (equal_ignoring_case(left, right) != equal_by_bytes(left, right)) {
            CAPTURE(left);
            CAPTURE(right);
            FAIL("a difference is not seen, or one is seen that is none");
          }
        }
      }
  CHECK(equal_ignoring_case("Content-Type", "content-tYPE"));
  CHECK(!equal_ignoring_case("content-type", "content-type "));
  CHECK(!equal_ignoring_case("[", "{"));
  CHECK(!equal_ignoring_case("@@@@@@@@", "````````"));
  CHECK(equal_ignoring_case("", ""));
  static_assert(equal_ignoring_case("AbC", "aBc") && !equal_ignoring_case("abc", "abd"));
}

TEST_CASE("texts are the same, or differ wherever it is") {
  using sesame::detail::same_text;
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string some(size, 'k'), as_long(size, 'k');
    CHECK(same_text(some, as_long));
    CHECK(!same_text(some, some + "k"));
    for (std::size_t at = 0; at < size; ++at)
      for (int bit = 1; bit < 256; bit <<= 1) {
        auto other = some;
        other[at] = static_cast<char>(other[at] ^ bit);
        if (same_text(some, other)) FAIL("size " << size << ", a difference at " << at);
      }
  }
  static_assert(same_text("abc", "abc") && !same_text("abc", "abd"));
}

TEST_CASE("one byte of another class is seen wherever it stands") {
  for (std::size_t size = 0; size <= 9; ++size) {
    const std::string digits(size, '7');
    CHECK(all_are(digits, digit_character));
    for (std::size_t at = 0; at < size; ++at) {
      auto other = digits;
      other[at] = 'x';
      CHECK(!all_are(other, digit_character));
    }
  }
  std::string token68;
  for (int byte = 0; byte < 256; ++byte)
    if (is(static_cast<char>(byte), token68_character)) token68 += static_cast<char>(byte);
  CHECK(token68 == "+-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
}

TEST_CASE("spaces and tabs are taken away at both ends only") {
  CHECK(trim(" \t a b\t ") == "a b");
  CHECK(trim(" \t ") == "");
  CHECK(trim("") == "");
  CHECK(trim("a") == "a");
}

}  // namespace characters_test
