// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/dpop.hpp"

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace dpop_test {

using namespace std::chrono_literals;
namespace auth = sesame::auth;
using auth::dpop_verifier;
using sesame::auth_error;
using sesame::jws_algorithm;
using clock = std::chrono::system_clock;

constexpr std::string_view url = "https://mcp.example/base/mcp";
constexpr std::string_view token = "the.access.token";
const auto now = clock::now();

std::string seconds(clock::time_point when) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

// A proof, in parts that can be changed.
struct proof {
  auth::signing_key key = auth::signing_key::generate(jws_algorithm::es256);
  std::string type = R"("dpop+jwt")";
  std::string algorithm = R"("ES256")";
  std::string jwk = key.public_jwk();
  std::string more_header{};
  std::string jti = R"("unique 1")";
  std::string htm = R"("POST")";
  std::string htu = R"("https://mcp.example/base/mcp")";
  std::string iat = seconds(now);
  std::string ath = '"' + sesame::json::to_base64url(auth::sha256(token)) + '"';

  [[nodiscard]] std::string text() const {
    const auto member = [](std::string& to, std::string_view name, const std::string& value) {
      if (value.empty()) return;
      to += to.size() > 1 ? "," : "";
      to.append("\"").append(name).append("\":").append(value);
    };
    std::string header = "{";
    member(header, "typ", type);
    member(header, "alg", algorithm);
    member(header, "jwk", jwk);
    header += more_header + "}";
    std::string payload = "{";
    member(payload, "jti", jti);
    member(payload, "htm", htm);
    member(payload, "htu", htu);
    member(payload, "iat", iat);
    member(payload, "ath", ath);
    return key.sign(header, payload + "}");
  }
};

std::string outcome(dpop_verifier& verifier, std::string_view text) {
  const auto done = verifier.verify(text, {.method = "POST", .url = url, .token = token}, now);
  return done ? "thumbprint " + *done : std::string{describe(done.error().code).name};
}

TEST_CASE("the example of RFC 9449, section 7.1, is a good proof") {
  constexpr std::string_view example =
      "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik"
      "VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
      "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
      "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIj"
      "oiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0Z"
      "WRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF"
      "c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71E"
      "OptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
  const auth::dpop_request request{.method = "GET",
                                   .url = "https://resource.example.org/protectedresource",
                                   .token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"};
  const clock::time_point then{std::chrono::seconds{1562262618}};
  dpop_verifier verifier{{}};
  const auto key = verifier.verify(example, request, then + 10s);
  REQUIRE(key);
  CHECK(*key == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  CHECK(verifier.verify(example, request, then + 20s).error().code ==
        auth_error::invalid_dpop_proof);
}

TEST_CASE("a proof of each algorithm names its key") {
  for (const auto algorithm :
       {jws_algorithm::es256, jws_algorithm::eddsa, jws_algorithm::ps256, jws_algorithm::rs256}) {
    const auto name = '"' + std::string{auth::facts(algorithm).name} + '"';
    const proof good{.key = auth::signing_key::generate(algorithm), .algorithm = name};
    dpop_verifier verifier{{}};
    CHECK(outcome(verifier, good.text()) == "thumbprint " + good.key.kid());
  }
}

TEST_CASE("each thing that can be wrong with a proof is found") {
  const proof good;
  const auto other = auth::signing_key::generate(jws_algorithm::es256);
  const auto changed = [&](auto change) {
    auto copy = good;
    change(copy);
    return copy.text();
  };
  auto cut = good.text();
  cut.pop_back();
  const std::vector<std::pair<std::string, std::string>> bad{
      {"nothing", ""},
      {"no JWT", "proof"},
      {"without its end", cut},
      {"without its signature", good.text().substr(0, good.text().rfind('.') + 1)},
      {"of another type", changed([](auto& p) { p.type = R"("at+jwt")"; })},
      {"without a type", changed([](auto& p) { p.type.clear(); })},
      {"signed by none", changed([](auto& p) { p.algorithm = R"("none")"; })},
      {"signed with a secret", changed([](auto& p) { p.algorithm = R"("HS256")"; })},
      {"of an algorithm that is not accepted",
       changed([](auto& p) { p.algorithm = R"("ES384")"; })},
      {"without a key", changed([](auto& p) { p.jwk.clear(); })},
      {"with no key for one", changed([](auto& p) { p.jwk = R"("key")"; })},
      {"with a shared key", changed([](auto& p) { p.jwk = R"({"kty":"oct","k":"c2VjcmV0"})"; })},
      {"with a private key",
       changed([](auto& p) { p.jwk.insert(p.jwk.size() - 1, R"(,"d":"AAAA")"); })},
      {"with a key for encryption",
       changed([](auto& p) { p.jwk.replace(p.jwk.find(R"("sig")"), 5, R"("enc")"); })},
      {"with another's key", changed([&](auto& p) { p.jwk = other.public_jwk(); })},
      {"with an extension", changed([](auto& p) { p.more_header = R"(,"crit":["exp"],"exp":1)"; })},
      {"with two keys",
       changed([&](auto& p) { p.more_header = R"(,"jwk":)" + other.public_jwk(); })},
      {"without jti", changed([](auto& p) { p.jti.clear(); })},
      {"with a number for jti", changed([](auto& p) { p.jti = "1"; })},
      {"with an empty jti", changed([](auto& p) { p.jti = R"("")"; })},
      {"for another method", changed([](auto& p) { p.htm = R"("GET")"; })},
      {"for the method in other letters", changed([](auto& p) { p.htm = R"("post")"; })},
      {"without a method", changed([](auto& p) { p.htm.clear(); })},
      {"for another path", changed([](auto& p) { p.htu = R"("https://mcp.example/base")"; })},
      {"for another host", changed([](auto& p) { p.htu = R"("https://evil.example/base/mcp")"; })},
      {"for another scheme", changed([](auto& p) { p.htu = R"("http://mcp.example/base/mcp")"; })},
      {"for another port",
       changed([](auto& p) { p.htu = R"("https://mcp.example:8443/base/mcp")"; })},
      {"for a path alone", changed([](auto& p) { p.htu = R"("/base/mcp")"; })},
      {"without a place", changed([](auto& p) { p.htu.clear(); })},
      {"too old", changed([](auto& p) { p.iat = seconds(now - 91s); })},
      {"of a time to come", changed([](auto& p) { p.iat = seconds(now + 32s); })},
      {"without a time", changed([](auto& p) { p.iat.clear(); })},
      {"with a text for its time", changed([](auto& p) { p.iat = R"("now")"; })},
      {"with an endless time", changed([](auto& p) { p.iat = "1e300"; })},
      {"without the token", changed([](auto& p) { p.ath.clear(); })},
      {"for another token", changed([](auto& p) {
         p.ath = '"' + sesame::json::to_base64url(auth::sha256("another")) + '"';
       })},
  };
  dpop_verifier verifier{{}};
  for (const auto& [what, text] : bad)
    CHECK_MESSAGE(outcome(verifier, text) == "INVALID_DPOP_PROOF", what);
  // None of them used the good one up.
  CHECK(outcome(verifier, good.text()).starts_with("thumbprint"));
}

TEST_CASE("a place is the same with a query, a fragment, the default port, or a host in capitals") {
  dpop_verifier verifier{{}};
  int i = 0;
  for (const auto* same : {"https://mcp.example/base/mcp?x=1", "https://mcp.example/base/mcp#part",
                           "https://mcp.example:443/base/mcp", "HTTPS://MCP.Example/base/mcp"}) {
    proof one;
    one.jti = '"' + std::to_string(++i) + '"';
    one.htu = '"' + std::string{same} + '"';
    CHECK_MESSAGE(outcome(verifier, one.text()).starts_with("thumbprint"), same);
  }
}

TEST_CASE("a proof is good once, and its name another key's too") {
  dpop_verifier verifier{{}};
  const proof one;
  const proof other;
  CHECK(outcome(verifier, one.text()).starts_with("thumbprint"));
  CHECK(outcome(verifier, one.text()) == "INVALID_DPOP_PROOF");
  CHECK(outcome(verifier, other.text()).starts_with("thumbprint"));
  auto later = one;
  later.jti = R"("unique 2")";
  CHECK(outcome(verifier, later.text()).starts_with("thumbprint"));
}

TEST_CASE("a proof is remembered for as long as it can be good, and no longer") {
  const auth::dpop_request request{.method = "POST", .url = url, .token = token};
  dpop_verifier verifier{{.max_age = 60s, .leeway = 30s, .max_proofs = 3}};
  proof early;
  early.iat = seconds(now + 29s);
  CHECK(verifier.verify(early.text(), request, now));
  // At the last moment at which it is good.
  CHECK(verifier.verify(early.text(), request, now + 118s).error().detail ==
        "the proof was presented before");
  proof one;
  for (int i = 0; i < 2; ++i) {
    one.jti = std::to_string(i);
    one.jti = '"' + one.jti + '"';
    one.iat = seconds(now + 119s);
    CHECK(verifier.verify(one.text(), request, now + 119s));
  }
  one.jti = R"("one too many")";
  CHECK(verifier.verify(one.text(), request, now + 119s).error().code == auth_error::unavailable);
  one.iat = seconds(now + 500s);
  CHECK(verifier.verify(one.text(), request, now + 500s));
}

TEST_CASE("of threads that present the same proof one is let in") {
  dpop_verifier verifier{{}};
  const auto text = proof{}.text();
  std::atomic<int> let_in = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] { let_in += outcome(verifier, text).starts_with("thumbprint"); });
  for (auto& each : threads) each.join();
  CHECK(let_in == 1);
}

TEST_CASE("settings that make no sense are named") {
  const auto refused = [](sesame::dpop_settings settings) {
    try {
      dpop_verifier verifier(std::move(settings));
      return std::string{"none"};
    } catch (const sesame::configuration_error& wrong) {
      return std::string{wrong.what()}.substr(0, std::string{wrong.what()}.find(':'));
    }
  };
  CHECK(refused({.algorithms = {}}) == "algorithms");
  CHECK(refused({.algorithms = {jws_algorithm::hs256}}) == "algorithms");
  CHECK(refused({.max_age = 601s}) == "max_age");
  CHECK(refused({.leeway = -1s}) == "leeway");
  CHECK(refused({.max_proofs = 0}) == "max_proofs");
  CHECK(refused({}) == "none");
}

}  // namespace dpop_test
