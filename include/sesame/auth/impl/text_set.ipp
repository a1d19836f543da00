// What auth/text_set.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/text_set.hpp"
#include "sesame/linkage.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE text_set::text_set(std::vector<std::string> texts) : texts_(std::move(texts)) {
  std::erase(texts_, "");
  std::ranges::sort(texts_);
  const auto repeats = std::ranges::unique(texts_);
  texts_.erase(repeats.begin(), repeats.end());
}

SESAME_INLINE void text_set::insert(std::string_view text) {
  if (text.empty()) return;
  const auto place = std::ranges::lower_bound(texts_, text, std::less<>{});
  if (place == texts_.end() || *place != text) texts_.emplace(place, text);
}

SESAME_INLINE bool text_set::contains(std::string_view text) const noexcept {
  // Of a few, most are ruled out by their lengths.
  constexpr std::size_t few = 16;
  if (texts_.size() <= few) return std::ranges::find(texts_, text) != texts_.end();
  return std::ranges::binary_search(texts_, text, std::less<>{});
}

SESAME_INLINE bool text_set::covers(const text_set& required) const noexcept {
  return std::ranges::includes(texts_, required.texts_);
}

}  // namespace sesame::inline v0
