// Base64 and base64url (RFC 4648, sections 4 and 5). Decoding is strict: one text has one meaning,
// so no white space, no missing or superfluous padding, no stray bits at the end.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::json {

namespace detail {

struct base64_alphabet {
  std::string_view digits;
  bool padded;
  std::array<std::uint8_t, 256> values{};

  constexpr base64_alphabet(std::string_view alphabet, bool padding)
      : digits(alphabet), padded(padding) {
    values.fill(0xff);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
      values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
};

inline constexpr base64_alphabet standard_base64{
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true};
inline constexpr base64_alphabet url_base64{
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false};

inline void encode_base64(std::string& out, std::string_view bytes, const base64_alphabet& table) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) : 0U;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    const std::size_t digits = bytes.size() - i >= 3 ? 4 : bytes.size() - i + 1;
    for (std::size_t d = 0; d < digits; ++d) out += table.digits[group >> (18 - 6 * d) & 0x3f];
    if (table.padded) out.append(4 - digits, '=');
  }
}

inline std::optional<std::string> decode_base64(std::string_view text,
                                                const base64_alphabet& table) {
  if (table.padded) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto digit = table.values[static_cast<unsigned char>(c)];
    if (digit == 0xff) return std::nullopt;
    bits = (bits << 6 | digit) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xff);
    }
  }
  if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace detail

/// Appends the base64 of `bytes`, padded.
inline void append_base64(std::string& out, std::string_view bytes) {
  detail::encode_base64(out, bytes, detail::standard_base64);
}

[[nodiscard]] inline std::string to_base64(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

/// The bytes that a padded base64 text stands for; nothing if it is not exactly that.
[[nodiscard]] inline std::optional<std::string> from_base64(std::string_view text) {
  return detail::decode_base64(text, detail::standard_base64);
}

/// The base64url of `bytes`, without padding (RFC 7515, section 2).
[[nodiscard]] inline std::string to_base64url(std::string_view bytes) {
  std::string out;
  detail::encode_base64(out, bytes, detail::url_base64);
  return out;
}

/// The bytes that an unpadded base64url text stands for; nothing if it is not exactly that.
[[nodiscard]] inline std::optional<std::string> from_base64url(std::string_view text) {
  return detail::decode_base64(text, detail::url_base64);
}

}  // namespace sesame::inline v0::json
