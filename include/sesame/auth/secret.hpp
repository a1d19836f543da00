// A text that must not get out: a client secret, a signing key, a refresh token.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

/// Holds a confidential text. It prints as `***`, converts to nothing, compares in constant time
/// and is wiped from memory when it goes.
///
///     const secret password{"hunter2"};
///     log << password;             // ***
///     send(password.reveal());     // the one way out; easy to search for
class secret {
 public:
  secret() = default;

  /// Takes the text over; the caller's own copy, if there was one, stays the caller's to wipe.
  explicit secret(std::string text) noexcept : text_(std::move(text)) { wipe(text); }

  secret(const secret&) = default;
  secret(secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
  secret& operator=(const secret& other) {
    if (this != &other) *this = secret(other);
    return *this;
  }
  secret& operator=(secret&& other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~secret() { wipe(text_); }

  /// The text itself; valid as long as this secret is neither changed nor destroyed.
  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }

  /// Takes the same time wherever the texts differ; only their lengths show.
  friend bool operator==(const secret& one, const secret& other) noexcept;

  friend std::ostream& operator<<(std::ostream& out, const secret& hidden);

 private:
  // Reaches the bytes behind the end too: a string that was moved from still holds a short text.
  static void wipe(std::string& text) noexcept;

  std::string text_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/secret.ipp"
#endif
