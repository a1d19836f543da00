// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwk.hpp"

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/json/base64.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string>
#include <string_view>

namespace jwk_test {

using namespace sesame;

using key_handle = auth::detail::key_handle;

const std::string p256 =
    R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";

std::string pem_of(EVP_PKEY* key, bool whole = false) {
  const auth::detail::handle<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
  REQUIRE((whole ? PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
                 : PEM_write_bio_PUBKEY(out.get(), key)) == 1);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string certificate_of(EVP_PKEY* key) {
  const auth::detail::handle<X509, X509_free> certificate(X509_new());
  REQUIRE(X509_set_pubkey(certificate.get(), key) == 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  REQUIRE(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  const auth::detail::handle<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_X509(out.get(), certificate.get()) == 1);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string refusal_of(std::string_view jwk) {
  try {
    static_cast<void>(verification_key::from_jwk(jwk));
  } catch (const configuration_error& refused) {
    CHECK(refused.setting() == "keys");
    return refused.what();
  }
  return "taken";
}

void check_pem_refused(std::string_view pem) {
  CHECK_THROWS_AS(static_cast<void>(verification_key::from_pem(pem)), configuration_error);
}

TEST_CASE("RFC 7638, section 3.1: the thumbprint of a key") {
  const auto key = verification_key::from_jwk(
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})");
  CHECK(key.thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  CHECK(key.kid() == "2011-04-29");
  CHECK(key.kind() == key_kind::rsa);
}

TEST_CASE("RFC 8037, appendix A.3: the thumbprint of an Ed25519 key") {
  const auto key = verification_key::from_jwk(
      R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  CHECK(key.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST_CASE("the kind of a key decides which algorithms it allows") {
  const auto ec = verification_key::from_jwk("{" + p256 + "}");
  CHECK(ec.kind() == key_kind::p256);
  CHECK(ec.allows(jws_algorithm::es256));
  for (const auto& row : auth::algorithms)
    CHECK(ec.allows(row.algorithm) == (row.algorithm == jws_algorithm::es256));
  const auto shared =
      verification_key::from_secret(secret(std::string(64, 's')), jws_algorithm::hs384, "mine");
  for (const auto& row : auth::algorithms)
    CHECK(shared.allows(row.algorithm) == (row.algorithm == jws_algorithm::hs384));
  CHECK(shared.kid() == "mine");
}

TEST_CASE("a JWK that is not a public signature key is refused, and the reason told") {
  CHECK(refusal_of("{" + p256 + "}") == "taken");
  CHECK(refusal_of("{" + p256 + R"(,"use":"sig","key_ops":["verify"],"alg":"ES256"})") == "taken");
  const auto refused = [](const std::string& members, std::string_view why) {
    CAPTURE(members);
    CHECK(refusal_of("{" + members + "}").find(why) != std::string::npos);
  };
  refused(p256 + R"(,"use":"enc")", "not meant for signatures");
  refused(p256 + R"(,"use":1)", "not meant for signatures");
  refused(p256 + R"(,"key_ops":["sign"])", "do not allow to verify");
  refused(p256 + R"(,"key_ops":"verify")", "do not allow to verify");
  refused(p256 + R"(,"alg":"ES384")", "does not fit");
  refused(p256 + R"(,"alg":"HS256")", "does not fit");
  refused(p256 + R"(,"alg":"none")", "does not fit");
  refused(p256 + R"(,"alg":7)", "does not fit");
  refused(p256 + R"(,"kid":7)", "kid must be a string");
  refused(p256 + R"(,"d":"AAAA")", "private key");
  refused(p256 + R"(,"kty":"EC")", "repeat");
  refused(R"("kty":"EC","crv":"secp256k1","x":"AA","y":"AA")", "crv");
  refused(R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")",
          "no key");
  refused(
      R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")",
      "no key");
  refused(R"("kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")", "kty");
  refused(R"("kty":"OKP","crv":"Ed25519","x":"11qY")", "no key");
  refused(R"("kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T")", "from_secret");
  refused(R"("kty":"RSA","e":"AQAB")", "");
  refused(R"("kty":"RSA","e":"AQAB","n":"####")", "");
  refused(R"("kty":"none")", "kty");
  refused("", "kty");
  CHECK(refusal_of("[]").find("JSON object") != std::string::npos);
  CHECK(refusal_of("no json").find("JSON object") != std::string::npos);
}

TEST_CASE(
    "the coordinates of a point have the length of the curve, even where their sum is right") {
  const auto x = json::from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").value();
  const auto y = json::from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").value();
  const auto jwk = [](std::string_view one, std::string_view other) {
    return R"({"kty":"EC","crv":"P-256","x":")" + json::to_base64url(one) + R"(","y":")" +
           json::to_base64url(other) + "\"}";
  };
  CHECK(refusal_of(jwk(x, y)) == "taken");
  CHECK(refusal_of(jwk(x + y[0], y.substr(1))) != "taken");
  CHECK(refusal_of(jwk('\0' + x, y)) != "taken");
  CHECK(refusal_of(jwk("", "")) != "taken");
}

TEST_CASE("RSA keys of less than 2048 bits and of needless size are refused") {
  for (const std::size_t bits : {std::size_t{1024}, std::size_t{2040}}) {
    const key_handle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
    check_pem_refused(pem_of(key.get()));
    CHECK(refusal_of(auth::detail::canonical_jwk(*key, key_kind::rsa)) != "taken");
  }
  const std::string huge =
      R"({"kty":"RSA","e":"AQAB","n":")" + json::to_base64url(std::string(2048, '\xff')) + "\"}";
  CHECK(refusal_of(huge) != "taken");
}

TEST_CASE("an RSA key whose exponent lets everything pass is refused") {
  const key_handle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  auto jwk = auth::detail::canonical_jwk(*key, key_kind::rsa);
  CHECK(refusal_of(jwk) == "taken");
  jwk.replace(jwk.find("AQAB"), 4, "AQ");
  CHECK(refusal_of(jwk) != "taken");
}

TEST_CASE("a PEM certificate gives its key") {
  const key_handle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
  const auto from_certificate = verification_key::from_pem(certificate_of(key.get()), "cert");
  CHECK(from_certificate.kind() == key_kind::p256);
  CHECK(from_certificate.kid() == "cert");
  CHECK(from_certificate.thumbprint() ==
        verification_key::from_pem(pem_of(key.get())).thumbprint());
}

TEST_CASE("PEM texts of other things are refused") {
  const key_handle ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
  check_pem_refused(pem_of(ec.get(), true));
  check_pem_refused("");
  check_pem_refused("not PEM");
  check_pem_refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  check_pem_refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  for (const char* type : {"ED448", "X25519"}) {
    const key_handle other(EVP_PKEY_Q_keygen(nullptr, nullptr, type));
    check_pem_refused(pem_of(other.get()));
  }
  const key_handle koblitz(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1"));
  check_pem_refused(pem_of(koblitz.get()));
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("a shared secret is as long as the hash and is not a PEM text") {
  const auto make = [](std::size_t size, jws_algorithm algorithm) {
    static_cast<void>(verification_key::from_secret(secret(std::string(size, 's')), algorithm));
  };
  CHECK_NOTHROW(make(32, jws_algorithm::hs256));
  CHECK_THROWS_AS(make(31, jws_algorithm::hs256), configuration_error);
  CHECK_THROWS_AS(make(47, jws_algorithm::hs384), configuration_error);
  CHECK_THROWS_AS(make(63, jws_algorithm::hs512), configuration_error);
  CHECK_THROWS_AS(make(64, jws_algorithm::rs256), configuration_error);
  const key_handle ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
  CHECK_THROWS_AS(static_cast<void>(verification_key::from_secret(secret(pem_of(ec.get())))),
                  configuration_error);
}

TEST_CASE("of a JWK Set, the keys that can verify are taken") {
  const auto rsa = auth::signing_key::generate(jws_algorithm::rs256);
  const std::string text = R"({"keys":[{"kty":"oct","k":"AAAA"},{)" + p256 + R"(,"use":"enc"},{)" +
                           p256 + R"(,"kid":"one"},17,)" + rsa.public_jwk() +
                           R"(,{"kty":"future"}]})";
  const auto keys = read_jwk_set(text);
  REQUIRE(keys);
  REQUIRE(keys->size() == 2);
  CHECK((*keys)[0].kid() == "one");
  CHECK((*keys)[1].kid() == rsa.kid());
  CHECK(read_jwk_set(R"({"keys":[]})")->empty());
}

TEST_CASE("what is no JWK Set, or too large a one, is an error") {
  for (const auto& text : {std::string(), std::string("[]"), std::string("{}"),
                           std::string(R"({"keys":{}})"), std::string(R"({"keys":[)")})
    CHECK_FALSE(read_jwk_set(text));
  std::string many = R"({"keys":[1)";
  for (int i = 0; i < 100; ++i) many += ",1";
  CHECK_FALSE(read_jwk_set(many + "]}"));
  CHECK_FALSE(read_jwk_set(R"({"keys":[],"x":")" + std::string(300000, 'x') + "\"}"));
}

TEST_CASE("a key file that cannot be read stops the start, and is named") {
  try {
    (void)verification_key::from_pem_file("/nowhere/issuer.pem");
    FAIL("it was taken");
  } catch (const configuration_error& error) {
    CHECK(error.setting() == "keys");
    CHECK(std::string_view(error.what()).find("/nowhere/issuer.pem") != std::string_view::npos);
  }
}

TEST_CASE("a key is read from a PEM file") {
  const auto signer = auth::signing_key::generate(jws_algorithm::es256);
  const auto path =
      (std::filesystem::temp_directory_path() / ("sesame-" + auth::random_token(8) + ".pem"))
          .string();
  std::ofstream(path) << signer.public_pem();
  const auto key = verification_key::from_pem_file(path);
  std::filesystem::remove(path);
  CHECK(key.thumbprint() == signer.verifier().thumbprint());
}

}  // namespace jwk_test
