// What auth/signing_key.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/linkage.hpp"

#include <cstddef>
#include <memory>
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::auth {

SESAME_INLINE std::string signing_key::sign(std::string_view header,
                                            std::string_view payload) const {
  std::string token = json::to_base64url(header) + '.' + json::to_base64url(payload);
  const auto signature = json::to_base64url(sign_bytes(token));
  return std::move(token) + '.' + signature;
}

}  // namespace sesame::inline v0::auth

namespace sesame::inline v0::auth::detail {

/// r and s side by side, each of `half` bytes, from OpenSSL's DER.
SESAME_INLINE std::string ecdsa_from_der(std::string_view der, std::size_t half) {
  const auto* begin = bytes_of(der);
  const handle<ECDSA_SIG, ECDSA_SIG_free> pair(
      d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size())));
  std::string raw(2 * half, '\0');
  const int size = static_cast<int>(half);
  require(pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), bytes_of(raw), size) == size &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), bytes_of(raw) + half, size) == size,
          "ECDSA");
  return raw;
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE signing_key signing_key::generate(jws_algorithm algorithm) {
  const auto& how = facts(algorithm);
  signing_key made(algorithm);
  if (how.key == key_kind::hmac) {
    made.shared_ = secret(random_bytes(how.digest_size));
    made.kid_ = random_token(16);
    return made;
  }
  EVP_PKEY* key = nullptr;
  if (how.key == key_kind::rsa)
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
  else if (const auto* const curve = find_curve(how.key))
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve->group);
  else
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  detail::require(key != nullptr, "making a key");
  made.key_ = {key, EVP_PKEY_free};
  made.kid_ = json::to_base64url(sha256(detail::canonical_jwk(*key, how.key)));
  return made;
}

SESAME_INLINE std::string signing_key::public_jwk() const {
  if (!key_) return {};
  auto jwk = detail::canonical_jwk(*key_, facts(algorithm_).key);
  jwk.pop_back();
  return jwk.append(R"(,"alg":")")
      .append(facts(algorithm_).name)
      .append(R"(","kid":")")
      .append(kid_)
      .append(R"(","use":"sig"})");
}

SESAME_INLINE std::string signing_key::public_pem() const {
  if (!key_) return {};
  const detail::handle<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
  detail::require(out && PEM_write_bio_PUBKEY(out.get(), key_.get()) == 1, "writing a key");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

SESAME_INLINE verification_key signing_key::verifier() const {
  return key_ ? verification_key::from_jwk(public_jwk())
              : verification_key::from_secret(shared_, algorithm_, kid_);
}

SESAME_INLINE std::string signing_key::sign_bytes(std::string_view bytes) const {
  const auto& how = facts(algorithm_);
  if (how.scheme == signature_scheme::hmac) return detail::hmac(shared_, how, bytes);
  const detail::digest_context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  detail::require(context &&
                      EVP_DigestSignInit(context.get(), &key_context, detail::digest_of(how),
                                         nullptr, key_.get()) == 1 &&
                      detail::set_padding(key_context, how.scheme) &&
                      EVP_DigestSign(context.get(), detail::bytes_of(signature), &size,
                                     detail::bytes_of(bytes), bytes.size()) == 1,
                  "signing");
  signature.resize(size);
  if (how.scheme == signature_scheme::ecdsa)
    return detail::ecdsa_from_der(signature, find_curve(how.key)->coordinate_size);
  return signature;
}

}  // namespace sesame::inline v0::auth
