// A few things in place, for tables that the compiler holds.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>

namespace sesame::inline v0::auth::detail {

/// At most `Capacity` items.
template <class T, std::size_t Capacity>
class short_list {
 public:
  constexpr short_list() = default;
  constexpr short_list(std::initializer_list<T> items) : size_(items.size()) {
    if (size_ > Capacity) throw configuration_error("provider", "its row has more than fits in");
    std::size_t at = 0;
    for (const auto& item : items) items_[at++] = item;
  }

  [[nodiscard]] constexpr const T* begin() const noexcept { return items_.data(); }
  [[nodiscard]] constexpr const T* end() const noexcept { return begin() + size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }

 private:
  std::array<T, Capacity> items_{};
  std::size_t size_ = 0;
};

}  // namespace sesame::inline v0::auth::detail
