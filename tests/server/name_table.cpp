// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/name_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>

namespace name_table_test {

using sesame::detail::name_table;
using sesame::detail::unique_names;

// Names in static storage: `Seed` 0 gives tool_0, tool_1 and so on, else what looks like chance.
template <std::size_t N, std::uint64_t Seed>
struct generated {
  static constexpr std::size_t width = 14;
  static constexpr auto characters = [] {
    std::array<std::array<char, width>, N + 1> all{};
    std::uint64_t state = Seed;
    for (std::size_t i = 0; i < N; ++i) {
      auto& name = all[i];
      std::size_t rest = i;
      for (std::size_t c = 0; c < width; ++c) {
        if constexpr (Seed == 0) {
          constexpr std::string_view prefix = "tool_";
          name[c] = c < prefix.size() ? prefix[c] : static_cast<char>('0' + rest % 10);
          if (c >= prefix.size()) rest /= 10;
        } else {
          state = state * 6364136223846793005U + 1442695040888963407U;
          name[c] = static_cast<char>('a' + (state >> 59U) % 26);
        }
      }
    }
    return all;
  }();
  static constexpr auto names = [] {
    std::array<std::string_view, N> all{};
    for (std::size_t i = 0; i < N; ++i) all[i] = {characters[i].data(), width};
    return all;
  }();
};

template <std::size_t N, std::uint64_t Seed = 0>
void finds_all() {
  CAPTURE(N);
  using given = generated<N, Seed>;
  static_assert(unique_names(given::names));
  static constexpr name_table<N> table{given::names};
  for (std::size_t i = 0; i < N; ++i) {
    REQUIRE(table.find(given::names[i]) == i);
    auto other = std::string{given::names[i]};
    other.back() = '!';
    REQUIRE(table.find(other) == N);
    REQUIRE(table.find(given::names[i].substr(1)) == N);
    REQUIRE(table.find(std::string{given::names[i]} + '\0') == N);
  }
  CHECK(table.find("") == N);
  CHECK(table.find("another") == N);
  CHECK(table.find(std::string(100'000, 'x')) == N);
}

TEST_CASE("every name is found, and no other, for any number of them") {
  [&]<std::size_t... N>(std::index_sequence<N...>) {
    (finds_all<N>(), ...);
  }(std::make_index_sequence<20>{});
  finds_all<64>();
  finds_all<100>();
  finds_all<200>();
}

TEST_CASE("names of any kind are found") {
  finds_all<1, 7>();
  finds_all<2, 8>();
  finds_all<3, 9>();
  finds_all<50, 10>();
  finds_all<200, 11>();
}

// Names of one length that differ in one letter.
template <std::size_t Length, std::size_t Place>
void tells_letters_apart() {
  static constexpr auto characters = [] {
    std::array<std::array<char, Length>, 26> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].fill('_');
      all[i][Place] = static_cast<char>('a' + i);
    }
    return all;
  }();
  static constexpr auto names = [] {
    std::array<std::string_view, 26> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = {characters[i].data(), Length};
    return all;
  }();
  static constexpr name_table<26> table{names};
  for (std::size_t i = 0; i < names.size(); ++i) REQUIRE(table.find(names[i]) == i);
}

TEST_CASE("names are told apart by one letter, wherever it stands") {
  [&]<std::size_t... Length>(std::index_sequence<Length...>) {
    (tells_letters_apart<Length + 1, 0>(), ...);
    (tells_letters_apart<Length + 1, Length / 2>(), ...);
    (tells_letters_apart<Length + 1, Length>(), ...);
  }(std::make_index_sequence<17>{});
}

TEST_CASE("names are told apart by case, and by their end") {
  static constexpr std::array<std::string_view, 4> names{"get", "Get", "gett", "getT"};
  static constexpr name_table<4> table{names};
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(table.find(names[i]) == i);
  CHECK(table.find("GET") == 4);
}

TEST_CASE("a name that stands twice is noticed") {
  static_assert(!unique_names(std::array<std::string_view, 3>{"a", "b", "a"}));
  static_assert(unique_names(std::array<std::string_view, 3>{"a", "b", "c"}));
  static_assert(unique_names(std::array<std::string_view, 1>{"a"}));
  static_assert(unique_names(std::array<std::string_view, 0>{}));
}

}  // namespace name_table_test
