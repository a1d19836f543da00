// A set of short texts, such as the roles of a caller.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// Texts, kept sorted and free of repeats. The empty text is none of them.
class text_set {
 public:
  text_set() = default;
  text_set(std::initializer_list<std::string_view> texts) {
    for (const auto text : texts) insert(text);
  }
  explicit text_set(std::vector<std::string> texts);

  /// Adds a text, unless it is there or is empty.
  void insert(std::string_view text);

  /// Adds every text of `others`.
  void insert(const text_set& others) {
    for (const auto& text : others.texts_) insert(text);
  }

  [[nodiscard]] bool contains(std::string_view text) const noexcept;

  /// True if every text of `required` is in this set; so it is for an empty `required`.
  [[nodiscard]] bool covers(const text_set& required) const noexcept;

  [[nodiscard]] bool empty() const noexcept { return texts_.empty(); }

  /// In ascending order; valid until the set changes.
  [[nodiscard]] std::span<const std::string> texts() const noexcept { return texts_; }

  friend bool operator==(const text_set&, const text_set&) = default;

 private:
  std::vector<std::string> texts_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/text_set.ipp"
#endif
