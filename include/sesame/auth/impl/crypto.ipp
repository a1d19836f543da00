// What auth/crypto.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/detail/openssl.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/linkage.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::auth {

SESAME_INLINE std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  detail::require(RAND_bytes(detail::bytes_of(bytes), static_cast<int>(count)) == 1, "randomness");
  return bytes;
}

SESAME_INLINE std::string sha256(std::string_view bytes) {
  std::string hash(32, '\0');
  detail::require(EVP_Digest(bytes.data(), bytes.size(), detail::bytes_of(hash), nullptr,
                             EVP_sha256(), nullptr) == 1,
                  "SHA-256");
  return hash;
}

SESAME_INLINE bool constant_time_equal(std::string_view one, std::string_view other) noexcept {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

SESAME_INLINE secret derive_key(const secret& master, std::string_view purpose) {
  const detail::handle<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const detail::handle<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(kdf.get()));
  std::string digest = "SHA256";
  std::string key(master.reveal());
  std::string info(purpose);
  const std::array<OSSL_PARAM, 4> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  std::string derived(32, '\0');
  const bool done = context != nullptr && EVP_KDF_derive(context.get(), detail::bytes_of(derived),
                                                         derived.size(), parameters.data()) == 1;
  OPENSSL_cleanse(key.data(), key.size());
  detail::require(done, "HKDF");
  return secret(std::move(derived));
}

SESAME_INLINE sealer::sealer(secret key) : key_(std::move(key)) {
  if (key_.size() != 32)
    throw configuration_error("key", "must have 32 bytes; derive_key makes such a key");
}

SESAME_INLINE std::string sealer::seal(std::string_view plaintext,
                                       std::string_view associated_data) const {
  detail::require(std::max(plaintext.size(), associated_data.size()) <= longest, "a long text");
  std::string sealed = random_bytes(nonce_size);
  sealed.resize(nonce_size + plaintext.size() + tag_size);
  auto* const nonce = detail::bytes_of(sealed);
  auto* const ciphertext = nonce + nonce_size;
  int written = 0;
  const context cipher(EVP_CIPHER_CTX_new());
  detail::require(
      cipher &&
          EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                             detail::bytes_of(key_.reveal()), nonce) == 1 &&
          EVP_EncryptUpdate(cipher.get(), nullptr, &written, detail::bytes_of(associated_data),
                            static_cast<int>(associated_data.size())) == 1 &&
          EVP_EncryptUpdate(cipher.get(), ciphertext, &written, detail::bytes_of(plaintext),
                            static_cast<int>(plaintext.size())) == 1 &&
          EVP_EncryptFinal_ex(cipher.get(), ciphertext + plaintext.size(), &written) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size,
                              ciphertext + plaintext.size()) == 1,
      "AES-256-GCM");
  return json::to_base64url(sealed);
}

SESAME_INLINE std::optional<std::string> sealer::open(std::string_view text,
                                                      std::string_view associated_data) const {
  auto sealed = json::from_base64url(text);
  if (!sealed || sealed->size() < nonce_size + tag_size ||
      std::max(sealed->size(), associated_data.size()) > longest)
    return std::nullopt;
  const detail::quiet_errors quiet;
  std::string plaintext(sealed->size() - nonce_size - tag_size, '\0');
  auto* const nonce = detail::bytes_of(*sealed);
  const auto* const ciphertext = nonce + nonce_size;
  auto* const tag = nonce + nonce_size + plaintext.size();
  int written = 0;
  const context cipher(EVP_CIPHER_CTX_new());
  detail::require(cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                                               detail::bytes_of(key_.reveal()), nonce) == 1,
                  "AES-256-GCM");
  const bool authentic =
      EVP_DecryptUpdate(cipher.get(), nullptr, &written, detail::bytes_of(associated_data),
                        static_cast<int>(associated_data.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), detail::bytes_of(plaintext), &written, ciphertext,
                        static_cast<int>(plaintext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), detail::bytes_of(plaintext) + plaintext.size(), &written) ==
          1;
  if (!authentic) {
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return std::nullopt;
  }
  return plaintext;
}

}  // namespace sesame::inline v0::auth
