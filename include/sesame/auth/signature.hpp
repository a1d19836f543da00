// Whether a signature is that of a key (RFC 7518, section 3; RFC 8037, section 3.1).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/detail/openssl.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/secret.hpp"

#include <cstddef>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth {

namespace detail {

using digest_context = handle<EVP_MD_CTX, EVP_MD_CTX_free>;

/// RFC 7518, section 3.5: the salt of a PSS signature is as long as the hash.
bool set_padding(EVP_PKEY_CTX* context, signature_scheme scheme);

inline const EVP_MD* digest_of(const algorithm_facts& algorithm) {
  return algorithm.digest == nullptr ? nullptr : algorithm.digest();
}

std::string hmac(const secret& key, const algorithm_facts& algorithm, std::string_view bytes);

/// An ECDSA signature as OpenSSL wants it (DER) from r and s side by side (RFC 7518, section 3.4);
/// empty where the length is not that of the curve.
std::string ecdsa_to_der(std::string_view raw, std::size_t half);

}  // namespace detail

/// Whether `signature`, as it stands in a token, is the key's for `bytes`. False also where the key
/// does not allow the algorithm.
[[nodiscard]] bool verify_signature(const verification_key& key, jws_algorithm algorithm,
                                    std::string_view bytes, std::string_view signature);

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/signature.ipp"
#endif
