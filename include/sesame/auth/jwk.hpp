// The keys that tokens are verified with: from PEM, from a JSON Web Key (RFC 7517; RFC 7518,
// section 6; RFC 8037, section 2) or from a shared secret.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/detail/public_key.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
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

/// A key that checks signatures. What it is decides what it checks: an RSA key (2048 bits or more)
/// never checks an HMAC, and a curve has its one algorithm. Cheap to copy; copies share the key,
/// and threads may use it at once.
class verification_key {
 public:
  /// A public key (`BEGIN PUBLIC KEY`) or the one in a certificate, whose dates and issuer are not
  /// looked at. Throws `configuration_error` for `keys` where it is anything else.
  [[nodiscard]] static verification_key from_pem(std::string_view pem, std::string kid = {});

  /// As `from_pem`, for the text of a file; throws for `keys` also where it cannot be read.
  [[nodiscard]] static verification_key from_pem_file(const std::string& path,
                                                      std::string kid = {});

  /// A public key as one JSON Web Key. Throws `configuration_error` for `keys`; a `kty` of `oct` is
  /// refused, for a shared secret must be asked for by name (`from_secret`).
  [[nodiscard]] static verification_key from_jwk(std::string_view json);

  /// A secret shared with the issuer, for this one algorithm. Whoever can verify with it can also
  /// sign. Throws `configuration_error` for `keys` where the secret is shorter than the algorithm's
  /// hash (RFC 7518, section 3.2), is a PEM text, or the algorithm is not one of HS256/384/512.
  [[nodiscard]] static verification_key from_secret(secret shared,
                                                    jws_algorithm algorithm = jws_algorithm::hs256,
                                                    std::string kid = {});

  /// As `from_jwk`, for a key that was fetched: the error is a value and says what is wrong.
  [[nodiscard]] static result<verification_key> read_jwk(json::value jwk);

  [[nodiscard]] key_kind kind() const noexcept { return kind_; }

  /// The issuer's name for the key; empty where it has none.
  [[nodiscard]] const std::string& kid() const noexcept { return kid_; }

  /// Whether the key's kind, and its `alg` where it names one, admit the algorithm.
  [[nodiscard]] bool allows(jws_algorithm algorithm) const noexcept {
    return auth::facts(algorithm).key == kind_ && (!only_ || *only_ == algorithm);
  }

  /// The hash that names an asymmetric key (RFC 7638, SHA-256, base64url); empty for a secret.
  [[nodiscard]] std::string thumbprint() const {
    return key_ ? json::to_base64url(auth::sha256(auth::detail::canonical_jwk(*key_, kind_))) : "";
  }

  /// OpenSSL's key; null for a shared secret.
  [[nodiscard]] EVP_PKEY* native() const noexcept { return key_.get(); }

  /// The shared secret; null for an asymmetric key.
  [[nodiscard]] const secret* shared_secret() const noexcept { return shared_.get(); }

 private:
  verification_key(key_kind kind, std::string kid) : kind_(kind), kid_(std::move(kid)) {}

  static result<verification_key> adopt(auth::detail::key_handle key, std::string kid);

  key_kind kind_;
  std::string kid_;
  std::optional<jws_algorithm> only_;
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<const secret> shared_;
};

/// The keys of a JWK Set (RFC 7517, section 5) that can verify a token. Those of other kinds and
/// uses are left out, as the RFC asks; that nothing is left is no error here. More than 100 keys or
/// 256 KiB, or a text that is no key set, is one.
[[nodiscard]] result<std::vector<verification_key>> read_jwk_set(std::string_view json);

inline result<verification_key> verification_key::adopt(auth::detail::key_handle key,
                                                        std::string kid) {
  const auto kind = auth::detail::accepted_kind(*key);
  if (!kind) return failure{error{std::string(kind.error())}};
  verification_key adopted(*kind, std::move(kid));
  adopted.key_ = {key.release(), EVP_PKEY_free};
  return adopted;
}

inline verification_key verification_key::from_pem(std::string_view pem, std::string kid) {
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

inline verification_key verification_key::from_pem_file(const std::string& path, std::string kid) {
  std::ifstream file(path, std::ios::binary);
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw configuration_error("keys", "cannot read " + path);
  return from_pem(pem, std::move(kid));
}

inline verification_key verification_key::from_jwk(std::string_view json) {
  json::document document;
  const auto parsed = document.parse(json);
  if (!parsed) throw configuration_error("keys", "a JWK must be a JSON object");
  auto key = read_jwk(*parsed);
  if (!key) throw configuration_error("keys", key.error().message);
  return *std::move(key);
}

inline verification_key verification_key::from_secret(secret shared, jws_algorithm algorithm,
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

inline result<verification_key> verification_key::read_jwk(json::value jwk) {
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

inline result<std::vector<verification_key>> read_jwk_set(std::string_view json) {
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
