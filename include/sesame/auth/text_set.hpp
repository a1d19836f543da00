// A set of short texts, such as the roles of a caller.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Texts, kept sorted and free of repeats. The empty text is none of them.
class text_set {
 public:
  text_set() = default;
  text_set(std::initializer_list<std::string_view> texts) {
    for (const auto text : texts) insert(text);
  }
  explicit text_set(std::vector<std::string> texts) : texts_(std::move(texts)) {
    std::erase(texts_, "");
    std::ranges::sort(texts_);
    const auto repeats = std::ranges::unique(texts_);
    texts_.erase(repeats.begin(), repeats.end());
  }

  /// Adds a text, unless it is there or is empty.
  void insert(std::string_view text) {
    if (text.empty()) return;
    const auto place = std::ranges::lower_bound(texts_, text, std::less<>{});
    if (place == texts_.end() || *place != text) texts_.emplace(place, text);
  }

  /// Adds every text of `others`.
  void insert(const text_set& others) {
    for (const auto& text : others.texts_) insert(text);
  }

  [[nodiscard]] bool contains(std::string_view text) const noexcept {
    // Of a few, most are ruled out by their lengths.
    constexpr std::size_t few = 16;
    if (texts_.size() <= few) return std::ranges::find(texts_, text) != texts_.end();
    return std::ranges::binary_search(texts_, text, std::less<>{});
  }

  /// True if every text of `required` is in this set; so it is for an empty `required`.
  [[nodiscard]] bool covers(const text_set& required) const noexcept {
    return std::ranges::includes(texts_, required.texts_);
  }

  [[nodiscard]] bool empty() const noexcept { return texts_.empty(); }

  /// In ascending order; valid until the set changes.
  [[nodiscard]] std::span<const std::string> texts() const noexcept { return texts_; }

  friend bool operator==(const text_set&, const text_set&) = default;

 private:
  std::vector<std::string> texts_;
};

}  // namespace sesame::inline v0
