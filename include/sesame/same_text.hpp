// Texts compared eight bytes at a time: most of what a message asks for is known by name, and for
// names a call of `memcmp` costs more than the comparison.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::detail {

template <class Word>
[[nodiscard]] inline Word load_word(const char* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Whether `size` bytes are the same, by `same` of two words of four or of eight bytes, and of two
/// bytes.
template <class Same>
[[nodiscard, gnu::always_inline]] inline bool same_words(const char* a, const char* b,
                                                         std::size_t size,
                                                         const Same& same) noexcept {
  if (size < 4) {
    for (std::size_t i = 0; i < size; ++i)
      if (!same(a[i], b[i])) return false;
    return true;
  }
  // What is left at the end is looked at together with some of what has been.
  const auto same_at = [&]<class Word>(std::size_t i, Word) {
    return same(load_word<Word>(a + i), load_word<Word>(b + i));
  };
  if (size < 8) return same_at(0, std::uint32_t{}) && same_at(size - 4, std::uint32_t{});
  for (std::size_t i = 0; i + 8 < size; i += 8)
    if (!same_at(i, std::uint64_t{})) return false;
  return same_at(size - 8, std::uint64_t{});
}

/// Whether two texts are equal.
[[nodiscard, gnu::always_inline]] constexpr bool same_text(std::string_view a,
                                                           std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  if (std::is_constant_evaluated()) return a == b;
  return same_words(a.data(), b.data(), a.size(), [](auto x, auto y) { return x == y; });
}

}  // namespace sesame::inline v0::detail
