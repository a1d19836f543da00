// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http.hpp"

#include "transport/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace http_dpop_test {

using namespace transport_test;

sesame::http_transport_options with_dpop(bool required) {
  return {.public_url = "https://mcp.example/base/mcp",
          .dpop = sesame::dpop_settings{.required = required}};
}

struct fixture {
  explicit fixture(bool required = false) : server{with_dpop(required)} {}

  std::string token(bool bound = true) {
    return server.issuer.mint(
        {.scopes = "me records:read",
         .claims = bound ? R"({"cnf":{"jkt":")" + key.kid() + R"("}})" : std::string{}});
  }
  std::string proof(const std::string& of, std::string_view htu = "https://mcp.example/base/mcp",
                    std::string_view method = "POST") {
    return sign(key, of, htu, method);
  }
  std::string sign(const sesame::auth::signing_key& by, const std::string& of,
                   std::string_view htu = "https://mcp.example/base/mcp",
                   std::string_view method = "POST") {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return by.sign(R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + by.public_jwk() + "}",
                   R"({"jti":")" + std::to_string(++proofs) + R"(","htm":")" + std::string{method} +
                       R"(","htu":")" + std::string{htu} + R"(","iat":)" +
                       std::to_string(now.count()) + R"(,"ath":")" +
                       sesame::json::to_base64url(sesame::auth::sha256(of)) + "\"}");
  }
  static std::string with(std::string_view scheme, const std::string& token,
                          const std::string& proof = "") {
    auto fields = "Authorization: " + std::string{scheme} + " " + token + "\r\n";
    if (!proof.empty()) fields += "DPoP: " + proof + "\r\n";
    return fields;
  }
  answer read(const std::string& fields) { return server.ask(http_call("read", "{}", fields)); }
  std::string code(const std::string& fields) {
    return text_at(read(fields).body, "/error/data/code");
  }

  sesame::auth::signing_key key = sesame::auth::signing_key::generate(sesame::jws_algorithm::es256);
  mixed_server server;
  int proofs = 0;
};

TEST_CASE_FIXTURE(fixture,
                  "who holds the key of a token is let in by a proof, each time a new one") {
  const auto own = token();
  const auto first = proof(own);
  CHECK(said(read(with("DPoP", own, first)).body) == "alice");
  CHECK(code(with("DPoP", own, first)) == "INVALID_DPOP_PROOF");
  CHECK(said(read(with("dpop", own, proof(own))).body) == "alice");
}

TEST_CASE_FIXTURE(fixture,
                  "a token that is bound to a key is nothing without a proof of that key") {
  const auto own = token();
  const auto other = sesame::auth::signing_key::generate(sesame::jws_algorithm::es256);
  CHECK(code(with("Bearer", own)) == "INVALID_DPOP_PROOF");
  CHECK(code(with("Bearer", own, proof(own))) == "INVALID_DPOP_PROOF");
  CHECK(code(with("DPoP", own)) == "INVALID_DPOP_PROOF");
  CHECK(code(with("DPoP", own, sign(other, own))) == "INVALID_DPOP_PROOF");
  CHECK(code(with("DPoP", own, proof("another token"))) == "INVALID_DPOP_PROOF");
  CHECK(code(with("DPoP", own, proof(own)) + "DPoP: " + proof(own) + "\r\n") ==
        "INVALID_DPOP_PROOF");
  CHECK(code(with("DPoP", own, proof(own, "http://localhost/mcp"))) == "INVALID_DPOP_PROOF");
  CHECK(code(with("DPoP", own, proof(own, "https://mcp.example/base/mcp", "GET"))) ==
        "INVALID_DPOP_PROOF");
  // A tool that is open to all is no way round.
  CHECK(server.ask(http_call("echo", R"({"text":"tea"})", with("Bearer", own))).status == 401);
}

TEST_CASE_FIXTURE(fixture, "a challenge says what proofs are taken, beside bearer tokens") {
  const auto none = server.ask(http_call("read"));
  CHECK(none.status == 401);
  CHECK(none.head.find("\r\nWWW-Authenticate: Bearer resource_metadata=") != std::string::npos);
  CHECK(none.head.find("\r\nWWW-Authenticate: DPoP resource_metadata=") != std::string::npos);
  CHECK(none.head.find(R"(algs="ES256 EdDSA PS256 RS256")") != std::string::npos);
  const auto bad = read(with("DPoP", token(), "no proof"));
  CHECK(bad.status == 401);
  CHECK(bad.head.find(R"(error="invalid_dpop_proof")") != std::string::npos);
  const auto metadata = server.ask(net_test::get("/.well-known/oauth-protected-resource")).body;
  CHECK(at(metadata, "/dpop_signing_alg_values_supported") ==
        R"(["ES256","EdDSA","PS256","RS256"])");
  CHECK(at(metadata, "/dpop_bound_access_tokens_required").empty());
}

TEST_CASE_FIXTURE(fixture, "a bearer token is taken too, and not as one that is bound") {
  const auto free = token(false);
  CHECK(said(read(with("Bearer", free)).body) == "alice");
  CHECK(code(with("DPoP", free, proof(free))) == "INVALID_TOKEN");
}

TEST_CASE("where proofs are required, bearer tokens are refused") {
  fixture f(true);
  const auto own = f.token();
  CHECK(said(f.read(f.with("DPoP", own, f.proof(own))).body) == "alice");
  const auto free = f.read(f.with("Bearer", f.token(false)));
  CHECK(free.status == 401);
  CHECK(free.head.find("WWW-Authenticate: Bearer") == std::string::npos);
  CHECK(free.head.find("WWW-Authenticate: DPoP") != std::string::npos);
  CHECK(at(f.server.ask(net_test::get("/.well-known/oauth-protected-resource")).body,
           "/dpop_bound_access_tokens_required") == "true");
}

TEST_CASE("a server that checks no proofs takes no bound token") {
  mixed_server server;
  const auto key = sesame::auth::signing_key::generate(sesame::jws_algorithm::es256);
  for (const auto& bound :
       {R"({"cnf":{"jkt":")" + key.kid() + R"("}})", std::string{R"({"cnf":{"x5t#S256":"x"}})"},
        std::string{R"({"cnf":{}})"}, std::string{R"({"cnf":"x"})"},
        R"({"cnf":{"jkt":")" + key.kid() + R"(","kid":"k"}})"}) {
    const auto token = server.issuer.mint({.scopes = "me records:read", .claims = bound});
    for (const std::string_view scheme : {"Bearer", "DPoP"})
      CHECK_MESSAGE(server.ask(http_call("read", "{}", fixture::with(scheme, token))).status == 401,
                    bound);
  }
}

}  // namespace http_dpop_test
