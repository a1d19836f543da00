// Where something stands in the claims of a token.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace sesame::inline v0 {

/// The claim at a place, if it is there and is not null. A place that begins with a slash is a JSON
/// Pointer (RFC 6901): `/realm_access/roles`. Any other is the name of one claim, whatever stands in
/// it: `cognito:groups`, `https://app.example/roles`.
[[nodiscard]] inline std::optional<json::value> find_claim(json::object claims,
                                                           std::string_view place) noexcept {
  const auto found =
      place.starts_with('/') ? json::value{claims}.at_pointer(place) : json::find(claims, place);
  return found && !found->is_null() ? found : std::nullopt;
}

/// Places in the order in which they are tried; the first that has something of the right kind wins.
/// Plain data, so that a table of providers can hold it. The texts are views: literals, or what
/// outlives the provider.
class claim_places {
 public:
  constexpr claim_places() = default;
  /// Four places at most.
  constexpr claim_places(std::initializer_list<std::string_view> places) : size_(places.size()) {
    if (size_ > places_.size())
      throw configuration_error("claims", "a field is read from four places at most");
    std::ranges::copy(places, places_.begin());
  }

  [[nodiscard]] constexpr const std::string_view* begin() const noexcept { return places_.data(); }
  [[nodiscard]] constexpr const std::string_view* end() const noexcept { return begin() + size_; }

 private:
  std::array<std::string_view, 4> places_{};
  std::size_t size_ = 0;
};

}  // namespace sesame::inline v0
