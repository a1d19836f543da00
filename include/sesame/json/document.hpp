// One JSON text, parsed once. simdjson does the reading and checks the UTF-8; this gives it bounds,
// and an error that a caller can show to a peer.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/value.hpp"
#include "sesame/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace sesame::inline v0::json {

/// The bounds of one text.
struct limits {
  std::size_t size = std::size_t{4} << 20;  ///< bytes
  std::size_t depth = 64;                   ///< nested arrays and objects that are not empty

  friend bool operator==(const limits&, const limits&) = default;
};

/// Why a text is no JSON that we take.
enum class parse_error : std::uint8_t {
  syntax,    ///< not JSON (RFC 8259)
  encoding,  ///< not UTF-8
  number,    ///< a number that is malformed, or that no C++ number holds
  depth,     ///< nested more deeply than the limit
  size,      ///< longer than the limit
};

/// A text that says what is wrong with the input and nothing of what was in it.
[[nodiscard]] constexpr std::string_view describe(parse_error error) noexcept {
  constexpr std::array<std::string_view, 5> texts{"not valid JSON", "not valid UTF-8",
                                                  "a number is malformed or out of range",
                                                  "nested too deeply", "too long"};
  return texts[static_cast<std::size_t>(error)];
}

/// A reusable parser with the text it parsed last. Once it is warm, parsing allocates nothing.
///
/// A `value` and every `std::string_view` read from it stay valid until the next `parse` or the end
/// of the document; they do not refer to the caller's text. Distinct documents may be used by
/// distinct threads.
class document {
 public:
  explicit document(json::limits bounds = {}) noexcept;
  document(document&&) noexcept;
  document& operator=(document&&) noexcept;
  ~document();

  /// Parses `text`, and forgets what was parsed before. It need not be copied where 64 bytes behind it
  /// may be read; `padding` tells how many may be.
  [[nodiscard]] result<value, parse_error> parse(std::string_view text, std::size_t padding = 0);

  /// How long a text it can parse with the memory that it has, in bytes.
  [[nodiscard]] std::size_t capacity() const noexcept;

 private:
  struct parser;

  json::limits bounds_;
  std::unique_ptr<parser> parser_;  // once something is parsed
};

/// The member `key` of an object, if it is there. With a repeated key, the first one.
[[nodiscard]] inline std::optional<value> find(object members, std::string_view key) noexcept {
  for (const auto member : members)
    if (member.key == key) return member.value;
  return std::nullopt;
}

[[nodiscard]] inline std::optional<std::string_view> as_string(value v) noexcept {
  std::string_view text;
  if (!v.get(text)) return std::nullopt;
  return text;
}

[[nodiscard]] inline std::optional<object> as_object(value v) noexcept {
  object members;
  if (!v.get(members)) return std::nullopt;
  return members;
}

/// The same in its place; empty for what is no object.
inline bool read_object(value v, std::optional<object>& to) noexcept {
  if (v.get(to.emplace())) return true;
  to.reset();
  return false;
}

[[nodiscard]] inline std::optional<array> as_array(value v) noexcept {
  array items;
  if (!v.get(items)) return std::nullopt;
  return items;
}

/// The member `key` where it is a string.
[[nodiscard]] inline std::optional<std::string_view> find_string(object members,
                                                                 std::string_view key) noexcept {
  const auto found = find(members, key);
  return found ? as_string(*found) : std::nullopt;
}

/// The member `key` where it is an object.
[[nodiscard]] inline std::optional<object> find_object(object members,
                                                       std::string_view key) noexcept {
  const auto found = find(members, key);
  return found ? as_object(*found) : std::nullopt;
}

/// Whether some object of the tree, at any depth, names a member twice. RFC 8259 leaves the meaning
/// of such a text open, so nothing that is signed or checked may hold one.
[[nodiscard]] bool has_repeated_keys(value v);

}  // namespace sesame::inline v0::json

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/json/impl/document.ipp"
#endif
