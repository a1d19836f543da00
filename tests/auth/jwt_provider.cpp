// Good tokens pass, and every known way to make a bad one is refused.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/auth/test_issuer.hpp"
#include "sesame/json/base64.hpp"

#include <chrono>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace jwt_provider_test {

using namespace sesame;
using namespace std::chrono_literals;

const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
const std::string server = "https://server.example/mcp";

const test_issuer& issuer() {
  static const test_issuer made;
  return made;
}

/// "accepted", or the name of the error and the detail for the log.
std::string outcome(const jwt_provider& provider, std::string_view token) {
  const auto verified = provider.verify(token, now);
  if (verified) return "accepted";
  return std::string(describe(verified.error().code).name) + ": " + verified.error().detail;
}

std::string outcome(const test_token& token) {
  return outcome(issuer().provider(), issuer().mint(token));
}

/// What becomes of a payload, written by hand and signed by the right key.
std::string outcome_of_payload(std::string_view payload) {
  return outcome(issuer().provider(), issuer().sign(R"({"alg":"ES256"})", payload));
}

const std::string good_claims =
    R"("iss":"https://issuer.example","aud":"https://server.example/mcp","sub":"alice","exp":1700003600)";

void check_setting(std::string_view setting, jwt_settings settings) {
  try {
    const jwt_provider provider(std::move(settings));
    FAIL("taken: " << setting);
  } catch (const configuration_error& wrong) {
    CHECK(wrong.setting() == setting);
  }
}

/// A directory that goes with the test.
class scratch {
 public:
  scratch() : path_(std::filesystem::temp_directory_path() / ("sesame-" + auth::random_token(12))) {
    std::filesystem::create_directory(path_);
  }
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  void write(const char* name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const char* name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void run(const std::string& command) const {
    const auto line = "cd '" + path_.string() + "' && openssl " + command + " 2>openssl.log";
    const int status = std::system(line.c_str());  // NOLINT(concurrency-mt-unsafe)
    INFO(read("openssl.log"));
    REQUIRE(status == 0);
  }

 private:
  std::filesystem::path path_;
};

/// r or s of a DER signature, brought to 32 bytes; `at` moves behind it.
std::string der_integer(std::string_view der, std::size_t& at) {
  REQUIRE(der[at] == 2);
  const std::size_t size = static_cast<unsigned char>(der[at + 1]);
  auto bytes = std::string(der.substr(at + 2, size));
  at += 2 + size;
  if (bytes.size() > 32) bytes.erase(0, bytes.size() - 32);
  return std::string(32 - bytes.size(), '\0') + bytes;
}

struct staff : jwt_provider {
  using jwt_provider::jwt_provider;
};
static_assert(provider<staff>);

TEST_CASE("a good token gives a principal with what it says") {
  const auto provider = issuer().provider();
  const auto caller = provider.verify(issuer().mint({.subject = "bob",
                                                     .scopes = "write read",
                                                     .client_id = "app",
                                                     .now = now,
                                                     .claims = R"({"team":"red"})"}),
                                      now);
  REQUIRE(caller);
  CHECK(caller->issuer == "https://issuer.example");
  CHECK(caller->subject == "bob");
  CHECK(caller->client_id == "app");
  CHECK(caller->scopes == scope_set{"read", "write"});
  CHECK(caller->expires == std::chrono::floor<std::chrono::seconds>(now + 1h));
  CHECK(caller->claims.find(R"("team":"red")") != std::string::npos);
  CHECK(provider.issuers() == std::vector<std::string>{"https://issuer.example"});
}

TEST_CASE("the client is client_id, else azp, else nobody") {
  const auto client = [](const char* claims) {
    const auto provider = issuer().provider();
    return provider.verify(issuer().mint({.now = now, .claims = claims}), now)->client_id;
  };
  CHECK(client(R"({"azp":"two"})") == "two");
  CHECK(client(R"({"azp":"two","client_id":"one"})") == "one");
  CHECK(client("{}").empty());
}

TEST_CASE("tokens of every algorithm are accepted by the issuer's own provider and by no other") {
  for (const auto& row : auth::algorithms) {
    CAPTURE(row.name);
    const test_issuer one(row.algorithm);
    const test_issuer other(row.algorithm);
    const auto token = one.mint({.now = now});
    CHECK(outcome(one.provider(), token) == "accepted");
    CHECK(outcome(other.provider(), token) != "accepted");
    CHECK(outcome(one.provider(), other.mint({.now = now, .header = R"({"kid":null})"})) ==
          "VERIFICATION_FAILED: the signature is not that of the key");
  }
}

TEST_CASE("an RS256 token signed by the openssl program is accepted") {
  const scratch directory;
  const auto text = json::to_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." +
                    json::to_base64url("{" + good_claims + "}");
  directory.write("text", text);
  directory.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem");
  directory.run("pkey -in key.pem -pubout -out public.pem");
  directory.run("req -x509 -key key.pem -subj /CN=issuer -days 1 -out certificate.pem");
  directory.run("dgst -sha256 -sign key.pem -out signature text");
  for (const auto* file : {"public.pem", "certificate.pem"}) {
    const jwt_provider provider({.issuer = issuer().name(),
                                 .audiences = {server},
                                 .keys = {verification_key::from_pem(directory.read(file))}});
    CHECK(outcome(provider, text + "." + json::to_base64url(directory.read("signature"))) ==
          "accepted");
  }
}

TEST_CASE("a PS256 token signed by the openssl program is accepted if its salt is 32 bytes long") {
  const scratch directory;
  const auto text =
      json::to_base64url(R"({"alg":"PS256"})") + "." + json::to_base64url("{" + good_claims + "}");
  directory.write("text", text);
  directory.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem");
  directory.run("pkey -in key.pem -pubout -out public.pem");
  const jwt_provider provider({.issuer = issuer().name(),
                               .audiences = {server},
                               .keys = {verification_key::from_pem(directory.read("public.pem"))}});
  const auto signed_with = [&](const std::string& options) {
    directory.run("dgst -sha256 " + options + " -sign key.pem -out signature text");
    return outcome(provider, text + "." + json::to_base64url(directory.read("signature")));
  };
  const std::string pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:";
  CHECK(signed_with(pss + "32") == "accepted");
  CHECK(signed_with(pss + "20") != "accepted");
  CHECK(signed_with(pss + "0") != "accepted");
  CHECK(signed_with("") != "accepted");
}

TEST_CASE("an ES256 token signed by the openssl program is accepted") {
  const scratch directory;
  const auto text =
      json::to_base64url(R"({"alg":"ES256"})") + "." + json::to_base64url("{" + good_claims + "}");
  directory.write("text", text);
  directory.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
  directory.run("pkey -in key.pem -pubout -out public.pem");
  const jwt_provider provider({.issuer = issuer().name(),
                               .audiences = {server},
                               .keys = {verification_key::from_pem(directory.read("public.pem"))}});
  for (int i = 0; i < 5; ++i) {
    directory.run("dgst -sha256 -sign key.pem -out signature text");
    const auto der = directory.read("signature");
    std::size_t at = 2;
    const auto r = der_integer(der, at);
    const auto s = der_integer(der, at);
    CHECK(outcome(provider, text + "." + json::to_base64url(r + s)) == "accepted");
    CHECK(outcome(provider, text + "." + json::to_base64url(der)) != "accepted");
    CHECK(outcome(provider, text + "." + json::to_base64url(s + r)) != "accepted");
  }
}

TEST_CASE("hostile: an unsigned token") {
  const auto claims = json::to_base64url("{" + good_claims + "}");
  for (const auto* name : {"none", "None", "nOnE", "NONE"}) {
    const auto header = json::to_base64url(R"({"alg":")" + std::string(name) + "\"}");
    CHECK(outcome(issuer().provider(), header + "." + claims + ".") != "accepted");
    CHECK(outcome(issuer().provider(), header + "." + claims + ".AAAA") != "accepted");
    CHECK(outcome(issuer().provider(), issuer().sign(R"({"alg":")" + std::string(name) + "\"}",
                                                     "{" + good_claims + "}")) != "accepted");
  }
}

TEST_CASE("hostile: HS256 with the public key as the secret") {
  const test_issuer rsa(jws_algorithm::rs256);
  const auto text =
      json::to_base64url(R"({"alg":"HS256"})") + "." + json::to_base64url("{" + good_claims + "}");
  const auto pem = rsa.public_pem();
  const auto forge = [&](const std::string& key) {
    return text + "." +
           json::to_base64url(
               auth::detail::hmac(secret(key), auth::facts(jws_algorithm::hs256), text));
  };
  const auto shared = verification_key::from_secret(secret(auth::random_bytes(32)));
  const jwt_provider both({.issuer = rsa.name(),
                           .audiences = {server},
                           .keys = {verification_key::from_pem(pem), shared},
                           .algorithms = {jws_algorithm::rs256, jws_algorithm::hs256}});
  for (const auto& key : {pem, pem.substr(0, pem.size() - 1), rsa.public_jwk()}) {
    CHECK(outcome(rsa.provider(), forge(key)) == "VERIFICATION_FAILED: the algorithm is 'HS256'");
    CHECK(outcome(both, forge(key)) != "accepted");
  }
  const std::string secret_text(shared.shared_secret()->reveal());
  CHECK(outcome(both, forge(secret_text)) == "accepted");
  CHECK(outcome(both, rsa.mint({.now = now})) == "accepted");
}

TEST_CASE("hostile: another kid, and another key under the right kid") {
  CHECK(outcome({.now = now, .header = R"({"kid":"other"})"}) ==
        "VERIFICATION_FAILED: no key fits 'other'");
  CHECK(outcome({.now = now, .header = R"({"kid":"../../dev/null"})"}) != "accepted");
  CHECK(outcome({.now = now, .header = R"({"kid":null})"}) == "accepted");
  const test_issuer other;
  CHECK(outcome(issuer().provider(),
                other.mint({.now = now, .header = R"({"kid":")" + issuer().key().kid() + "\"}"})) ==
        "VERIFICATION_FAILED: the signature is not that of the key");
}

TEST_CASE("hostile: keys that the header brings along or points to") {
  const test_issuer thief;
  const auto forged = [&](const std::string& header) {
    return outcome(issuer().provider(),
                   thief.mint({.now = now, .header = R"({"kid":null,)" + header + "}"}));
  };
  CHECK(forged(R"("jwk":)" + thief.public_jwk()) ==
        "VERIFICATION_FAILED: the signature is not that of the key");
  CHECK(forged(R"("jku":"https://thief.example/jwks")") != "accepted");
  CHECK(forged(R"("x5u":"https://thief.example/cert")") != "accepted");
  CHECK(forged(R"("x5c":["AAAA"])") != "accepted");
  CHECK(outcome({.now = now,
                 .header = R"({"jwk":)" + thief.public_jwk() +
                           R"(,"jku":"https://thief.example","x5u":"x"})"}) == "accepted");
}

TEST_CASE("hostile: signatures that are none") {
  const auto token = issuer().mint({.now = now});
  const auto text = token.substr(0, token.rfind('.') + 1);
  for (const auto& signature : {std::string(64, '\0'), std::string(63, 'x'), std::string(65, 'x'),
                                std::string(32, 'x'), std::string(1, '\0'), std::string(128, 'x')})
    CHECK(outcome(issuer().provider(), text + json::to_base64url(signature)) ==
          "VERIFICATION_FAILED: the signature is not that of the key");
  CHECK(outcome(issuer().provider(), text) != "accepted");
}

TEST_CASE("hostile: a token cut, lengthened, padded or changed anywhere") {
  const auto token = issuer().mint({.now = now});
  const auto provider = issuer().provider();
  REQUIRE(outcome(provider, token) == "accepted");
  for (std::size_t i = 0; i < token.size(); ++i) {
    REQUIRE(outcome(provider, token.substr(0, i)) != "accepted");
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    REQUIRE(outcome(provider, changed) != "accepted");
    changed[i] = '\0';
    REQUIRE(outcome(provider, changed) != "accepted");
  }
  for (const auto& more : {"=", "==", ".", ".AAAA", "A", " ", "\n"})
    CHECK(outcome(provider, token + more) != "accepted");
  CHECK(outcome(provider, token + std::string(1, '\0')) != "accepted");
  CHECK(outcome(provider, " " + token) != "accepted");
  auto padded = token;
  padded.insert(token.find('.'), "=");
  CHECK(outcome(provider, padded) != "accepted");
}

TEST_CASE("hostile: payloads that the right key signed and that still are no claims") {
  CHECK(outcome_of_payload("{" + good_claims + "}") == "accepted");
  for (const auto& payload :
       {std::string("null"), std::string("[]"), std::string("\"x\""), std::string("{"),
        std::string("{" + good_claims +
                    "} "
                    "{}"),
        std::string("no json"), "{" + good_claims + ",\"name\":\"\xff\xfe\"}",
        "{" + good_claims + R"(,"big":1e999})",
        "{" + good_claims + R"(,"big":99999999999999999999999})",
        "{" + good_claims + ",\"deep\":" + std::string(50, '[') + std::string(50, ']') + "}",
        "{" + good_claims + std::string(",\"a\":\"\0\"}", 9)})
    CHECK(outcome_of_payload(payload).starts_with("INVALID_TOKEN: the payload is"));
  CHECK(outcome_of_payload("{" + good_claims + R"(,"sub":"admin"})") ==
        "INVALID_TOKEN: the payload repeats a member");
  CHECK(outcome_of_payload("{" + good_claims + R"(,"\u0073ub":"admin"})") ==
        "INVALID_TOKEN: the payload repeats a member");
  CHECK(outcome_of_payload("{" + good_claims + R"(,"a":[{"b":{"c":1,"c":2}}]})") ==
        "INVALID_TOKEN: the payload repeats a member");
}

TEST_CASE("hostile: 20 KiB of token") {
  CHECK(outcome({.now = now, .claims = R"({"x":")" + std::string(20480, 'x') + "\"}"}) ==
        "INVALID_TOKEN: the token is too long");
}

TEST_CASE("a token outside its time is refused, within the leeway it is not") {
  CHECK(outcome({.expires_in = -29s, .now = now}) == "accepted");
  CHECK(outcome({.expires_in = -30s, .now = now}) == "INVALID_TOKEN: the token has expired");
  CHECK(outcome({.not_before_in = 30s, .now = now}) == "accepted");
  CHECK(outcome({.not_before_in = 31s, .now = now}) == "INVALID_TOKEN: the token is not valid yet");
  CHECK(outcome({.now = now + 31s}) == "INVALID_TOKEN: the token was issued in the future");
  CHECK(outcome({.now = now, .claims = R"({"exp":null})"}) ==
        "INVALID_TOKEN: the token does not say when it expires");
  for (const auto* claims :
       {R"({"exp":"1700003600"})", R"({"exp":1e300})", R"({"exp":18446744073709551615})",
        R"({"exp":-1})", R"({"nbf":"0"})", R"({"iat":true})", R"({"exp":[1700003600]})"})
    CHECK(outcome({.now = now, .claims = claims}) ==
          "INVALID_TOKEN: exp, nbf or iat is not a time");
  CHECK(outcome({.now = now, .claims = R"({"exp":1700003600.5})"}) == "accepted");
  CHECK(outcome({.now = now, .claims = R"({"exp":253402300799})"}) == "accepted");
}

TEST_CASE("a fraction of a second decides nothing early") {
  const auto provider = issuer().provider();
  const auto token = issuer().mint({.expires_in = 0s, .now = now});
  CHECK(provider.verify(token, now + 29999ms).has_value());
  CHECK_FALSE(provider.verify(token, now + 30s).has_value());
}

TEST_CASE("max_age bounds the age of a token by its iat") {
  auto settings = issuer().settings();
  settings.max_age = 10min;
  const jwt_provider provider(settings);
  CHECK(outcome(provider, issuer().mint({.now = now - 10min})) == "accepted");
  CHECK(outcome(provider, issuer().mint({.now = now - 11min})) ==
        "INVALID_TOKEN: the token is too old");
  CHECK(outcome(provider, issuer().mint({.now = now, .claims = R"({"iat":null})"})) ==
        "INVALID_TOKEN: the token does not say when it was issued");
}

TEST_CASE("hostile: tokens of other issuers and for other servers") {
  CHECK(outcome({.now = now, .claims = R"({"iss":"https://issuer.example/"})"}) ==
        "VERIFICATION_FAILED: the issuer is 'https://issuer.example/'");
  CHECK(outcome({.now = now, .claims = R"({"iss":null})"}) ==
        "VERIFICATION_FAILED: the token names no issuer");
  CHECK(outcome({.audience = "https://other.example", .now = now}) ==
        "VERIFICATION_FAILED: the audience is 'https://other.example'");
  CHECK(outcome({.audience = "https://server.example/mcp/", .now = now}) != "accepted");
  CHECK(outcome({.audience = "https://server.example/", .now = now}) != "accepted");
  CHECK(outcome({.now = now, .claims = R"({"aud":null})"}) ==
        "VERIFICATION_FAILED: the token names no audience");
  CHECK(outcome({.now = now,
                 .claims = R"({"aud":["https://x.example","https://server.example/mcp"]})"}) ==
        "accepted");
  CHECK(outcome({.now = now, .claims = R"({"aud":["https://x.example"]})"}) != "accepted");
}

TEST_CASE("hostile: nobody in particular") {
  for (const auto* claims : {R"({"sub":""})", R"({"sub":null})", R"({"sub":7})",
                             R"({"sub":["alice"]})", R"({"sub":"a\u0000b"})", R"({"sub":"a\nb"})"})
    CHECK(outcome({.now = now, .claims = claims}) ==
          "INVALID_TOKEN: the token has no usable subject");
}

TEST_CASE("hostile: tokens of another type") {
  for (const auto* type : {"dpop+jwt", "logout+jwt", "oauth-id-jag+jwt", "JWE", ""})
    CHECK(outcome({.now = now, .header = R"({"typ":")" + std::string(type) + "\"}"})
              .starts_with("VERIFICATION_FAILED: the type is"));
  CHECK(outcome({.now = now, .header = R"({"typ":"application/at+jwt"})"}) == "accepted");
  CHECK(outcome({.now = now, .header = R"({"typ":null})"}) == "accepted");
  auto settings = issuer().settings();
  settings.types = {"at+jwt"};
  settings.required_claims = {{"token_use", {"access"}}};
  const jwt_provider strict(settings);
  const auto strict_outcome = [&](const char* header, const char* claims) {
    return outcome(strict, issuer().mint({.now = now, .claims = claims, .header = header}));
  };
  CHECK(strict_outcome("{}", R"({"token_use":"access"})") == "accepted");
  CHECK(strict_outcome("{}", R"({"token_use":"id"})") ==
        "VERIFICATION_FAILED: the claim 'token_use' is not as required");
  CHECK(strict_outcome(R"({"typ":"JWT"})", R"({"token_use":"access"})") ==
        "VERIFICATION_FAILED: the type is 'JWT'");
  CHECK(strict_outcome(R"({"typ":null})", R"({"token_use":"access"})") ==
        "VERIFICATION_FAILED: the token has no type");
}

TEST_CASE("a missing scope is another thing than a bad token, and is looked at last") {
  auto settings = issuer().settings();
  settings.required_scopes = {"read"};
  const jwt_provider provider(settings);
  CHECK(outcome(provider, issuer().mint({.scopes = "read write", .now = now})) == "accepted");
  CHECK(outcome(provider, issuer().mint({.now = now, .claims = R"({"scp":["read"]})"})) ==
        "accepted");
  CHECK(outcome(provider, issuer().mint({.scopes = "write", .now = now}))
            .starts_with("INSUFFICIENT_SCOPE"));
  CHECK(outcome(provider, issuer().mint({.scopes = "write", .expires_in = -1h, .now = now}))
            .starts_with("INVALID_TOKEN"));
}

TEST_CASE("claims are looked at only once the signature is good") {
  const test_issuer other;
  const auto expired = other.mint({.expires_in = -1h, .now = now, .header = R"({"kid":null})"});
  CHECK(outcome(issuer().provider(), expired) ==
        "VERIFICATION_FAILED: the signature is not that of the key");
}

TEST_CASE("the algorithms are those named, or else those of the asymmetric keys") {
  const test_issuer rsa(jws_algorithm::rs256);
  jwt_settings settings{.issuer = rsa.name(),
                        .audiences = {server},
                        .keys = {verification_key::from_pem(rsa.public_pem())}};
  const jwt_provider derived(settings);
  CHECK(derived.settings().algorithms == std::vector{jws_algorithm::rs256, jws_algorithm::rs384,
                                                     jws_algorithm::rs512, jws_algorithm::ps256,
                                                     jws_algorithm::ps384, jws_algorithm::ps512});
  CHECK(outcome(derived, rsa.mint({.now = now})) == "accepted");
  settings.algorithms = {jws_algorithm::ps256};
  CHECK(outcome(jwt_provider(settings), rsa.mint({.now = now})) ==
        "VERIFICATION_FAILED: the algorithm is 'RS256'");
}

TEST_CASE("wrong settings are refused by name when the provider is made") {
  const auto good = issuer().settings();
  const auto with = [&](auto change) {
    auto settings = good;
    change(settings);
    return settings;
  };
  check_setting("issuer", with([](auto& s) { s.issuer = ""; }));
  check_setting("audiences", with([](auto& s) { s.audiences = {}; }));
  check_setting("audiences", with([](auto& s) { s.audiences = {"a", ""}; }));
  check_setting("audience_claim", with([](auto& s) { s.audience_claim = ""; }));
  check_setting("keys", with([](auto& s) { s.keys = {}; }));
  check_setting("leeway", with([](auto& s) { s.leeway = -1s; }));
  check_setting("leeway", with([](auto& s) { s.leeway = 301s; }));
  check_setting("max_age", with([](auto& s) { s.max_age = 0s; }));
  check_setting("types", with([](auto& s) { s.types = {}; }));
  check_setting("algorithms", with([](auto& s) { s.algorithms = {jws_algorithm::rs256}; }));
  check_setting("algorithms", with([](auto& s) { s.algorithms.push_back(jws_algorithm::hs256); }));
  const auto shared = verification_key::from_secret(secret(std::string(32, 's')));
  check_setting("algorithms", with([&](auto& s) {
                  s.keys = {shared};
                  s.algorithms = {};
                }));
  check_setting("algorithms", with([&](auto& s) {
                  s.keys.push_back(shared);
                  s.algorithms = {};
                }));
  CHECK_NOTHROW(jwt_provider{good});
}

TEST_CASE("threads may share a provider") {
  const auto provider = issuer().provider();
  const auto token = issuer().mint({.now = now});
  std::vector<int> accepted(4);
  {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (auto& count : accepted)
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) count += provider.verify(token, now).has_value();
      });
    for (auto& thread : threads) thread.join();
  }
  for (const int count : accepted) CHECK(count == 100);
}

TEST_CASE("a refused token leaves OpenSSL's error queue as it was") {
  static_cast<void>(outcome(issuer().provider(), test_issuer().mint({.now = now})));
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("a provider's map and its function say what a caller is called and may do") {
  auto settings = issuer().settings();
  settings.claims.roles = {"groups"};
  settings.map_claims = [](principal& caller, json::object claims) {
    caller.user.name = caller.user.username + " of " + caller.issuer;
    if (json::find_string(claims, "plan") == "pro") caller.permissions.insert("export");
    caller.scopes.insert("mapped");
  };
  settings.required_scopes = {"mapped"};
  const jwt_provider provider(std::move(settings));
  const auto caller = provider.verify(
      issuer().mint({.subject = "c1",
                     .client_id = "c1",
                     .now = now,
                     .claims = R"({"username":"ann","groups":["a"],"plan":"pro"})"}),
      now);
  REQUIRE(caller);
  CHECK(caller->user.user_id == "c1");
  CHECK(caller->user.name == "ann of https://issuer.example");
  CHECK(caller->roles == text_set{"a"});
  CHECK(caller->permissions == text_set{"export"});
  CHECK(caller->is_machine);
  CHECK(caller->claim<std::string>("plan") == "pro");
}

TEST_CASE("a provider's own check refuses what no table can say, after all other checks") {
  const auto outcome_of = [](std::function<auth::step(json::object)> check, std::string claims) {
    auto settings = issuer().settings();
    settings.check = std::move(check);
    return outcome(jwt_provider(std::move(settings)),
                   issuer().mint({.now = now, .claims = std::move(claims)}));
  };
  const auto no_guests = [](json::object claims) -> auth::step {
    if (json::find_string(claims, "kind") != "guest") return {};
    return auth::detail::mismatch("guests stay outside");
  };
  CHECK(outcome_of(no_guests, R"({"kind":"member"})") == "accepted");
  CHECK(outcome_of(no_guests, R"({"kind":"guest"})") == "VERIFICATION_FAILED: guests stay outside");
  CHECK(outcome_of(no_guests, R"({"kind":"guest","iss":"other"})") ==
        "VERIFICATION_FAILED: the issuer is 'other'");
  CHECK(outcome_of([](json::object) -> auth::step { throw std::runtime_error("no database"); },
                   "{}") == "VERIFICATION_FAILED: check threw: no database");
  CHECK(outcome_of([](json::object) -> auth::step { throw 7; }, "{}") ==
        "VERIFICATION_FAILED: check threw something that is no std::exception");
}

TEST_CASE("hostile: nothing that describes a caller can change who it is, and none is nobody") {
  const auto outcome_of = [](claim_map map, std::function<void(principal&, json::object)> function,
                             std::string claims = "{}") {
    auto settings = issuer().settings();
    settings.claims = map;
    settings.map_claims = std::move(function);
    return outcome(jwt_provider(std::move(settings)),
                   issuer().mint({.now = now, .claims = std::move(claims)}));
  };
  CHECK(outcome_of({}, nullptr) == "accepted");
  const auto unusable = "INVALID_TOKEN: the token has no usable user_id";
  CHECK(outcome_of({.user_id = {"oid"}}, nullptr) == unusable);
  CHECK(outcome_of({.user_id = {"oid"}}, nullptr, R"({"oid":"a\nb"})") == unusable);
  CHECK(outcome_of({.user_id = {"oid"}}, nullptr, R"({"oid":7})") == "accepted");
  CHECK(outcome_of({}, [](principal& caller, json::object) { caller.user.user_id.clear(); }) ==
        unusable);
  const auto changed = "VERIFICATION_FAILED: map_claims changed who is calling";
  CHECK(outcome_of({}, [](principal& caller, json::object) { caller.subject = "root"; }) ==
        changed);
  CHECK(outcome_of({}, [](principal& caller, json::object) { caller.issuer += "/"; }) == changed);
  CHECK(outcome_of({}, [](principal& caller, json::object) { caller.expires += 1h; }) == changed);
  CHECK(outcome_of({}, [](principal&, json::object) { throw std::runtime_error("no database"); }) ==
        "VERIFICATION_FAILED: map_claims threw: no database");
  CHECK(outcome_of({}, [](principal&, json::object) { throw 7; }) ==
        "VERIFICATION_FAILED: map_claims threw something that is no std::exception");
}

}  // namespace jwt_provider_test
