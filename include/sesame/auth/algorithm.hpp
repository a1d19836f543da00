// The signature algorithms of JSON Web Signatures, as data (RFC 7518, section 3; RFC 8037, section
// 3.1), and the kinds of key they take.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <openssl/evp.h>
#include <optional>
#include <string_view>

namespace sesame::inline v0 {

/// What a token may be signed with. There is no `none`: an unsigned token is not a token.
enum class jws_algorithm : std::uint8_t {
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa,
  hs256,
  hs384,
  hs512,
};

/// What a key is. It decides which algorithms the key serves, whatever a token says.
enum class key_kind : std::uint8_t { rsa, p256, p384, p521, ed25519, hmac };

namespace auth {

enum class signature_scheme : std::uint8_t { pkcs1, pss, ecdsa, eddsa, hmac };

/// One row for each algorithm: its name in a token, the key it takes, how it signs.
struct algorithm_facts {
  jws_algorithm algorithm;
  std::string_view name;
  key_kind key;
  signature_scheme scheme;
  const EVP_MD* (*digest)();  ///< null where the scheme brings its own
  std::size_t digest_size;    ///< bytes
};

inline constexpr std::array<algorithm_facts, 13> algorithms{{
    {jws_algorithm::rs256, "RS256", key_kind::rsa, signature_scheme::pkcs1, EVP_sha256, 32},
    {jws_algorithm::rs384, "RS384", key_kind::rsa, signature_scheme::pkcs1, EVP_sha384, 48},
    {jws_algorithm::rs512, "RS512", key_kind::rsa, signature_scheme::pkcs1, EVP_sha512, 64},
    {jws_algorithm::ps256, "PS256", key_kind::rsa, signature_scheme::pss, EVP_sha256, 32},
    {jws_algorithm::ps384, "PS384", key_kind::rsa, signature_scheme::pss, EVP_sha384, 48},
    {jws_algorithm::ps512, "PS512", key_kind::rsa, signature_scheme::pss, EVP_sha512, 64},
    {jws_algorithm::es256, "ES256", key_kind::p256, signature_scheme::ecdsa, EVP_sha256, 32},
    {jws_algorithm::es384, "ES384", key_kind::p384, signature_scheme::ecdsa, EVP_sha384, 48},
    {jws_algorithm::es512, "ES512", key_kind::p521, signature_scheme::ecdsa, EVP_sha512, 64},
    {jws_algorithm::eddsa, "EdDSA", key_kind::ed25519, signature_scheme::eddsa, nullptr, 0},
    {jws_algorithm::hs256, "HS256", key_kind::hmac, signature_scheme::hmac, EVP_sha256, 32},
    {jws_algorithm::hs384, "HS384", key_kind::hmac, signature_scheme::hmac, EVP_sha384, 48},
    {jws_algorithm::hs512, "HS512", key_kind::hmac, signature_scheme::hmac, EVP_sha512, 64},
}};

/// The row of `algorithms` for `algorithm`.
[[nodiscard]] constexpr const algorithm_facts& facts(jws_algorithm algorithm) noexcept {
  return algorithms[static_cast<std::size_t>(algorithm)];
}

/// The algorithm a token names; names are compared exactly, so `none` and its spellings are
/// nothing.
[[nodiscard]] constexpr std::optional<jws_algorithm> find_algorithm(
    std::string_view name) noexcept {
  for (const auto& row : algorithms)
    if (row.name == name) return row.algorithm;
  return std::nullopt;
}

/// An elliptic curve of RFC 7518, section 6.2.1.1.
struct curve_facts {
  key_kind key;
  std::string_view name;        ///< `crv` of a JWK
  const char* group;            ///< OpenSSL's name
  std::size_t coordinate_size;  ///< bytes of x, of y, and of each half of a signature
};

inline constexpr std::array<curve_facts, 3> curves{{
    {key_kind::p256, "P-256", "prime256v1", 32},
    {key_kind::p384, "P-384", "secp384r1", 48},
    {key_kind::p521, "P-521", "secp521r1", 66},
}};

/// The curve of a kind of key; null where it has none.
[[nodiscard]] constexpr const curve_facts* find_curve(key_kind kind) noexcept {
  for (const auto& row : curves)
    if (row.key == kind) return &row;
  return nullptr;
}

/// The curve that a JWK names; null where it is not one of ours.
[[nodiscard]] constexpr const curve_facts* find_curve(std::string_view name) noexcept {
  for (const auto& row : curves)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace auth

}  // namespace sesame::inline v0
