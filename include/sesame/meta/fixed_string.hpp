// A string literal as a template argument.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sesame::inline v0 {

/// The text of a literal, usable as a template argument: `named<"getRecord">`.
template <std::size_t N>
struct fixed_string {
  char characters[N]{};  ///< with the terminating zero

  constexpr fixed_string(const char (&literal)[N]) {  // NOLINT(google-explicit-constructor)
    std::copy_n(literal, N, characters);
  }

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, N - 1}; }
  [[nodiscard]] constexpr bool empty() const noexcept { return N == 1; }

  template <std::size_t M>
  constexpr bool operator==(const fixed_string<M>& other) const noexcept {
    return view() == other.view();
  }
};

}  // namespace sesame::inline v0
