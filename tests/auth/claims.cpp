// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/claims.hpp"

#include "sesame/json/document.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claims_test {

using namespace sesame;
using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

/// Claims of a test, parsed; the object lives as long as this does.
class claims {
 public:
  explicit claims(std::string_view text) : members_(*json::as_object(*document_.parse(text))) {}
  operator json::object() const { return members_; }  // NOLINT(google-explicit-constructor)

 private:
  json::document document_;
  json::object members_;
};

std::optional<std::int64_t> expiry(std::string_view number) {
  const claims text("{\"exp\":" + std::string(number) + "}");
  const auto read = auth::read_validity(text);
  if (!read) return std::nullopt;
  return read->expires.time_since_epoch().count();
}

const sys_seconds now{seconds{1'700'000'000}};

TEST_CASE("the issuer is compared letter for letter") {
  const std::vector<std::string> issuer{"https://tenant.example", "https://issuer.example"};
  CHECK(auth::check_issuer(claims(R"({"iss":"https://issuer.example"})"), issuer));
  CHECK(auth::check_issuer(claims(R"({"iss":"https://tenant.example"})"), issuer));
  for (const auto* text :
       {R"({"iss":"https://issuer.example/"})", R"({"iss":"https://ISSUER.example"})",
        R"({"iss":"http://issuer.example"})", R"({"iss":["https://issuer.example"]})",
        R"({"iss":""})", R"({"iss":null})", "{}", R"({"iss":"https://issuer.example\u0000"})"})
    CHECK_FALSE(auth::check_issuer(claims(text), issuer));
}

TEST_CASE("the audience is one of ours, alone or in an array of texts") {
  const std::vector<std::string> ours{"https://a", "https://b"};
  const auto accepted = [&](std::string_view text) {
    return auth::check_audience(claims(text), "aud", ours).has_value();
  };
  CHECK(accepted(R"({"aud":"https://a"})"));
  CHECK(accepted(R"({"aud":["https://x","https://b"]})"));
  for (const auto* text :
       {R"({"aud":"https://a/"})", R"({"aud":"https://"})", R"({"aud":"https://ab"})",
        R"({"aud":[]})", R"({"aud":["https://x"]})", R"({"aud":""})", "{}", R"({"aud":null})",
        R"({"aud":{"https://a":1}})", R"({"aud":["https://a",1]})", R"({"aud":[["https://a"]]})"})
    CHECK_FALSE(accepted(text));
  CHECK(auth::check_audience(claims(R"({"client_id":"https://a"})"), "client_id", ours));
}

TEST_CASE("times are numbers, whole or not, of years that a clock knows") {
  CHECK(expiry("1700000000") == 1'700'000'000);
  CHECK(expiry("1700000000.9") == 1'700'000'000);
  CHECK(expiry("1.7e9") == 1'700'000'000);
  CHECK(expiry("0") == 0);
  CHECK(expiry("253402300799") == 7'258'118'400);
  for (const auto* number :
       {"\"1700000000\"", "null", "true", "[]", "{}", "-1", "-0.5", "253402300800", "1e300",
        "9223372036854775807", "18446744073709551615", "-9223372036854775808"}) {
    CAPTURE(number);
    CHECK_FALSE(expiry(number));
  }
}

TEST_CASE("exp must be there, and nbf and iat must be times where they are") {
  CHECK_FALSE(auth::read_validity(claims("{}")));
  CHECK_FALSE(auth::read_validity(claims(R"({"exp":1,"nbf":"1"})")));
  CHECK_FALSE(auth::read_validity(claims(R"({"exp":1,"iat":-1})")));
  const claims all(R"({"exp":3,"nbf":2,"iat":1})");
  const auto read = auth::read_validity(all);
  REQUIRE(read);
  CHECK(read->not_before == sys_seconds(2s));
  CHECK(read->issued == sys_seconds(1s));
}

TEST_CASE("a token is valid up to its last second and the leeway, not one more") {
  const auto valid = [](const auth::validity& token, seconds leeway,
                        std::optional<seconds> max_age = {}) {
    return auth::check_validity(token, now, leeway, max_age).has_value();
  };
  const auto none = std::nullopt;
  CHECK(valid({now + 1s, none, none}, 0s));
  CHECK_FALSE(valid({now, none, none}, 0s));
  CHECK(valid({now, none, none}, 1s));
  CHECK(valid({now - 29s, none, none}, 30s));
  CHECK_FALSE(valid({now - 30s, none, none}, 30s));
  CHECK(valid({now + 1h, now, none}, 0s));
  CHECK_FALSE(valid({now + 1h, now + 1s, none}, 0s));
  CHECK(valid({now + 1h, now + 30s, none}, 30s));
  CHECK_FALSE(valid({now + 1h, now + 31s, none}, 30s));
  CHECK_FALSE(valid({now + 1h, none, now + 31s}, 30s));
  CHECK(valid({now + 1h, none, now + 30s}, 30s));
  CHECK(valid({now + 1h, none, now - 600s}, 0s, 600s));
  CHECK_FALSE(valid({now + 1h, none, now - 601s}, 0s, 600s));
  CHECK(valid({now + 1h, none, now - 630s}, 30s, 600s));
  CHECK_FALSE(valid({now + 1h, none, none}, 30s, 600s));
}

TEST_CASE("types are compared as media types") {
  const std::vector<std::string> access{"at+jwt"};
  CHECK(auth::check_type("at+jwt", access));
  CHECK(auth::check_type("AT+JWT", access));
  CHECK(auth::check_type("application/at+jwt", access));
  CHECK(auth::check_type("Application/AT+jwt", access));
  CHECK_FALSE(auth::check_type("JWT", access));
  CHECK_FALSE(auth::check_type("", access));
  CHECK_FALSE(auth::check_type(std::nullopt, access));
  const std::vector<std::string> lenient{"application/at+jwt", "JWT", ""};
  CHECK(auth::check_type("at+jwt", lenient));
  CHECK(auth::check_type("jwt", lenient));
  CHECK(auth::check_type(std::nullopt, lenient));
  CHECK_FALSE(auth::check_type("", lenient));
  CHECK_FALSE(auth::check_type("application/", lenient));
  CHECK_FALSE(auth::check_type("dpop+jwt", lenient));
  CHECK_FALSE(auth::check_type("logout+jwt", lenient));
}

TEST_CASE("required claims hold one of the accepted texts") {
  const std::vector<auth::claim_requirement> access{{"token_use", {"access"}},
                                                    {"azp", {"one", "two"}}};
  CHECK(auth::check_claims(claims(R"({"token_use":"access","azp":"two"})"), access));
  CHECK(auth::check_claims(claims(R"({"token_use":["x","access"],"azp":"two"})"), access));
  CHECK_FALSE(auth::check_claims(claims(R"({"token_use":"id","azp":"two"})"), access));
  CHECK_FALSE(auth::check_claims(claims(R"({"token_use":"access"})"), access));
  CHECK_FALSE(auth::check_claims(claims(R"({"token_use":"access","azp":2})"), access));
}

TEST_CASE("scopes are read from texts and arrays, and from nothing else") {
  const std::vector<std::string> names{"scope", "scp"};
  const auto scopes = [&](std::string_view text) {
    return auth::read_scopes(claims(text), names).text();
  };
  CHECK(scopes(R"({"scope":"b a"})") == "a b");
  CHECK(scopes(R"({"scp":["b","a"]})") == "a b");
  CHECK(scopes(R"({"scope":"a","scp":["b"]})") == "a b");
  CHECK(scopes(R"({"scope":["a",1,null,"b c","d"]})") == "a d");
  CHECK(scopes(R"({"scope":{"admin":true}})").empty());
  CHECK(scopes(R"({"scope":true})").empty());
  CHECK(scopes(R"({"permissions":["a"]})").empty());
}

}  // namespace claims_test
