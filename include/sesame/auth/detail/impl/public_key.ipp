// What auth/detail/public_key.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/detail/openssl.hpp"
#include "sesame/auth/detail/public_key.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/result.hpp"

#include <array>
#include <cstddef>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth::detail {

SESAME_INLINE result<key_kind, std::string_view> accepted_kind(EVP_PKEY& key) {
  const handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> check(EVP_PKEY_CTX_new(&key, nullptr));
  if (!check || EVP_PKEY_public_check(check.get()) != 1)
    return failure{std::string_view("not a valid public key")};
  if (EVP_PKEY_is_a(&key, "ED25519") == 1) return key_kind::ed25519;
  if (EVP_PKEY_is_a(&key, "RSA") == 1) {
    const int bits = EVP_PKEY_get_bits(&key);
    if (bits < least_rsa_bits) return failure{std::string_view("RSA keys need 2048 bits or more")};
    if (bits > most_rsa_bits) return failure{std::string_view("RSA keys may have 8192 bits")};
    return key_kind::rsa;
  }
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(&key, "EC") == 1 &&
      EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) == 1)
    for (const auto& curve : curves)
      if (std::string_view(curve.group) == group.data()) return curve.key;
  return failure{std::string_view("only RSA, P-256, P-384, P-521 and Ed25519 keys are taken")};
}

SESAME_INLINE key_handle read_pem(std::string_view pem) {
  const handle<BIO, BIO_free> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!text) return nullptr;
  if (pem.find("-----BEGIN CERTIFICATE-----") == std::string_view::npos)
    return key_handle(PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr));
  const handle<X509, X509_free> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  return key_handle(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

SESAME_INLINE key_handle build_key(const char* type, OSSL_PARAM_BLD& description) {
  const handle<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(&description));
  const handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return key_handle(key);
}

SESAME_INLINE key_handle build_rsa_key(std::string_view modulus, std::string_view exponent) {
  const auto number = [](std::string_view bytes) {
    return number_handle(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
  };
  const auto n = number(modulus);
  const auto e = number(exponent);
  const builder_handle description(OSSL_PARAM_BLD_new());
  if (!n || !e || !description ||
      OSSL_PARAM_BLD_push_BN(description.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(description.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return build_key("RSA", *description);
}

SESAME_INLINE key_handle build_curve_key(const curve_facts& curve, std::string_view x,
                                         std::string_view y) {
  if (x.size() != curve.coordinate_size || y.size() != curve.coordinate_size) return nullptr;
  const std::string point = std::string(1, '\x04').append(x).append(y);
  const builder_handle description(OSSL_PARAM_BLD_new());
  if (!description ||
      OSSL_PARAM_BLD_push_utf8_string(description.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group,
                                      0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(description.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1)
    return nullptr;
  return build_key("EC", *description);
}

SESAME_INLINE result<key_handle, std::string_view> read_jwk(json::object members) {
  const auto bytes = [&](std::string_view name) {
    return json::from_base64url(json::find_string(members, name).value_or("")).value_or("");
  };
  if (json::find(members, "d")) return failure{std::string_view("the JWK holds a private key")};
  const auto type = json::find_string(members, "kty").value_or("");
  const auto curve_name = json::find_string(members, "crv").value_or("");
  key_handle key;
  if (type == "RSA") {
    key = build_rsa_key(bytes("n"), bytes("e"));
  } else if (type == "EC") {
    const auto* const curve = find_curve(curve_name);
    if (curve == nullptr) return failure{std::string_view("the JWK's crv is not supported")};
    key = build_curve_key(*curve, bytes("x"), bytes("y"));
  } else if (type == "OKP" && curve_name == "Ed25519") {
    const auto x = bytes("x");
    key.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
  } else if (type == "oct") {
    return failure{std::string_view("a shared secret is taken by from_secret alone")};
  } else {
    return failure{std::string_view("the JWK's kty is not supported")};
  }
  if (!key) return failure{std::string_view("the JWK's members make no key")};
  return key;
}

/// One number of a key, as base64url of `size` bytes, or of as few as hold it.
SESAME_INLINE std::string encoded_number(const EVP_PKEY& key, const char* name,
                                         std::size_t size = 0) {
  BIGNUM* read = nullptr;
  require(EVP_PKEY_get_bn_param(&key, name, &read) == 1, "reading a key");
  const number_handle number(read);
  std::string bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(read)) : size, '\0');
  require(BN_bn2binpad(read, bytes_of(bytes), static_cast<int>(bytes.size())) >= 0,
          "reading a key");
  return json::to_base64url(bytes);
}

SESAME_INLINE std::string canonical_jwk(const EVP_PKEY& key, key_kind kind) {
  if (kind == key_kind::rsa)
    return R"({"e":")" + encoded_number(key, OSSL_PKEY_PARAM_RSA_E) + R"(","kty":"RSA","n":")" +
           encoded_number(key, OSSL_PKEY_PARAM_RSA_N) + R"("})";
  if (const auto* const curve = find_curve(kind))
    return R"({"crv":")" + std::string(curve->name) + R"(","kty":"EC","x":")" +
           encoded_number(key, OSSL_PKEY_PARAM_EC_PUB_X, curve->coordinate_size) + R"(","y":")" +
           encoded_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, curve->coordinate_size) + R"("})";
  std::string x(32, '\0');
  std::size_t size = x.size();
  require(EVP_PKEY_get_raw_public_key(&key, bytes_of(x), &size) == 1, "reading a key");
  return R"({"crv":"Ed25519","kty":"OKP","x":")" + json::to_base64url(x) + R"("})";
}

}  // namespace sesame::inline v0::auth::detail
