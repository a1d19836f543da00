// JSON text out, with no tree in between: a writer appends to one string. The same code runs in
// constant expressions over other stores, which is how schemas come to be in static storage.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/same_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::json {

namespace detail {

// Neither an infinity nor a NaN. `std::isfinite` is no constant expression yet, and of all of
// <cmath> the one that is needed.
template <std::floating_point T>
constexpr bool is_finite(T n) noexcept {
  return n - n == 0;
}

// What a byte becomes in a string: 0 as it is, 'u' as \u00XX, else a backslash and this.
inline constexpr std::array<char, 256> escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

inline constexpr std::string_view hex_digits = "0123456789abcdef";

// How many bytes at the front need no escape and, where `Ascii`, are ASCII; eight at a time, each
// looked at in its place of one number (S. E. Anderson, Bit Twiddling Hacks: a byte less than n).
template <bool Ascii>
std::size_t plain_prefix(std::string_view s) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = ones * 0x80U;
  std::size_t i = 0;
  for (; s.size() - i >= 8; i += 8) {
    const auto w = sesame::detail::load_word<std::uint64_t>(s.data() + i);
    const auto quote = w ^ (ones * '"');
    const auto backslash = w ^ (ones * '\\');
    // What is less than 0x20, or is zero, has its high bit set by the borrow; where a byte above it
    // was borrowed from too, one below it was found, which is enough.
    const auto found =
        ((w - ones * 0x20U) & ~w) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
    if (((found | (Ascii ? w : 0)) & highs) != 0) break;
  }
  for (; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (escapes[c] != 0 || (Ascii && c >= 0x80)) break;
  }
  return i;
}

// Appends to a string.
struct string_store {
  std::string* text;
  void put(char c) { text->push_back(c); }
  void put(std::string_view s) { text->append(s); }
};

// Counts, to learn how large an `array_store` must be.
struct counting_store {
  std::size_t size = 0;
  constexpr void put(char) { ++size; }
  constexpr void put(std::string_view s) { size += s.size(); }
};

template <std::size_t N>
struct array_store {
  std::array<char, N> characters{};
  std::size_t size = 0;
  constexpr void put(char c) { characters[size++] = c; }
  constexpr void put(std::string_view s) {
    for (const char c : s) characters[size++] = c;
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept {
    return {characters.data(), size};
  }
};

// The length of the UTF-8 sequence at the front of `s`, or 0 where there is none (RFC 3629).
constexpr std::size_t utf8_length(std::string_view s) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return i < s.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef)
    return continues(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) && continues(2) ? 3
                                                                                                : 0;
  if (lead >= 0xf0 && lead <= 0xf4)
    return continues(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) && continues(2) &&
                   continues(3)
               ? 4
               : 0;
  return 0;
}

}  // namespace detail

/// Writes JSON, in the smallest form and on one line, into a store.
///
/// The writer keeps no state of its own: whoever uses it writes the braces, commas and keys. What
/// is written is always valid UTF-8: a malformed byte of a string becomes U+FFFD.
template <class Store>
class basic_writer {
 public:
  constexpr explicit basic_writer(Store store = {}) : store_(store) {}

  /// Text that is JSON already.
  constexpr void raw(std::string_view text) { store_.put(text); }
  constexpr void raw(char c) { store_.put(c); }
  /// A literal that is JSON already. Its size is known; as a view, a constant expression would count
  /// it byte by byte.
  template <std::size_t N>
  constexpr void raw(const char (&text)[N]) {
    store_.put(std::string_view{text, N - 1});
  }

  /// A string, quoted and escaped.
  constexpr void string(std::string_view text) {
    store_.put('"');
    escaped(text);
    store_.put('"');
  }

  /// The inside of a string: `text` escaped, without the quotes.
  constexpr void escaped(std::string_view text) {
    if (std::is_constant_evaluated()) return escape_rest(text);
    // Up to the first byte that is not ASCII there is nothing to be repaired.
    const auto ascii = put_escaped<true>(text);
    text.remove_prefix(ascii);
    if (text.empty()) return;
    if (!is_utf8(text)) return repaired(text);
    put_escaped<false>(text);
  }

  constexpr void boolean(bool truth) {
    store_.put(truth ? std::string_view{"true"} : std::string_view{"false"});
  }

  constexpr void null() { store_.put(std::string_view{"null"}); }

  /// A whole number, between two texts that are JSON already: in one piece, for each is a call.
  template <fixed_string Before = "", fixed_string After = "", std::integral Integer>
  constexpr void number(Integer n) {
    if (std::is_constant_evaluated()) {
      store_.put(Before.view());
      std::array<char, 24> digits{};
      std::size_t at = digits.size();
      const bool negative = n < 0;
      auto rest = static_cast<std::uint64_t>(n);
      if (negative) rest = 0 - rest;
      do digits[--at] = static_cast<char>('0' + rest % 10);
      while ((rest /= 10) != 0);
      if (negative) digits[--at] = '-';
      store_.put(std::string_view{digits.data() + at, digits.size() - at});
      store_.put(After.view());
    } else {
      constexpr auto before = Before.view(), after = After.view();
      std::array<char, before.size() + 24 + after.size()> piece;
      before.copy(piece.data(), before.size());
      auto* at = std::to_chars(piece.data() + before.size(), piece.data() + piece.size(), n).ptr;
      at += after.copy(at, after.size());
      store_.put(std::string_view{piece.data(), static_cast<std::size_t>(at - piece.data())});
    }
  }

  /// The shortest text that reads back as the same number. JSON has neither infinities nor NaN: for
  /// one of these `null` is written and the writer has `failed`.
  void number(double n) {
    if (!detail::is_finite(n)) {
      failed_ = true;
      return null();
    }
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
    store_.put(std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  /// A value parsed before, as it was but for white space; object members keep their order.
  void copy(value v) { raw(json::minify(v)); }

  /// A text that should be JSON, taken apart and put together again: what is none would break all
  /// that is around it, and a line break in it the lines of stdio. For what is no JSON `null` is
  /// written and the writer has `failed`.
  void copy_text(std::string_view json) {
    document read{{.size = std::max(json.size(), std::size_t{1024})}};
    if (const auto parsed = read.parse(json)) return copy(*parsed);
    failed_ = true;
    null();
  }

  /// Says that a value had no JSON form; see `failed`.
  constexpr void fail() noexcept { failed_ = true; }

  /// Whether something was written that does not stand for what it was given.
  [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }

  [[nodiscard]] constexpr const Store& store() const noexcept { return store_; }

 private:
  // Writes up to the end, or where `Ascii` to the first byte beyond it; returns how far.
  template <bool Ascii>
  std::size_t put_escaped(std::string_view text) {
    std::size_t begin = 0;
    while (true) {
      const auto end = begin + detail::plain_prefix<Ascii>(text.substr(begin));
      store_.put(text.substr(begin, end - begin));
      if (end == text.size()) return end;
      const char escape = detail::escapes[static_cast<unsigned char>(text[end])];
      if (escape == 0) return end;
      escape_one(text[end], escape);
      begin = end + 1;
    }
  }

  // The same for constants, byte for byte.
  constexpr void escape_rest(std::string_view text) {
    for (const char c : text)
      if (const char escape = detail::escapes[static_cast<unsigned char>(c)])
        escape_one(c, escape);
      else
        store_.put(c);
  }

  constexpr void escape_one(char c, char escape) {
    store_.put('\\');
    store_.put(escape);
    if (escape != 'u') return;
    store_.put(std::string_view{"00"});
    store_.put(detail::hex_digits[static_cast<unsigned char>(c) >> 4]);
    store_.put(detail::hex_digits[static_cast<unsigned char>(c) & 0xf]);
  }

  // The slow way of `escaped`, for text that is not UTF-8.
  void repaired(std::string_view text) {
    while (!text.empty()) {
      const auto length = detail::utf8_length(text);
      if (length == 0) {
        store_.put(std::string_view{"\xef\xbf\xbd"});
        text.remove_prefix(1);
        continue;
      }
      const char escape = detail::escapes[static_cast<unsigned char>(text.front())];
      if (escape != 0)
        escape_one(text.front(), escape);
      else
        store_.put(text.substr(0, length));
      text.remove_prefix(length);
    }
  }

  Store store_;
  bool failed_ = false;
};

/// The writer of everything that leaves the process: appends to a `std::string`, which outlives it.
class writer : public basic_writer<detail::string_store> {
 public:
  explicit writer(std::string& out) : basic_writer(detail::string_store{&out}) {}

  [[nodiscard]] std::string& text() const noexcept { return *store().text; }
};

}  // namespace sesame::inline v0::json
