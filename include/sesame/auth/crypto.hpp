// Randomness, hashes and sealed texts, each a thin layer over OpenSSL's EVP interface.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/detail/openssl.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"

#include <cstddef>
#include <openssl/evp.h>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth {

/// Bytes that nobody can foretell. Throws `std::runtime_error` where the machine has no entropy.
[[nodiscard]] std::string random_bytes(std::size_t count);

/// A text of `strength` random bytes that fits into a URL, a header or a cookie (base64url).
[[nodiscard]] inline std::string random_token(std::size_t strength = 32) {
  return json::to_base64url(random_bytes(strength));
}

/// The 32 bytes of the SHA-256 hash (FIPS 180-4).
[[nodiscard]] std::string sha256(std::string_view bytes);

/// Whether two texts are the same, in a time that tells nothing of where they differ; their lengths
/// do show. For everything that an attacker could otherwise guess byte by byte.
[[nodiscard]] bool constant_time_equal(std::string_view one, std::string_view other) noexcept;

/// A 32-byte key for one purpose, made from a master secret (HKDF with SHA-256, RFC 5869, without
/// salt). Keys of different purposes tell nothing of each other or of the master, which should hold
/// at least 32 bytes of randomness.
[[nodiscard]] secret derive_key(const secret& master, std::string_view purpose);

/// Encrypts and authenticates texts (of 1 GiB at most) that travel through hands we do not trust: a
/// cookie, a `state` parameter, a cursor. AES-256-GCM (NIST SP 800-38D) with a random nonce for
/// each text; one key is good for 2^32 of them. May be used by several threads at once.
///
///     const auth::sealer seal{key};
///     const auto text = seal.seal("alice", "cookie");
///     seal.open(text, "cookie");   // "alice"
///     seal.open(text, "state");    // nothing: sealed for another use
class sealer {
 public:
  /// The key must have 32 bytes (see `derive_key`); any other length is a `configuration_error`.
  explicit sealer(secret key);

  /// A base64url text. `associated_data` is authenticated but not part of it: name the use and the
  /// owner there, so that a text sealed for one is nothing to another.
  [[nodiscard]] std::string seal(std::string_view plaintext,
                                 std::string_view associated_data) const;

  /// The plaintext, or nothing if one bit of the text, the associated data or the key is another.
  [[nodiscard]] std::optional<std::string> open(std::string_view text,
                                                std::string_view associated_data) const;

 private:
  using context = detail::handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t tag_size = 16;
  static constexpr std::size_t longest = std::size_t{1} << 30;

  secret key_;
};

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/crypto.ipp"
#endif
