// A key that signs tokens, and the JSON Web Signature it makes (RFC 7515, section 3.1).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/jwk.hpp"

#include <memory>
#include <openssl/ecdsa.h>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth {

/// A private key with its one algorithm. Cheap to copy; copies share the key, and threads may use
/// it at once.
///
///     const auto key = auth::signing_key::generate(jws_algorithm::es256);
///     publish(key.public_jwk());
///     const auto token = key.sign(R"({"alg":"ES256"})", R"({"sub":"alice"})");
class signing_key {
 public:
  /// A new key: RSA of 2048 bits, the algorithm's curve, or a random secret. RSA takes some 100 ms.
  [[nodiscard]] static signing_key generate(jws_algorithm algorithm);

  [[nodiscard]] jws_algorithm algorithm() const noexcept { return algorithm_; }

  /// The name of the key: its RFC 7638 thumbprint, or a random one for a shared secret.
  [[nodiscard]] const std::string& kid() const noexcept { return kid_; }

  /// What the signatures are verified with. For HS256/384/512 that is the secret itself.
  [[nodiscard]] verification_key verifier() const;

  /// The public key as a JWK with `alg`, `kid` and `use`. Empty for a shared secret.
  [[nodiscard]] std::string public_jwk() const;

  /// The public key as PEM. Empty for a shared secret.
  [[nodiscard]] std::string public_pem() const;

  /// The signature over the bytes, as a token carries it (before base64url).
  [[nodiscard]] std::string sign_bytes(std::string_view bytes) const;

  /// The compact serialization of a signed payload. Both texts are taken as they are.
  [[nodiscard]] std::string sign(std::string_view header, std::string_view payload) const;

 private:
  explicit signing_key(jws_algorithm algorithm) : algorithm_(algorithm) {}

  jws_algorithm algorithm_;
  std::string kid_;
  std::shared_ptr<EVP_PKEY> key_;
  secret shared_;
};

namespace detail {}  // namespace detail

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/signing_key.ipp"
#endif
