// The keys that tokens are verified with: from PEM, from a JSON Web Key (RFC 7517; RFC 7518,
// section 6; RFC 8037, section 2) or from a shared secret.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/detail/public_key.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/result.hpp"

#include <memory>
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
  [[nodiscard]] std::string thumbprint() const;

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

result<std::vector<verification_key>> read_jwk_set(std::string_view json);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/jwk.ipp"
#endif
