// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/signature.hpp"

#include "sesame/auth/signing_key.hpp"
#include "sesame/json/base64.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace signature_test {

using namespace sesame;

/// Whether a token's last part is the key's signature over the first two.
bool verifies(const verification_key& key, jws_algorithm algorithm, std::string_view token) {
  const auto dot = token.rfind('.');
  const auto signature = json::from_base64url(token.substr(dot + 1));
  REQUIRE(signature);
  return auth::verify_signature(key, algorithm, token.substr(0, dot), *signature);
}

const std::string payload =
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

TEST_CASE("RFC 7515, appendix A.1: HS256") {
  const auto secret_bytes = json::from_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const auto key = verification_key::from_secret(secret(secret_bytes.value()));
  const auto token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" + payload +
                     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  CHECK(verifies(key, jws_algorithm::hs256, token));
}

TEST_CASE("RFC 7515, appendix A.2: RS256") {
  const auto key = verification_key::from_jwk(
      R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})");
  const auto token =
      "eyJhbGciOiJSUzI1NiJ9" + payload +
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
      "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
      "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
      "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
  CHECK(verifies(key, jws_algorithm::rs256, token));
  CHECK_FALSE(verifies(key, jws_algorithm::rs384, token));
  CHECK_FALSE(verifies(key, jws_algorithm::ps256, token));
}

TEST_CASE("RFC 7515, appendix A.3: ES256") {
  const auto key = verification_key::from_jwk(
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
  const auto token =
      "eyJhbGciOiJFUzI1NiJ9" + payload +
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  CHECK(verifies(key, jws_algorithm::es256, token));
}

TEST_CASE("RFC 7515, appendix A.4: ES512") {
  const auto key = verification_key::from_jwk(
      R"({"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"})");
  const std::string token =
      "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA."
      "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8G"
      "aSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
  CHECK(verifies(key, jws_algorithm::es512, token));
}

TEST_CASE("RFC 8037, appendix A.4: EdDSA") {
  const auto key = verification_key::from_jwk(
      R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  const std::string token =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  CHECK(verifies(key, jws_algorithm::eddsa, token));
}

TEST_CASE("no flipped bit of a signature or of the text passes") {
  for (const auto algorithm : {jws_algorithm::rs256, jws_algorithm::ps256, jws_algorithm::es256,
                               jws_algorithm::es512, jws_algorithm::eddsa, jws_algorithm::hs256}) {
    const auto signer = auth::signing_key::generate(algorithm);
    const auto key = signer.verifier();
    const std::string text = "the text";
    const auto signature = signer.sign_bytes(text);
    REQUIRE(auth::verify_signature(key, algorithm, text, signature));
    for (std::size_t i = 0; i < signature.size(); i += 7) {
      auto changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      REQUIRE_FALSE(auth::verify_signature(key, algorithm, text, changed));
    }
    CHECK_FALSE(auth::verify_signature(key, algorithm, "the texu", signature));
    CHECK_FALSE(auth::verify_signature(key, algorithm, "", signature));
    CHECK_FALSE(auth::verify_signature(key, algorithm, text, ""));
    CHECK_FALSE(auth::verify_signature(key, algorithm, text, signature + '\0'));
    CHECK_FALSE(
        auth::verify_signature(key, algorithm, text, signature.substr(0, signature.size() - 1)));
    CHECK(ERR_peek_error() == 0);
  }
}

TEST_CASE(
    "an ECDSA signature is r and s of the right length, neither of them zero, and never DER") {
  const auto signer = auth::signing_key::generate(jws_algorithm::es256);
  const auto key = signer.verifier();
  const auto refused = [&](const std::string& signature) {
    return !auth::verify_signature(key, jws_algorithm::es256, "text", signature);
  };
  CHECK(refused(std::string(64, '\0')));
  CHECK(refused(std::string(63, '\0')));
  CHECK(refused(std::string(96, '\0')));
  CHECK(refused(std::string(64, '\xff')));
  const auto good = signer.sign_bytes("text");
  CHECK_FALSE(refused(good));
  CHECK(refused(auth::detail::ecdsa_to_der(good, 32)));
  CHECK(refused(good.substr(0, 32) + std::string(32, '\0')));
  CHECK(refused(std::string(32, '\0') + good.substr(32)));
}

TEST_CASE("a key checks only what its kind allows, whoever asks") {
  const auto rsa = auth::signing_key::generate(jws_algorithm::rs256);
  const auto pem = rsa.public_pem();
  const auto forged = auth::detail::hmac(secret(pem), auth::facts(jws_algorithm::hs256), "text");
  CHECK_FALSE(auth::verify_signature(verification_key::from_pem(pem), jws_algorithm::hs256, "text",
                                     forged));
  const auto shared = verification_key::from_secret(secret(std::string(64, 's')));
  CHECK_FALSE(auth::verify_signature(shared, jws_algorithm::rs256, "text", forged));
}

}  // namespace signature_test
