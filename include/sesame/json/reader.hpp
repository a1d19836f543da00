// What goes with reading a struct from JSON: the policy, and the exact reason of a failure.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::json {

/// Where a JSON value did not fit the type it was read into.
struct mismatch {
  std::string path;      ///< JSON Pointer (RFC 6901) to the value; empty for the whole
  std::string expected;  ///< such as "an integer from 0 to 100"
  std::string found;     ///< such as "250" or "a string"

  /// One sentence for the peer: `/history: expected an integer from 0 to 100, found 250`.
  [[nodiscard]] std::string message() const {
    std::string text = path.empty() ? std::string{"the value"} : path;
    text += ": expected ";
    text += expected;
    text += ", found ";
    text += found;
    return text;
  }
};

/// What to do with a member that the struct does not name.
enum class unknown_members : std::uint8_t { reject, ignore };

/// How numbers, bools and enumerations come: as JSON has them, or each as a string, where what
/// carries them has only strings.
enum class scalar_form : std::uint8_t { json, text };

/// Says of a value what a peer who sent it may be told: its type, and a number's digits.
[[nodiscard]] inline std::string describe(value v) {
  switch (v.type()) {
    case type::string:
      return "a string";
    case type::array:
      return "an array";
    case type::object:
      return "an object";
    default:
      return minify(v);
  }
}

/// Carried through one reading: the policy in, the first mismatch out. Costs nothing while all
/// fits.
class reader {
 public:
  explicit reader(unknown_members policy = unknown_members::reject,
                  scalar_form scalars = scalar_form::json)
      : unknown_(policy), scalars_(scalars) {}

  [[nodiscard]] unknown_members unknown() const noexcept { return unknown_; }
  [[nodiscard]] scalar_form scalars() const noexcept { return scalars_; }

  /// Records a mismatch at the value being read; returns false, to be returned on.
  bool fail(std::string_view expected, std::string_view found) {
    mismatch_.path.clear();
    mismatch_.expected = expected;
    mismatch_.found = found;
    return false;
  }
  bool fail(std::string_view expected, value found) { return fail(expected, describe(found)); }

  /// Records that a member is missing, not known or given twice; returns false.
  bool fail_missing(std::string_view key) {
    fail("a value", "nothing");
    return at(key);
  }
  bool fail_unknown(std::string_view key) {
    fail("a known member", "an unknown one");
    return at(key);
  }
  bool fail_repeated(std::string_view key) {
    fail("one value", "two");
    return at(key);
  }

  /// Puts a member's name in front of the path of the mismatch, on the way out; returns false.
  bool at(std::string_view key) {
    std::string escaped = "/";
    for (const char c : key) {
      if (c == '~')
        escaped += "~0";
      else if (c == '/')
        escaped += "~1";
      else
        escaped += c;
    }
    mismatch_.path.insert(0, escaped);
    return false;
  }
  bool at(std::size_t index) { return at(std::string_view{std::to_string(index)}); }

  [[nodiscard]] const mismatch& error() const& noexcept { return mismatch_; }
  [[nodiscard]] mismatch&& error() && noexcept { return std::move(mismatch_); }

 private:
  unknown_members unknown_;
  scalar_form scalars_;
  mismatch mismatch_;
};

}  // namespace sesame::inline v0::json
