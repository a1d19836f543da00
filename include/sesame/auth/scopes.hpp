// The set of OAuth scopes a caller was granted, and the test of one set against another.
// RFC 6749, section 3.3: a scope is a list of case-sensitive tokens, parted by single spaces.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// Whether `text` is one scope: printable characters but the space, the quote and the backslash,
/// and at least one of them.
[[nodiscard]] constexpr bool is_scope_token(std::string_view text) noexcept {
  // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
}

/// Scopes, kept sorted and free of repeats.
///
///     const auto granted = scope_set::parse("files:read files:write");
///     granted.contains("files:read");  // true
class scope_set {
 public:
  scope_set() = default;

  /// The scopes of the list; what is not a scope token is left out.
  scope_set(std::initializer_list<std::string_view> tokens) {
    for (const auto token : tokens) insert(token);
  }

  /// Reads a space-separated list; a token that is not a scope token is left out, so that a
  /// malformed grant never grants more than it says.
  [[nodiscard]] static scope_set parse(std::string_view list);

  /// Adds one scope, unless it is there or is not a scope token.
  void insert(std::string_view token);

  /// Adds every scope of `others`.
  void insert(const scope_set& others);

  [[nodiscard]] bool contains(std::string_view scope) const noexcept;

  /// True if every scope of `required` is in this set; so it is for an empty `required`.
  [[nodiscard]] bool covers(const scope_set& required) const noexcept;

  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }

  /// In ascending order; valid until the set changes.
  [[nodiscard]] std::span<const std::string> tokens() const noexcept { return tokens_; }

  /// The space-separated list that `parse` reads.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const scope_set&, const scope_set&) = default;

 private:
  std::vector<std::string> tokens_;
};

inline scope_set scope_set::parse(std::string_view list) {
  scope_set parsed;
  while (!list.empty()) {
    const auto token = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(token.size() + 1, list.size()));
    if (is_scope_token(token)) parsed.tokens_.emplace_back(token);
  }
  std::ranges::sort(parsed.tokens_);
  const auto repeats = std::ranges::unique(parsed.tokens_);
  parsed.tokens_.erase(repeats.begin(), repeats.end());
  return parsed;
}

inline void scope_set::insert(std::string_view token) {
  if (!is_scope_token(token)) return;
  const auto place = std::ranges::lower_bound(tokens_, token, std::less<>{});
  if (place == tokens_.end() || *place != token) tokens_.emplace(place, token);
}

inline void scope_set::insert(const scope_set& others) {
  for (const auto& token : others.tokens_) insert(token);
}

inline bool scope_set::contains(std::string_view scope) const noexcept {
  return std::ranges::binary_search(tokens_, scope, std::less<>{});
}

inline bool scope_set::covers(const scope_set& required) const noexcept {
  return std::ranges::includes(tokens_, required.tokens_);
}

inline std::string scope_set::text() const {
  std::string list;
  for (const auto& token : tokens_) {
    if (!list.empty()) list += ' ';
    list += token;
  }
  return list;
}

}  // namespace sesame::inline v0
