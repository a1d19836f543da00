// The set of OAuth scopes a caller was granted, and the test of one set against another.
// RFC 6749, section 3.3: a scope is a list of case-sensitive tokens, parted by single spaces.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/text_set.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// Whether `text` is one scope: printable characters but the space, the quote and the backslash,
/// and at least one of them.
[[nodiscard]] constexpr bool is_scope_token(std::string_view text) noexcept {
  // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
  for (const char c : text)
    if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\') return false;
  return !text.empty();
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
  void insert(std::string_view token) {
    if (is_scope_token(token)) tokens_.insert(token);
  }

  /// Adds every scope of `others`.
  void insert(const scope_set& others) { tokens_.insert(others.tokens_); }

  [[nodiscard]] bool contains(std::string_view scope) const noexcept {
    return tokens_.contains(scope);
  }

  /// True if every scope of `required` is in this set; so it is for an empty `required`.
  [[nodiscard]] bool covers(const scope_set& required) const noexcept {
    return tokens_.covers(required.tokens_);
  }

  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }

  /// In ascending order; valid until the set changes.
  [[nodiscard]] std::span<const std::string> tokens() const noexcept { return tokens_.texts(); }

  /// The space-separated list that `parse` reads.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const scope_set&, const scope_set&) = default;

 private:
  text_set tokens_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/scopes.ipp"
#endif
