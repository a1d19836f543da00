// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/test_issuer.hpp"

#include "sesame/json/base64.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <string>

namespace test_issuer_test {

using namespace sesame;
using namespace std::chrono_literals;

std::string payload_of(const std::string& token) {
  const auto first = token.find('.') + 1;
  return json::from_base64url(token.substr(first, token.rfind('.') - first)).value();
}

std::string header_of(const std::string& token) {
  return json::from_base64url(token.substr(0, token.find('.'))).value();
}

const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));

TEST_CASE("by default it mints a token of now that its provider takes") {
  const test_issuer issuer;
  const auto caller = issuer.provider().verify(issuer.mint(), std::chrono::system_clock::now());
  REQUIRE(caller);
  CHECK(caller->subject == "alice");
  CHECK(caller->issuer == issuer.name());
}

TEST_CASE("what is asked for is what the token says") {
  const test_issuer issuer(jws_algorithm::eddsa, "https://other.example");
  const auto token = issuer.mint({.subject = "b\"ob",
                                  .audience = "here",
                                  .scopes = "a b",
                                  .client_id = "app",
                                  .expires_in = 5s,
                                  .not_before_in = -5s,
                                  .now = now});
  CHECK(payload_of(token) ==
        R"({"iss":"https://other.example","sub":"b\"ob","aud":"here","iat":1700000000,)"
        R"("exp":1700000005,"nbf":1699999995,"scope":"a b","client_id":"app"})");
  CHECK(header_of(token) ==
        R"({"alg":"EdDSA","kid":")" + issuer.key().kid() + R"(","typ":"at+jwt"})");
  CHECK(issuer.provider("here").verify(token, now).has_value());
}

TEST_CASE("members can be added, replaced and taken away") {
  const test_issuer issuer;
  const auto token = issuer.mint({.now = now,
                                  .claims = R"({"sub":7,"aud":null,"deep":{"a":[1,"x"]}})",
                                  .header = R"({"alg":"none","kid":null})"});
  CHECK(
      payload_of(token) ==
      R"({"iss":"https://issuer.example","iat":1700000000,"exp":1700003600,"sub":7,"deep":{"a":[1,"x"]}})");
  CHECK(header_of(token) == R"({"typ":"at+jwt","alg":"none"})");
  CHECK_THROWS_AS(static_cast<void>(issuer.mint({.claims = "[]"})), configuration_error);
}

TEST_CASE("its public key can be published") {
  const test_issuer issuer(jws_algorithm::rs256);
  CHECK(verification_key::from_jwk(issuer.public_jwk()).kid() == issuer.key().kid());
  CHECK(verification_key::from_pem(issuer.public_pem()).kind() == key_kind::rsa);
}

}  // namespace test_issuer_test
