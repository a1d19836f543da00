// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/signing_key.hpp"

#include "sesame/auth/signature.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace sesame;

TEST_CASE("what a key of any algorithm signs, its public JWK and PEM verify") {
  for (const auto& row : auth::algorithms) {
    CAPTURE(row.name);
    const auto key = auth::signing_key::generate(row.algorithm);
    const auto signature = key.sign_bytes("text");
    CHECK(key.algorithm() == row.algorithm);
    CHECK(auth::verify_signature(key.verifier(), row.algorithm, "text", signature));
    CHECK(key.verifier().kid() == key.kid());
    if (row.key == key_kind::hmac) {
      CHECK(key.public_jwk().empty());
      CHECK(key.public_pem().empty());
      continue;
    }
    const auto from_jwk = verification_key::from_jwk(key.public_jwk());
    const auto from_pem = verification_key::from_pem(key.public_pem());
    CHECK(auth::verify_signature(from_jwk, row.algorithm, "text", signature));
    CHECK(auth::verify_signature(from_pem, row.algorithm, "text", signature));
    CHECK(from_jwk.thumbprint() == key.kid());
    CHECK(from_pem.thumbprint() == key.kid());
    const auto other = auth::signing_key::generate(row.algorithm);
    CHECK(other.kid() != key.kid());
    CHECK_FALSE(auth::verify_signature(other.verifier(), row.algorithm, "text", signature));
  }
}

TEST_CASE("a public JWK holds nothing private and is for the one algorithm") {
  const auto key = auth::signing_key::generate(jws_algorithm::ps256);
  CHECK(key.public_jwk().find("\"d\"") == std::string::npos);
  CHECK(key.public_jwk().find("\"alg\":\"PS256\"") != std::string::npos);
  CHECK(key.verifier().allows(jws_algorithm::ps256));
  CHECK_FALSE(key.verifier().allows(jws_algorithm::rs256));
}

TEST_CASE("a signed token is three parts of base64url") {
  const auto key = auth::signing_key::generate(jws_algorithm::es256);
  const auto token = key.sign("{}", "payload");
  CHECK(token.starts_with("e30.cGF5bG9hZA."));
  CHECK(token.size() == 15 + 86);
}
