// From a name or URI to its place, by a perfect hash that the compiler makes.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/same_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sesame::inline v0::detail {

/// Hash and displace: the names fall into buckets, and each bucket, the largest first, takes the
/// first displacement with which all of its names land on free slots. One look finds a name or
/// shows that there is none.
template <std::size_t N>
class name_table {
 public:
  /// The names must differ; see `unique_names`.
  consteval explicit name_table(const std::array<std::string_view, N>& names) : names_(names) {
    table_.fill(N);
    std::array<member, N> members{};
    std::array<std::size_t, buckets> load{};
    for (std::size_t i = 0; i < N; ++i) {
      members[i] = {hash(names[i]), static_cast<std::uint16_t>(i)};
      ++load[bucket(members[i].hash)];
    }
    std::ranges::sort(members, {}, [](const member& m) { return bucket(m.hash); });
    std::array<std::size_t, buckets> begin{};
    for (std::size_t b = 1; b < buckets; ++b) begin[b] = begin[b - 1] + load[b - 1];
    for (std::size_t size = *std::ranges::max_element(load); size != 0; --size)
      for (std::size_t b = 0; b < buckets; ++b)
        if (load[b] == size) place(b, std::span{members}.subspan(begin[b], size));
  }

  /// The place of `name`, or N.
  [[nodiscard]] constexpr std::size_t find(std::string_view name) const noexcept {
    const auto h = hash(name);
    const std::size_t i = table_[slot(h, shifts_[bucket(h)])];
    return i != N && same_text(names_[i], name) ? i : N;
  }

 private:
  static constexpr std::size_t slots = std::bit_ceil(N + N / 4);
  static constexpr std::size_t buckets = std::bit_ceil((N + 1) / 2);

  // Eight bytes a step, each multiplied and folded, so that the high bits reach the low ones, and all
  // once more at the end: one multiplication does not part names that differ in their first bytes.
  // What is left of a name is taken together with some of what has been.
  static constexpr std::uint64_t hash(std::string_view s) noexcept {
    const auto n = s.size();
    std::uint64_t h = n * 0x9e3779b97f4a7c15U;
    if (n >= 8) {
      for (std::size_t i = 0; i + 8 < n; i += 8) h = mix(h ^ word<std::uint64_t>(s, i));
      h ^= word<std::uint64_t>(s, n - 8);
    } else if (n >= 4) {
      h = mix(h ^ word<std::uint32_t>(s, 0)) ^ word<std::uint32_t>(s, n - 4);
    } else {
      std::uint64_t all = 0;
      for (const char c : s) all = (all << 8U) | static_cast<unsigned char>(c);
      h ^= all;
    }
    return mix(mix(h));
  }
  static constexpr std::uint64_t mix(std::uint64_t h) noexcept {
    h *= 0xd6e8feb86659fd93U;
    return h ^ (h >> 32U);
  }
  // Some bytes, which compilers make one load of. The last is the lowest, for a multiplication takes
  // only to higher bits what names differ in.
  template <class Word>
  static constexpr Word word(std::string_view s, std::size_t at) noexcept {
    Word w = 0;
    for (std::size_t i = 0; i < sizeof(Word); ++i)
      w = (w << 8U) | static_cast<unsigned char>(s[at + i]);
    return w;
  }
  static constexpr std::size_t bucket(std::uint64_t h) noexcept {
    return static_cast<std::size_t>(h >> 40U) & (buckets - 1);
  }
  // Mixed anew for each shift: whatever two names have in common, some shift parts them.
  static constexpr std::size_t slot(std::uint64_t h, std::uint32_t shift) noexcept {
    h = mix(h ^ (shift * 0x9e3779b97f4a7c15U)) * 0xd6e8feb86659fd93U;
    return static_cast<std::size_t>(h >> 40U) & (slots - 1);
  }

  struct member {
    std::uint64_t hash;
    std::uint16_t place;
  };

  // A compiler does only so many steps in a constant expression: no more are taken than needed.
  constexpr void place(std::size_t b, std::span<const member> members) {
    for (std::uint32_t shift = 0;; ++shift) {
      std::size_t n = 0;
      for (; n != members.size(); ++n) {
        auto& free = table_[slot(members[n].hash, shift)];
        if (free != N) break;
        free = members[n].place;
      }
      if (n == members.size()) {
        shifts_[b] = shift;
        return;
      }
      while (n != 0) table_[slot(members[--n].hash, shift)] = N;
    }
  }

  std::array<std::string_view, N> names_;
  std::array<std::uint16_t, slots> table_{};
  std::array<std::uint32_t, buckets> shifts_{};
};

template <>
class name_table<0> {
 public:
  consteval explicit name_table(const std::array<std::string_view, 0>&) {}
  [[nodiscard]] constexpr std::size_t find(std::string_view) const noexcept { return 0; }
};

template <std::size_t N>
[[nodiscard]] consteval bool unique_names(std::array<std::string_view, N> names) {
  std::ranges::sort(names);
  // Several may have no name yet.
  const auto known = std::ranges::find_if(names, [](auto name) { return !name.empty(); });
  return std::adjacent_find(known, names.end()) == names.end();
}

}  // namespace sesame::inline v0::detail
