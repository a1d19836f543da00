// What auth/api_key.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/api_key.hpp"
#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/token_inquiries.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/detail/characters.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE std::string generate_api_key(std::string_view prefix) {
  if (!net::detail::all_are(prefix, net::detail::unreserved_character))
    throw configuration_error("prefix", "has letters, digits and -._~ alone");
  auto key = std::string{prefix};
  if (!key.empty()) key += '_';
  return key += auth::random_token(32);
}

SESAME_INLINE std::string hash_api_key(std::string_view key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : auth::sha256(key)) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

SESAME_INLINE api_key_provider::api_key_provider(std::vector<api_key> keys,
                                                 const std::string& issuer)
    : keys_(std::move(keys)) {
  using namespace std::chrono;
  if (issuer.empty()) throw configuration_error("issuer", "name who vouches for these callers");
  if (keys_.empty()) throw configuration_error("keys", "give at least one");
  for (auto& [hash, caller] : keys_) {
    std::ranges::transform(hash, hash.begin(), net::detail::to_lower);
    if (hash.size() != 64 || !net::detail::all_are(hash, net::detail::hex_character))
      throw configuration_error("keys", "are given by their SHA-256 hashes, in 64 hex digits");
    if (!auth::is_identifying(caller.subject))
      throw configuration_error("keys", "each has a caller with a subject");
    if (caller.issuer.empty()) caller.issuer = issuer;
    if (caller.user.user_id.empty()) caller.user.user_id = caller.subject;
    if (caller.claims.empty()) caller.claims = "{}";
    if (caller.expires == sys_seconds{}) caller.expires = sys_days{year{2200} / 1 / 1};
  }
  std::ranges::sort(keys_, {}, &api_key::hash);
  if (std::ranges::adjacent_find(keys_, {}, &api_key::hash) != keys_.end())
    throw configuration_error("keys", "one stands there twice");
}

SESAME_INLINE result<principal, auth_failure> api_key_provider::verify(
    std::string_view token, std::chrono::system_clock::time_point now) const {
  if (!auth::is_bearer_token(token)) return auth::detail::malformed("no key has such characters");
  const auto hash = hash_api_key(token);
  const api_key* found = nullptr;
  for (const auto& key : keys_)
    if (auth::constant_time_equal(key.hash, hash)) found = &key;
  if (found == nullptr) return auth::detail::malformed("there is no such key");
  if (found->caller.expires <= now) return auth::detail::malformed("the key has expired");
  return found->caller;
}

}  // namespace sesame::inline v0
