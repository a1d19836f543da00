// The members of an object that somebody knows by name, taken in one pass.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/same_text.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace sesame::inline v0::json {

/// A member by its name, and where in a `To` its value goes.
template <class To>
struct wanted_member {
  std::string_view name;
  std::optional<value> To::* place;
};

/// Puts the value of each member that `Table` (an array of `wanted_member<To>`) names where it
/// belongs, and passes over all others. Returns the name of one that is given twice, or an empty one:
/// RFC 8259 leaves the meaning of such a text open. Of its values the first is taken.
template <const auto& Table, class To>
[[nodiscard]] std::string_view take_members(object from, To& to) noexcept {
  std::string_view repeated;
  // Not by `*at`, a pair of which the value would be copied before it is known to be wanted.
  for (auto at = from.begin(), end = from.end(); at != end; ++at) {
    const auto key = at.key();
    // One by one, for of the comparison with a constant the compiler makes a few instructions.
    const auto takes = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr std::string_view name = Table[I].name;
      if (!sesame::detail::same_text(key, name)) return false;
      auto& place = to.*Table[I].place;
      if (place)
        repeated = name;
      else
        place.emplace(at.value());
      return true;
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (void)(takes(std::integral_constant<std::size_t, I>{}) || ...);
    }(std::make_index_sequence<Table.size()>{});
  }
  return repeated;
}

}  // namespace sesame::inline v0::json
