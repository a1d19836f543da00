// What auth/signature.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/detail/openssl.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/linkage.hpp"

#include <cstddef>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth::detail {

SESAME_INLINE bool set_padding(EVP_PKEY_CTX* context, signature_scheme scheme) {
  if (scheme != signature_scheme::pss) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

SESAME_INLINE std::string hmac(const secret& key, const algorithm_facts& algorithm,
                               std::string_view bytes) {
  std::string code(algorithm.digest_size, '\0');
  std::size_t size = 0;
  require(EVP_Q_mac(nullptr, "HMAC", nullptr, EVP_MD_get0_name(algorithm.digest()), nullptr,
                    key.reveal().data(), key.size(), bytes_of(bytes), bytes.size(), bytes_of(code),
                    code.size(), &size) != nullptr,
          "HMAC");
  return code;
}

SESAME_INLINE std::string ecdsa_to_der(std::string_view raw, std::size_t half) {
  if (raw.size() != 2 * half) return {};
  const handle<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  number_handle r(BN_bin2bn(bytes_of(raw), static_cast<int>(half), nullptr));
  number_handle s(BN_bin2bn(bytes_of(raw.substr(half)), static_cast<int>(half), nullptr));
  require(pair && r && s && ECDSA_SIG_set0(pair.get(), r.get(), s.get()) == 1, "ECDSA");
  static_cast<void>(r.release());  // the pair owns both now
  static_cast<void>(s.release());
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)), '\0');
  auto* end = bytes_of(der);
  require(i2d_ECDSA_SIG(pair.get(), &end) == static_cast<int>(der.size()), "ECDSA");
  return der;
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE bool verify_signature(const verification_key& key, jws_algorithm algorithm,
                                    std::string_view bytes, std::string_view signature) {
  if (!key.allows(algorithm)) return false;
  const auto& how = facts(algorithm);
  const detail::quiet_errors quiet;
  if (how.scheme == signature_scheme::hmac)
    return constant_time_equal(detail::hmac(*key.shared_secret(), how, bytes), signature);
  std::string der;
  if (how.scheme == signature_scheme::ecdsa) {
    der = detail::ecdsa_to_der(signature, find_curve(how.key)->coordinate_size);
    if (der.empty()) return false;
    signature = der;
  }
  const detail::digest_context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  return context &&
         EVP_DigestVerifyInit(context.get(), &key_context, detail::digest_of(how), nullptr,
                              key.native()) == 1 &&
         detail::set_padding(key_context, how.scheme) &&
         EVP_DigestVerify(context.get(), detail::bytes_of(signature), signature.size(),
                          detail::bytes_of(bytes), bytes.size()) == 1;
}

}  // namespace sesame::inline v0::auth
