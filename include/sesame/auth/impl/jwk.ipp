// What auth/jwk.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/detail/public_key.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/result.hpp"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <openssl/evp.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE std::string verification_key::thumbprint() const {
  return key_ ? json::to_base64url(auth::sha256(auth::detail::canonical_jwk(*key_, kind_))) : "";
}

SESAME_INLINE result<verification_key> verification_key::adopt(auth::detail::key_handle key,
                                                               std::string kid) {
  const auto kind = auth::detail::accepted_kind(*key);
  if (!kind) return failure{error{std::string(kind.error())}};
  verification_key adopted(*kind, std::move(kid));
  adopted.key_ = {key.release(), EVP_PKEY_free};
  return adopted;
}

SESAME_INLINE verification_key verification_key::from_pem(std::string_view pem, std::string kid) {
  const auth::detail::quiet_errors quiet;
  auto key = auth::detail::read_pem(pem);
  if (!key)
    throw configuration_error("keys",
                              "not a PEM public key or certificate; `openssl pkey -in key.pem "
                              "-pubout` writes the public key of a private one");
  auto adopted = adopt(std::move(key), std::move(kid));
  if (!adopted) throw configuration_error("keys", adopted.error().message);
  return *std::move(adopted);
}

SESAME_INLINE verification_key verification_key::from_pem_file(const std::string& path,
                                                               std::string kid) {
  std::ifstream file(path, std::ios::binary);
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw configuration_error("keys", "cannot read " + path);
  return from_pem(pem, std::move(kid));
}

SESAME_INLINE verification_key verification_key::from_jwk(std::string_view json) {
  json::document document;
  const auto parsed = document.parse(json);
  if (!parsed) throw configuration_error("keys", "a JWK must be a JSON object");
  auto key = read_jwk(*parsed);
  if (!key) throw configuration_error("keys", key.error().message);
  return *std::move(key);
}

SESAME_INLINE verification_key verification_key::from_secret(secret shared, jws_algorithm algorithm,
                                                             std::string kid) {
  const auto& wanted = auth::facts(algorithm);
  if (wanted.key != key_kind::hmac)
    throw configuration_error("keys", "a shared secret verifies HS256, HS384 or HS512 alone");
  if (shared.size() < wanted.digest_size)
    throw configuration_error("keys", "the shared secret must have at least " +
                                          std::to_string(wanted.digest_size) + " bytes for " +
                                          std::string(wanted.name));
  if (shared.reveal().find("-----BEGIN") != std::string_view::npos)
    throw configuration_error("keys", "a PEM text is no shared secret; use from_pem");
  verification_key key(key_kind::hmac, std::move(kid));
  key.only_ = algorithm;
  key.shared_ = std::make_shared<const secret>(std::move(shared));
  return key;
}

SESAME_INLINE result<verification_key> verification_key::read_jwk(json::value jwk) {
  const auto refuse = [](std::string why) { return failure{error{std::move(why)}}; };
  const auto object = json::as_object(jwk);
  if (!object) return refuse("a JWK must be a JSON object");
  if (json::has_repeated_keys(jwk)) return refuse("a JWK must not repeat a member");
  const auto members = *object;
  if (const auto use = json::find(members, "use"); use && json::as_string(*use) != "sig")
    return refuse("the JWK is not meant for signatures");
  if (const auto operations = json::find(members, "key_ops")) {
    bool verifies = false;
    if (const auto items = json::as_array(*operations))
      for (const auto item : *items) verifies = verifies || json::as_string(item) == "verify";
    if (!verifies) return refuse("the JWK's key_ops do not allow to verify");
  }
  std::string kid;
  if (const auto named = json::find(members, "kid")) {
    if (!json::as_string(*named)) return refuse("the JWK's kid must be a string");
    kid = *json::as_string(*named);
  }
  const auth::detail::quiet_errors quiet;
  auto built = auth::detail::read_jwk(members);
  if (!built) return refuse(std::string(built.error()));
  auto key = adopt(*std::move(built), std::move(kid));
  if (!key) return key;
  if (const auto named = json::find(members, "alg")) {
    const auto algorithm = auth::find_algorithm(json::as_string(*named).value_or(""));
    if (!algorithm || !key->allows(*algorithm))
      return refuse("the JWK's alg does not fit its kty and crv");
    key->only_ = algorithm;
  }
  return key;
}

SESAME_INLINE result<std::vector<verification_key>> read_jwk_set(std::string_view json) {
  constexpr std::size_t most_keys = 100;
  json::document document({.size = std::size_t{256} << 10, .depth = 16});
  const auto parsed = document.parse(json);
  if (!parsed) return failure{error{std::string(json::describe(parsed.error()))}};
  const auto members = json::as_object(*parsed);
  const auto listed = members ? json::find(*members, "keys") : std::nullopt;
  const auto items = listed ? json::as_array(*listed) : std::nullopt;
  if (!items) return failure{error{"not a JWK Set"}};
  if (items->size() > most_keys) return failure{error{"too many keys"}};
  std::vector<verification_key> keys;
  for (const auto item : *items)
    if (auto key = verification_key::read_jwk(item)) keys.push_back(*std::move(key));
  return keys;
}

}  // namespace sesame::inline v0
