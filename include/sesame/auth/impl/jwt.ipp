// What auth/jwt.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/result.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth {

SESAME_INLINE std::vector<const verification_key*> select_keys(
    std::span<const verification_key> keys, const compact_jws& token) {
  std::vector<const verification_key*> selected;
  for (const auto& key : keys)
    if (key.allows(token.algorithm) && (!token.kid || key.kid().empty() || key.kid() == *token.kid))
      selected.push_back(&key);
  return selected;
}

SESAME_INLINE bool verify_signature(const compact_jws& token,
                                    std::span<const verification_key* const> keys) {
  for (const auto* const key : keys)
    if (verify_signature(*key, token.algorithm, token.signed_text, token.signature)) return true;
  return false;
}

}  // namespace sesame::inline v0::auth

namespace sesame::inline v0::auth::detail {

SESAME_INLINE std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 120;
  std::string out = "'";
  for (const char c : text.substr(0, longest)) out += c >= 0x20 && c < 0x7f && c != '\'' ? c : '?';
  return out += text.size() > longest ? "...'" : "'";
}

SESAME_INLINE result<json::object, auth_failure> parse_object(json::document& document,
                                                              std::string_view text,
                                                              std::string_view part) {
  const auto parsed = document.parse(text);
  if (!parsed)
    return malformed("the " + std::string(part) + " is " +
                     std::string(json::describe(parsed.error())));
  const auto members = json::as_object(*parsed);
  if (!members) return malformed("the " + std::string(part) + " is not a JSON object");
  if (json::has_repeated_keys(*parsed))
    return malformed("the " + std::string(part) + " repeats a member");
  return *members;
}

/// A header member that, if it is there, must be a string.
SESAME_INLINE bool read_text(json::object members, std::string_view name,
                             std::optional<std::string>& text) {
  const auto found = json::find(members, name);
  if (!found) return true;
  const auto value = json::as_string(*found);
  if (value) text = *value;
  return value.has_value();
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE result<compact_jws, auth_failure> parse_jws(std::string_view token,
                                                          const token_limits& limits) {
  if (token.size() > limits.token) return detail::malformed("the token is too long");
  std::array<std::string_view, 3> parts;
  auto rest = token;
  for (auto& part : parts) {
    part = rest.substr(0, rest.find('.'));
    if (part.empty()) return detail::malformed("the token does not have three parts");
    rest.remove_prefix(part.size());
    const bool last = &part == &parts.back();
    if (rest.empty() != last) return detail::malformed("the token does not have three parts");
    if (!last) rest.remove_prefix(1);
  }
  std::array<std::string, 3> decoded;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto bytes = json::from_base64url(parts[i]);
    if (!bytes) return detail::malformed("a part of the token is not base64url");
    decoded[i] = *std::move(bytes);
  }

  json::document document({.size = limits.header, .depth = limits.depth});
  const auto members = detail::parse_object(document, decoded[0], "header");
  if (!members) return failure{members.error()};
  if (json::find(*members, "crit") || json::find(*members, "b64"))
    return detail::malformed("the header asks for an extension");
  const auto named = json::find_string(*members, "alg");
  if (!named) return detail::malformed("the header names no algorithm");
  const auto algorithm = find_algorithm(*named);
  if (!algorithm)
    return detail::refuse(auth_error::verification_failed,
                          "the algorithm is " + detail::quoted(*named));
  compact_jws read{.algorithm = *algorithm, .signed_text = token.substr(0, token.rfind('.'))};
  if (!detail::read_text(*members, "kid", read.kid) ||
      !detail::read_text(*members, "typ", read.type))
    return detail::malformed("kid and typ must be strings");
  read.header = std::move(decoded[0]);
  read.payload = std::move(decoded[1]);
  read.signature = std::move(decoded[2]);
  return read;
}

}  // namespace sesame::inline v0::auth
