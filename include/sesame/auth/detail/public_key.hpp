// Between OpenSSL's keys and their texts: PEM and the members of a JSON Web Key (RFC 7518, section
// 6; RFC 8037, section 2).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/detail/openssl.hpp"
#include "sesame/json/document.hpp"
#include "sesame/result.hpp"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth::detail {

using key_handle = handle<EVP_PKEY, EVP_PKEY_free>;
using number_handle = handle<BIGNUM, BN_free>;
using builder_handle = handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;

inline constexpr int least_rsa_bits = 2048;
inline constexpr int most_rsa_bits = 8192;  // what a verification costs grows with its square

/// The kind of a key, or why it is none that we take.
result<key_kind, std::string_view> accepted_kind(EVP_PKEY& key);

/// The key of a PEM public key or certificate; null where the text is neither.
key_handle read_pem(std::string_view pem);

/// The public key of a JWK, or why there is none. Only the members that make the key are read.
result<key_handle, std::string_view> read_jwk(json::object members);

/// The required members of a public JWK, in the form that RFC 7638 hashes.
std::string canonical_jwk(const EVP_PKEY& key, key_kind kind);

}  // namespace sesame::inline v0::auth::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/detail/impl/public_key.ipp"
#endif
