// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt.hpp"

#include "sesame/json/base64.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace jwt_test {

using namespace sesame;

std::string with_header(std::string_view header) {
  return json::to_base64url(header) + ".e30.c2ln";
}

std::string refusal_of(std::string_view token) {
  const auto parsed = auth::parse_jws(token);
  return parsed ? "" : parsed.error().detail;
}

verification_key shared(std::string kid) {
  return verification_key::from_secret(secret(std::string(32, 's')), jws_algorithm::hs256,
                                       std::move(kid));
}

TEST_CASE("a token is taken apart into what its header says and what was signed") {
  const auto token =
      json::to_base64url(R"({"alg":"ES256","kid":"k1","typ":"at+jwt","x5t":"ignored"})") +
      ".eyJzdWIiOiJhbGljZSJ9.c2ln";
  const auto parsed = auth::parse_jws(token);
  REQUIRE(parsed);
  CHECK(parsed->algorithm == jws_algorithm::es256);
  CHECK(parsed->kid == "k1");
  CHECK(parsed->type == "at+jwt");
  CHECK(parsed->payload == R"({"sub":"alice"})");
  CHECK(parsed->signature == "sig");
  CHECK(parsed->signed_text == token.substr(0, token.size() - 5));
  CHECK(parsed->header.find("x5t") != std::string::npos);
}

TEST_CASE("a header may be without kid and typ, and the payload is not read") {
  const auto parsed = auth::parse_jws(json::to_base64url(R"({"alg":"RS256"})") + ".AAAA.c2ln");
  REQUIRE(parsed);
  CHECK_FALSE(parsed->kid);
  CHECK_FALSE(parsed->type);
  CHECK(parsed->payload == std::string(3, '\0'));
}

TEST_CASE("a token has exactly three parts, none of them empty") {
  const auto good = with_header(R"({"alg":"RS256"})");
  REQUIRE(refusal_of(good).empty());
  const auto header = good.substr(0, good.find('.'));
  for (const auto& token :
       {std::string(), std::string("."), std::string(".."), std::string("..."), header,
        header + ".", header + ".e30", header + ".e30.", header + "..c2ln",
        std::string(".e30.c2ln"), good + ".", good + ".c2ln", good + ".c2ln.c2ln", "." + good})
    CHECK(refusal_of(token) == "the token does not have three parts");
}

TEST_CASE("each part is base64url with one spelling") {
  const auto header = json::to_base64url(R"({"alg":"RS256"})");
  for (const auto* rest : {".e30=.c2ln", ".e30.c2ln=", ".e3 0.c2ln", ".e30.c2l+", ".e30.c2l/",
                           ".e30.c2ln\n", ".e31.c2ln", ".e30.c", ".e30. c2ln"})
    CHECK(refusal_of(header + rest) == "a part of the token is not base64url");
  CHECK(refusal_of(header + "=.e30.c2ln") == "a part of the token is not base64url");
  const auto with_zero = header + std::string(".e3\0.c2ln", 9);
  CHECK(refusal_of(with_zero) == "a part of the token is not base64url");
}

TEST_CASE("a header is a JSON object without repeated members") {
  for (const auto* header :
       {"", "null", "[]", "\"RS256\"", "{", R"({"alg":"RS256"} x)", R"({"alg":"RS256"}{})",
        R"({'alg':'RS256'})", R"({"alg":"RS256",})", R"({"alg":"RS256","alg":"RS256"})",
        R"({"alg":"RS256","a":{"b":1,"b":2}})", "{\"alg\":\"RS256\",\"a\":\"\xff\"}"})
    CHECK_FALSE(refusal_of(with_header(header)).empty());
  CHECK(refusal_of(with_header(R"({"alg":"HS256","alg":"RS256"})")) ==
        "the header repeats a member");
  CHECK(refusal_of(with_header(R"({"alg":"HS256","\u0061lg":"RS256"})")) ==
        "the header repeats a member");
}

TEST_CASE("every extension of a header is refused") {
  CHECK(refusal_of(with_header(R"({"alg":"RS256","crit":["exp"],"exp":1})")) ==
        "the header asks for an extension");
  CHECK_FALSE(refusal_of(with_header(R"({"alg":"RS256","crit":[]})")).empty());
  CHECK_FALSE(refusal_of(with_header(R"({"alg":"RS256","b64":false,"crit":["b64"]})")).empty());
  CHECK_FALSE(refusal_of(with_header(R"({"alg":"RS256","b64":true})")).empty());
}

TEST_CASE("an unsigned token is refused, however it spells that") {
  for (const auto* name : {"none", "None", "nOnE", "NONE", "", " none"}) {
    const auto parsed = auth::parse_jws(with_header(R"({"alg":")" + std::string(name) + "\"}"));
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == auth_error::verification_failed);
  }
  CHECK_FALSE(refusal_of(json::to_base64url(R"({"alg":"none"})") + ".e30.").empty());
  CHECK(refusal_of(with_header("{}")) == "the header names no algorithm");
  CHECK(refusal_of(with_header(R"({"alg":["RS256"]})")) == "the header names no algorithm");
  CHECK(refusal_of(with_header(R"({"alg":null})")) == "the header names no algorithm");
}

TEST_CASE("kid and typ are strings") {
  CHECK(refusal_of(with_header(R"({"alg":"RS256","kid":1})")) == "kid and typ must be strings");
  CHECK(refusal_of(with_header(R"({"alg":"RS256","typ":["JWT"]})")) ==
        "kid and typ must be strings");
}

TEST_CASE("long tokens and long headers are refused before anything is read") {
  const auto header = json::to_base64url(R"({"alg":"RS256"})");
  CHECK(refusal_of(header + "." + std::string(20480, 'A') + ".c2ln") == "the token is too long");
  CHECK(refusal_of(with_header(R"({"alg":"RS256","x":")" + std::string(5000, 'x') + "\"}")) ==
        "the header is too long");
  std::string deep = R"({"alg":"RS256","x":)";
  CHECK_FALSE(
      refusal_of(with_header(deep + std::string(100, '[') + std::string(100, ']') + "}")).empty());
  CHECK(auth::parse_jws(header + ".e30.c2ln", {.token = 100}).has_value());
  CHECK_FALSE(auth::parse_jws(header + ".e30.c2ln", {.token = 20}).has_value());
}

TEST_CASE("every prefix and every one-character change of a token parses or is refused in peace") {
  const auto token = json::to_base64url(R"({"alg":"ES256","kid":"k1"})") + ".e30.c2ln";
  for (std::size_t i = 0; i < token.size(); ++i) {
    static_cast<void>(auth::parse_jws(token.substr(0, i)));
    for (int c = 0; c < 256; ++c) {
      auto changed = token;
      changed[i] = static_cast<char>(c);
      static_cast<void>(auth::parse_jws(changed));
    }
  }
}

TEST_CASE("the detail of a refusal is fit for a log") {
  const auto refused =
      refusal_of(with_header("{\"alg\":\"x\\u000ay\\u0000 'z" + std::string(500, 'w') + "\"}"));
  CHECK(refused.find('\n') == std::string::npos);
  CHECK(refused.find('\0') == std::string::npos);
  CHECK(refused.size() < 200);
}

TEST_CASE("a kid chooses the key that bears it, or one that bears none") {
  const std::vector<verification_key> keys{shared("one"), shared("two"), shared("")};
  const auto chosen = [&](std::string_view header) {
    const auto token = with_header(header);
    const auto parsed = auth::parse_jws(token);
    std::string names;
    for (const auto* key : auth::select_keys(keys, *parsed)) names += "[" + key->kid() + "]";
    return names;
  };
  CHECK(chosen(R"({"alg":"HS256","kid":"two"})") == "[two][]");
  CHECK(chosen(R"({"alg":"HS256","kid":"three"})") == "[]");
  CHECK(chosen(R"({"alg":"HS256"})") == "[one][two][]");
  CHECK(chosen(R"({"alg":"HS512","kid":"two"})").empty());
  CHECK(chosen(R"({"alg":"RS256"})").empty());
}

}  // namespace jwt_test
