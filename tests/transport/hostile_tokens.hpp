// Tokens that a server must not take, each as one row: how it is made, and why it is refused; and
// tokens made in the same ways that are good.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/challenge.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/auth/test_issuer.hpp"
#include "sesame/json/base64.hpp"

#include "server/support.hpp"
#include <chrono>
#include <cstddef>
#include <doctest/doctest.h>
#include <initializer_list>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string>
#include <string_view>
#include <utility>

namespace hostile_tokens {

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using server_test::text_at;
using sesame::auth_error;
using sesame::jws_algorithm;
using sesame::json::to_base64url;

// An RSA key that signs in whatever way it is told to.
class rsa_key {
 public:
  explicit rsa_key(std::size_t bits) : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)) {}

  [[nodiscard]] std::string pem() const {
    const sesame::auth::detail::handle<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_PUBKEY(out.get(), key_.get()) == 1);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }
  [[nodiscard]] std::string sign(std::string_view bytes, const EVP_MD* hash) const {
    return sign(bytes, hash, [](EVP_PKEY_CTX*) { return true; });
  }
  [[nodiscard]] std::string sign_pss(std::string_view bytes, int salt) const {
    return sign(bytes, EVP_sha256(), [salt](EVP_PKEY_CTX* how) {
      return EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(how, salt) == 1;
    });
  }

 private:
  template <class Prepare>
  [[nodiscard]] std::string sign(std::string_view bytes, const EVP_MD* hash,
                                 Prepare prepare) const {
    using sesame::auth::detail::bytes_of;
    const sesame::auth::detail::digest_context context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* how = nullptr;
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    REQUIRE(EVP_DigestSignInit(context.get(), &how, hash, nullptr, key_.get()) == 1);
    REQUIRE(prepare(how));
    REQUIRE(EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(bytes),
                           bytes.size()) == 1);
    return signature;
  }

  sesame::auth::detail::key_handle key_;
};

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  return bytes;
}

// The order of P-256's base point (FIPS 186-5), and of Ed25519's, least byte first (RFC 8032).
inline const std::string p256_order =
    from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
inline const std::string ed25519_order =
    from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

// What an attacker has: the public keys, keys of its own, tokens for itself, and, for what an issuer
// should not have signed but did, the issuer's hand.
struct workshop {
  sesame::test_issuer issuer;
  sesame::test_issuer thief;  // under the same name
  rsa_key rsa{2048};
  rsa_key small_rsa{1024};
  sesame::auth::signing_key edwards = sesame::auth::signing_key::generate(jws_algorithm::eddsa);
  std::chrono::sys_seconds now =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::string exp = std::to_string((now + 1h).time_since_epoch().count());
  std::string members =
      R"("iss":"https://issuer.example","aud":"https://server.example/mcp","sub":"alice","exp":)" +
      exp;

  [[nodiscard]] sesame::jwt_settings settings() const {
    auto made = issuer.settings();
    made.keys.push_back(sesame::verification_key::from_pem(rsa.pem(), "rsa"));
    made.keys.push_back(edwards.verifier());
    made.algorithms = {jws_algorithm::es256, jws_algorithm::rs256, jws_algorithm::ps256,
                       jws_algorithm::eddsa};
    made.types = {"at+jwt"};
    return made;
  }

  [[nodiscard]] std::string good() const { return issuer.mint({.now = now}); }
  // Good but for these claims, or for these members of the header.
  [[nodiscard]] std::string claims(const std::string& changed) const {
    return issuer.mint({.now = now, .claims = changed});
  }
  [[nodiscard]] std::string header(const std::string& changed) const {
    return issuer.mint({.now = now, .header = changed});
  }
  // Good but for the text of its payload, or of its header.
  [[nodiscard]] std::string payload(std::string_view text) const {
    return issuer.sign(R"({"alg":"ES256","typ":"at+jwt"})", text);
  }
  [[nodiscard]] std::string more_claims(const std::string& more) const {
    return payload("{" + members + "," + more + "}");
  }
  [[nodiscard]] std::string head(std::string_view text) const {
    return issuer.sign(text, "{" + members + "}");
  }
  // What a signature is made over, and a token with whatever signature.
  [[nodiscard]] std::string text(const std::string& algorithm, const std::string& kid = "") const {
    return to_base64url(R"({"alg":")" + algorithm + R"(","typ":"at+jwt")" +
                        (kid.empty() ? "" : R"(,"kid":")" + kid + '"') + "}") +
           "." + to_base64url("{" + members + "}");
  }
  [[nodiscard]] static std::string with_signature(const std::string& text,
                                                  std::string_view signature) {
    return text + "." + to_base64url(signature);
  }
  [[nodiscard]] std::string forged(const std::string& algorithm, std::string_view signature) const {
    return with_signature(text(algorithm), signature);
  }
  [[nodiscard]] std::string hs256(std::string key) const {
    return forged("HS256", sesame::auth::detail::hmac(sesame::secret(std::move(key)),
                                                      sesame::auth::facts(jws_algorithm::hs256),
                                                      text("HS256")));
  }
  [[nodiscard]] std::string es256(std::string_view text_signed = {}) const {
    return issuer.key().sign_bytes(text_signed.empty() ? text("ES256") : text_signed);
  }
  [[nodiscard]] std::string stolen(const std::string& header) const {
    return thief.mint({.now = now, .header = R"({"kid":null,)" + header + "}"});
  }
  // Made once: RSA keys take their time.
  [[nodiscard]] static const workshop& open() {
    static const workshop made;
    return made;
  }
};

struct attack {
  std::string_view name;
  std::string (*token)(const workshop&);
  auth_error code;
  std::string_view why;  // how the log begins to tell
};

using in = const workshop&;
inline constexpr auto malformed = auth_error::invalid_token;
inline constexpr auto foreign = auth_error::verification_failed;
inline constexpr std::string_view bad_signature = "the signature is not that of the key";
inline constexpr std::string_view not_three = "the token does not have three parts";
inline constexpr std::string_view not_base64url = "a part of the token is not base64url";
inline constexpr std::string_view not_a_time = "exp, nbf or iat is not a time";
inline constexpr std::string_view no_subject = "the token has no usable subject";
inline constexpr std::string_view extension = "the header asks for an extension";

inline const std::initializer_list<attack> attacks{
    // Unsigned, or by an algorithm that nobody allowed.
    {"alg none without a signature", [](in w) { return w.text("none") + "."; }, malformed,
     not_three},
    {"alg none with a signature", [](in w) { return w.forged("none", w.es256()); }, foreign,
     "the algorithm is 'none'"},
    {"alg NONE", [](in w) { return w.forged("NONE", w.es256()); }, foreign,
     "the algorithm is 'NONE'"},
    {"alg nOnE, signed by the right key", [](in w) { return w.header(R"({"alg":"nOnE"})"); },
     foreign, "the algorithm is 'nOnE'"},
    {"the unsecured token of RFC 7519, section 6.1",
     [](in) {
       return "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
              "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ."s;
     },
     malformed, not_three},
    {"the token of RFC 7515, appendix A.1",
     [](in) {
       return "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODA"
              "sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_w"
              "W1gFWFOEjXk"s;
     },
     foreign, "the algorithm is 'HS256'"},
    {"the signature of RFC 8037, appendix A.4",
     [](in) {
       return "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7"
              "-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"s;
     },
     foreign, bad_signature},
    {"no alg", [](in w) { return w.header(R"({"alg":null})"); }, malformed,
     "the header names no algorithm"},
    {"an alg that is a number", [](in w) { return w.header(R"({"alg":256})"); }, malformed,
     "the header names no algorithm"},
    {"an alg that is a list", [](in w) { return w.header(R"({"alg":["ES256"]})"); }, malformed,
     "the header names no algorithm"},
    {"an empty alg", [](in w) { return w.header(R"({"alg":""})"); }, foreign,
     "the algorithm is ''"},
    {"alg in another case", [](in w) { return w.header(R"({"alg":"es256"})"); }, foreign,
     "the algorithm is 'es256'"},
    {"an alg with a zero byte behind it", [](in w) { return w.header(R"({"alg":"ES256\u0000"})"); },
     foreign, "the algorithm is 'ES256?'"},
    {"an alg that is ours but not the server's",
     [](in w) { return w.header(R"({"alg":"RS512"})"); }, foreign, "the algorithm is 'RS512'"},
    {"HS256 with the public PEM as the secret", [](in w) { return w.hs256(w.rsa.pem()); }, foreign,
     "the algorithm is 'HS256'"},
    {"HS256 with the PEM without its last line end",
     [](in w) {
       return w.hs256(w.issuer.public_pem().substr(0, w.issuer.public_pem().size() - 1));
     },
     foreign, "the algorithm is 'HS256'"},
    {"HS256 with the JWK as the secret", [](in w) { return w.hs256(w.issuer.public_jwk()); },
     foreign, "the algorithm is 'HS256'"},
    {"HS256 with the bytes of the JWK's x",
     [](in w) {
       const auto x = text_at(w.issuer.public_jwk(), "/x");
       return w.hs256(sesame::json::from_base64url(x).value());
     },
     foreign, "the algorithm is 'HS256'"},
    {"HS256 with the kid as the secret", [](in w) { return w.hs256(w.issuer.key().kid()); },
     foreign, "the algorithm is 'HS256'"},
    {"HS256 with an empty secret", [](in w) { return w.hs256(""); }, foreign,
     "the algorithm is 'HS256'"},

    // Signatures that are none.
    {"ES256 with r and s zero", [](in w) { return w.forged("ES256", std::string(64, '\0')); },
     foreign, bad_signature},
    {"ES256 with r zero",
     [](in w) { return w.forged("ES256", std::string(32, '\0') + w.es256().substr(32)); }, foreign,
     bad_signature},
    {"ES256 with s zero",
     [](in w) { return w.forged("ES256", w.es256().substr(0, 32) + std::string(32, '\0')); },
     foreign, bad_signature},
    {"ES256 with r the order of the curve",
     [](in w) { return w.forged("ES256", p256_order + w.es256().substr(32)); }, foreign,
     bad_signature},
    {"ES256 with s the order of the curve",
     [](in w) { return w.forged("ES256", w.es256().substr(0, 32) + p256_order); }, foreign,
     bad_signature},
    {"ES256 with r and s one",
     [](in w) {
       const auto one = std::string(31, '\0') + '\1';
       return w.forged("ES256", one + one);
     },
     foreign, bad_signature},
    {"ES256 with r and s exchanged",
     [](in w) {
       const auto raw = w.es256();
       return w.forged("ES256", raw.substr(32) + raw.substr(0, 32));
     },
     foreign, bad_signature},
    {"ES256 in DER",
     [](in w) { return w.forged("ES256", sesame::auth::detail::ecdsa_to_der(w.es256(), 32)); },
     foreign, bad_signature},
    {"ES256 with a byte less", [](in w) { return w.forged("ES256", w.es256().substr(0, 63)); },
     foreign, bad_signature},
    {"ES256 with a byte more", [](in w) { return w.forged("ES256", w.es256() + '\0'); }, foreign,
     bad_signature},
    {"ES256 with halves of 48 bytes",
     [](in w) {
       const auto raw = w.es256();
       const std::string zeros(16, '\0');
       return w.forged("ES256", zeros + raw.substr(0, 32) + zeros + raw.substr(32));
     },
     foreign, bad_signature},
    {"ES256 with one half", [](in w) { return w.forged("ES256", w.es256().substr(0, 32)); },
     foreign, bad_signature},
    {"the signature of another token", [](in w) { return w.forged("ES256", w.es256("other")); },
     foreign, bad_signature},
    {"a payload that was changed",
     [](in w) {
       const auto token = w.good();
       const auto from = token.find('.'), to = token.rfind('.');
       return token.substr(0, from + 1) + to_base64url("{" + w.members + R"(,"scope":"all"})") +
              token.substr(to);
     },
     foreign, bad_signature},
    {"a header that was changed",
     [](in w) {
       const auto token = w.good();
       return to_base64url(R"({"alg":"ES256","typ":"at+jwt"})") + token.substr(token.find('.'));
     },
     foreign, bad_signature},
    {"PS256 with an empty salt",
     [](in w) { return w.forged("PS256", w.rsa.sign_pss(w.text("PS256"), 0)); }, foreign,
     bad_signature},
    {"PS256 with the longest salt",
     [](in w) { return w.forged("PS256", w.rsa.sign_pss(w.text("PS256"), RSA_PSS_SALTLEN_MAX)); },
     foreign, bad_signature},
    {"PS256 with a salt one byte short",
     [](in w) { return w.forged("PS256", w.rsa.sign_pss(w.text("PS256"), 31)); }, foreign,
     bad_signature},
    {"PS256 that is PKCS #1",
     [](in w) { return w.forged("PS256", w.rsa.sign(w.text("PS256"), EVP_sha256())); }, foreign,
     bad_signature},
    {"RS256 that is PSS",
     [](in w) { return w.forged("RS256", w.rsa.sign_pss(w.text("RS256"), 32)); }, foreign,
     bad_signature},
    {"RS256 with SHA-1",
     [](in w) { return w.forged("RS256", w.rsa.sign(w.text("RS256"), EVP_sha1())); }, foreign,
     bad_signature},
    {"RS256 by a key of 1024 bits",
     [](in w) {
       const auto text = w.text("RS256", "rsa");
       return w.with_signature(text, w.small_rsa.sign(text, EVP_sha256()));
     },
     foreign, bad_signature},
    {"RS256 with a byte more",
     [](in w) { return w.forged("RS256", w.rsa.sign(w.text("RS256"), EVP_sha256()) + '\0'); },
     foreign, bad_signature},
    {"RS256 with a signature beyond the modulus",
     [](in w) { return w.forged("RS256", std::string(256, '\xff')); }, foreign, bad_signature},
    {"RS256 with a signature that is zero",
     [](in w) { return w.forged("RS256", std::string(256, '\0')); }, foreign, bad_signature},
    {"EdDSA with S beyond the order",
     [](in w) {
       auto signature = w.edwards.sign_bytes(w.text("EdDSA"));
       unsigned carry = 0;
       for (std::size_t i = 0; i < 32; ++i) {
         carry += static_cast<unsigned char>(signature[32 + i]);
         carry += static_cast<unsigned char>(ed25519_order[i]);
         signature[32 + i] = static_cast<char>(carry & 0xff);
         carry >>= 8;
       }
       return w.forged("EdDSA", signature);
     },
     foreign, bad_signature},

    // Keys.
    {"by another key, under its own name", [](in w) { return w.thief.mint({.now = w.now}); },
     foreign, "no key fits '"},
    {"by another key, under the right name",
     [](in w) { return w.stolen(R"("kid":")" + w.issuer.key().kid() + '"'); }, foreign,
     bad_signature},
    {"by another key, under no name",
     [](in w) { return w.thief.mint({.now = w.now, .header = R"({"kid":null})"}); }, foreign,
     bad_signature},
    {"under the name of a key of another kind", [](in w) { return w.header(R"({"kid":"rsa"})"); },
     foreign, "no key fits 'rsa'"},
    {"a kid that is a path", [](in w) { return w.header(R"({"kid":"../../../../dev/null"})"); },
     foreign, "no key fits '../../../../dev/null'"},
    {"a kid that is SQL", [](in w) { return w.header(R"({"kid":"x' UNION SELECT 'key"})"); },
     foreign, "no key fits 'x? UNION SELECT ?key'"},
    {"a kid that is a command", [](in w) { return w.header(R"({"kid":"|/bin/id;$(id)`id`"})"); },
     foreign, "no key fits '|/bin/id;$(id)`id`'"},
    {"a kid of 2000 letters",
     [](in w) { return w.header(R"({"kid":")" + std::string(2000, 'k') + "\"}"); }, foreign,
     "no key fits 'kkkkkkkk"},
    {"a kid that would end the line",
     [](in w) { return w.header(R"({"kid":"k\r\nSet-Cookie: a=b\u001b[2J\u0000"})"); }, foreign,
     "no key fits 'k??Set-Cookie: a=b?[2J?'"},
    {"an empty kid", [](in w) { return w.header(R"({"kid":""})"); }, foreign, "no key fits ''"},
    {"a kid that is a number", [](in w) { return w.header(R"({"kid":1})"); }, malformed,
     "kid and typ must be strings"},
    {"a kid that is null",
     [](in w) { return w.head(R"({"alg":"ES256","typ":"at+jwt","kid":null})"); }, malformed,
     "kid and typ must be strings"},
    {"a kid that is an object", [](in w) { return w.header(R"({"kid":{"$ne":""}})"); }, malformed,
     "kid and typ must be strings"},
    {"a key in the header", [](in w) { return w.stolen(R"("jwk":)" + w.thief.public_jwk()); },
     foreign, bad_signature},
    {"the address of a key set in the header",
     [](in w) { return w.stolen(R"("jku":"https://thief.example/jwks.json")"); }, foreign,
     bad_signature},
    {"the address of a certificate in the header",
     [](in w) { return w.stolen(R"("x5u":"file:///etc/ssl/cert.pem")"); }, foreign, bad_signature},
    {"a certificate in the header", [](in w) { return w.stolen(R"("x5c":["MIIB"])"); }, foreign,
     bad_signature},

    // Extensions, and members that stand twice.
    {"crit", [](in w) { return w.header(R"({"crit":["exp"],"exp":1})"); }, malformed, extension},
    {"an empty crit", [](in w) { return w.header(R"({"crit":[]})"); }, malformed, extension},
    {"a crit that is null",
     [](in w) { return w.head(R"({"alg":"ES256","typ":"at+jwt","crit":null})"); }, malformed,
     extension},
    {"b64 false", [](in w) { return w.header(R"({"crit":["b64"],"b64":false})"); }, malformed,
     extension},
    {"b64 without crit", [](in w) { return w.header(R"({"b64":false})"); }, malformed, extension},
    {"two algs, the second good",
     [](in w) { return w.head(R"({"alg":"none","alg":"ES256","typ":"at+jwt"})"); }, malformed,
     "the header repeats a member"},
    {"two algs, one spelled otherwise",
     [](in w) { return w.head(R"({"alg":"ES256","\u0061lg":"none","typ":"at+jwt"})"); }, malformed,
     "the header repeats a member"},
    {"two subjects", [](in w) { return w.more_claims(R"("sub":"admin")"); }, malformed,
     "the payload repeats a member"},
    {"two subjects, one spelled otherwise",
     [](in w) { return w.more_claims(R"("s\u0075b":"admin")"); }, malformed,
     "the payload repeats a member"},
    {"a member twice, deep within",
     [](in w) { return w.more_claims(R"("act":{"sub":"a","by":[{"x":1,"x":2}]})"); }, malformed,
     "the payload repeats a member"},

    // The form of a token.
    {"a word", [](in) { return "garbage"s; }, malformed, not_three},
    {"two dots", [](in) { return ".."s; }, malformed, not_three},
    {"two parts", [](in w) { return w.text("ES256"); }, malformed, not_three},
    {"four parts", [](in w) { return w.good() + ".AAAA"; }, malformed, not_three},
    {"five parts, as an encrypted token has",
     [](in) { return to_base64url(R"({"alg":"dir","enc":"A256GCM"})") + "..AAAA.AAAA.AAAA"; },
     malformed, not_three},
    {"a dot at the end", [](in w) { return w.good() + "."; }, malformed, not_three},
    {"no header", [](in w) { return w.good().substr(w.good().find('.')); }, malformed, not_three},
    {"no payload",
     [](in) {
       return to_base64url(R"({"alg":"ES256"})") + ".." + to_base64url(std::string(64, 's'));
     },
     malformed, not_three},
    {"no signature", [](in w) { return w.text("ES256") + "."; }, malformed, not_three},
    {"padding at the end", [](in w) { return w.good() + "=="; }, malformed, not_base64url},
    {"padding within",
     [](in w) {
       auto token = w.good();
       return token.insert(token.find('.'), "=");
     },
     malformed, not_base64url},
    {"the standard alphabet",
     [](in w) {
       auto token = w.more_claims(R"("x":"?>?>?>?>?>?>","y":"??????????")");
       const auto found = token.find('_');
       REQUIRE(found < token.rfind('.'));
       token[found] = '/';
       return token;
     },
     malformed, not_base64url},
    {"bits behind the end of the signature",
     [](in w) {
       auto token = w.good();
       constexpr auto digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"sv;
       token.back() = digits[digits.find(token.back()) + 1];
       return token;
     },
     malformed, not_base64url},
    {"17 KiB", [](in w) { return w.claims(R"({"x":")" + std::string(12'800, 'x') + "\"}"); },
     malformed, "the token is too long"},
    {"a header of 5 KiB",
     [](in w) { return w.header(R"({"x":")" + std::string(5'000, 'x') + "\"}"); }, malformed,
     "the header is too long"},
    {"a header that is nested deeply",
     [](in w) {
       return w.header(R"({"x":)" + std::string(40, '[') + "0" + std::string(40, ']') + "}");
     },
     malformed, "the header is nested too deeply"},
    {"a payload that is nested deeply",
     [](in w) {
       return w.more_claims(R"("x":)" + std::string(500, '[') + "0" + std::string(500, ']'));
     },
     malformed, "the payload is nested too deeply"},
    {"a header that is a list", [](in w) { return w.head(R"(["ES256"])"); }, malformed,
     "the header is not a JSON object"},
    {"a payload that is a list", [](in w) { return w.payload("[{" + w.members + "}]"); }, malformed,
     "the payload is not a JSON object"},
    {"a payload that is null", [](in w) { return w.payload("null"); }, malformed,
     "the payload is not a JSON object"},
    {"a payload that is a token", [](in w) { return w.payload(w.good()); }, malformed,
     "the payload is not valid JSON"},
    {"two payloads", [](in w) { return w.payload("{" + w.members + "}{}"); }, malformed,
     "the payload is not valid JSON"},
    {"a comma too many", [](in w) { return w.payload("{" + w.members + ",}"); }, malformed,
     "the payload is not valid JSON"},
    {"a comment", [](in w) { return w.payload("/**/{" + w.members + "}"); }, malformed,
     "the payload is not valid JSON"},
    {"a byte order mark in UTF-16", [](in w) { return w.payload("\xff\xfe{" + w.members + "}"); },
     malformed, "the payload is not valid UTF-8"},
    {"no UTF-8 in the payload", [](in w) { return w.more_claims("\"x\":\"\xff\""); }, malformed,
     "the payload is not valid UTF-8"},
    {"an overlong sequence in the header",
     [](in w) { return w.head("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"x\":\"\xc0\xaf\"}"); },
     malformed, "the header is not valid UTF-8"},
    {"a surrogate by itself", [](in w) { return w.more_claims(R"("x":"\ud800")"); }, malformed,
     "the payload is not valid JSON"},
    {"a zero byte in the payload", [](in w) { return w.more_claims("\"x\":\"a\0b\""s); }, malformed,
     "the payload is not valid JSON"},

    // Times.
    {"no exp", [](in w) { return w.claims(R"({"exp":null})"); }, malformed,
     "the token does not say when it expires"},
    {"an exp that is null",
     [](in w) {
       return w.payload(R"({"iss":"https://issuer.example","aud":"https://server.example/mcp",)"
                        R"("sub":"alice","exp":null})");
     },
     malformed, not_a_time},
    {"an exp that is NaN", [](in w) { return w.payload(R"({"sub":"alice","exp":NaN})"); },
     malformed, "the payload is not valid JSON"},
    {"an exp beyond double", [](in w) { return w.payload(R"({"sub":"alice","exp":1e400})"); },
     malformed, "the payload is a number is malformed or out of range"},
    {"an exp of 1e300", [](in w) { return w.claims(R"({"exp":1e300})"); }, malformed, not_a_time},
    {"an exp of 64 bits", [](in w) { return w.claims(R"({"exp":18446744073709551615})"); },
     malformed, not_a_time},
    {"an exp below zero", [](in w) { return w.claims(R"({"exp":-1})"); }, malformed, not_a_time},
    {"an exp of zero", [](in w) { return w.claims(R"({"exp":0})"); }, malformed,
     "the token has expired"},
    {"an exp that is a text", [](in w) { return w.claims(R"({"exp":")" + w.exp + "\"}"); },
     malformed, not_a_time},
    {"an exp that is a list", [](in w) { return w.claims(R"({"exp":[)" + w.exp + "]}"); },
     malformed, not_a_time},
    {"an exp that is true", [](in w) { return w.claims(R"({"exp":true})"); }, malformed,
     not_a_time},
    {"expired, by the leeway",
     [](in w) { return w.issuer.mint({.expires_in = -30s, .now = w.now}); }, malformed,
     "the token has expired"},
    {"expired a fraction beyond the leeway",
     [](in w) {
       return w.claims(R"({"exp":)" + std::to_string((w.now - 30s).time_since_epoch().count()) +
                       ".999}");
     },
     malformed, "the token has expired"},
    {"not valid before the leeway's end",
     [](in w) { return w.issuer.mint({.not_before_in = 31s, .now = w.now}); }, malformed,
     "the token is not valid yet"},
    {"an nbf that is a text", [](in w) { return w.claims(R"({"nbf":"0"})"); }, malformed,
     not_a_time},
    {"issued in the future", [](in w) { return w.issuer.mint({.now = w.now + 31s}); }, malformed,
     "the token was issued in the future"},
    {"an iat that is an object", [](in w) { return w.claims(R"({"iat":{}})"); }, malformed,
     not_a_time},

    // For whom, from whom, of whom.
    {"no aud", [](in w) { return w.claims(R"({"aud":null})"); }, foreign,
     "the token names no audience"},
    {"an empty aud", [](in w) { return w.claims(R"({"aud":""})"); }, foreign, "the audience is ''"},
    {"an aud of nobody", [](in w) { return w.claims(R"({"aud":[]})"); }, foreign,
     "the audiences are others"},
    {"another aud", [](in w) { return w.claims(R"({"aud":"https://other.example/mcp"})"); },
     foreign, "the audience is 'https://other.example/mcp'"},
    {"an aud that ours begins with",
     [](in w) { return w.claims(R"({"aud":"https://server.example"})"); }, foreign,
     "the audience is 'https://server.example'"},
    {"an aud that begins with ours",
     [](in w) { return w.claims(R"({"aud":"https://server.example/mcp.thief.example"})"); },
     foreign, "the audience is '"},
    {"an aud with a slash at its end",
     [](in w) { return w.claims(R"({"aud":"https://server.example/mcp/"})"); }, foreign,
     "the audience is '"},
    {"an aud in another case",
     [](in w) { return w.claims(R"({"aud":"https://SERVER.example/mcp"})"); }, foreign,
     "the audience is '"},
    {"an aud without TLS", [](in w) { return w.claims(R"({"aud":"http://server.example/mcp"})"); },
     foreign, "the audience is '"},
    {"an aud with a port",
     [](in w) { return w.claims(R"({"aud":"https://server.example:443/mcp"})"); }, foreign,
     "the audience is '"},
    {"an aud with a zero byte behind it",
     [](in w) { return w.claims(R"({"aud":"https://server.example/mcp\u0000"})"); }, foreign,
     "the audience is 'https://server.example/mcp?'"},
    {"auds in one text",
     [](in w) { return w.claims(R"({"aud":"https://x.example https://server.example/mcp"})"); },
     foreign, "the audience is '"},
    {"an aud in a list in a list",
     [](in w) { return w.claims(R"({"aud":[["https://server.example/mcp"]]})"); }, foreign,
     "the audiences are others"},
    {"an aud beside a number",
     [](in w) { return w.claims(R"({"aud":["https://server.example/mcp",1]})"); }, foreign,
     "the audiences are others"},
    {"an aud that is an object",
     [](in w) { return w.claims(R"({"aud":{"https://server.example/mcp":1}})"); }, foreign,
     "the audiences are others"},
    {"an aud that is a number", [](in w) { return w.claims(R"({"aud":1})"); }, foreign,
     "the audiences are others"},
    {"no iss", [](in w) { return w.claims(R"({"iss":null})"); }, foreign,
     "the token names no issuer"},
    {"another iss", [](in w) { return w.claims(R"({"iss":"https://other.example"})"); }, foreign,
     "the issuer is 'https://other.example'"},
    {"an iss with a slash at its end",
     [](in w) { return w.claims(R"({"iss":"https://issuer.example/"})"); }, foreign,
     "the issuer is 'https://issuer.example/'"},
    {"an iss in another case", [](in w) { return w.claims(R"({"iss":"https://Issuer.example"})"); },
     foreign, "the issuer is '"},
    {"an iss that begins with ours",
     [](in w) { return w.claims(R"({"iss":"https://issuer.example.thief.example"})"); }, foreign,
     "the issuer is '"},
    {"an iss in a list", [](in w) { return w.claims(R"({"iss":["https://issuer.example"]})"); },
     foreign, "the token names no issuer"},
    {"no sub", [](in w) { return w.claims(R"({"sub":null})"); }, malformed, no_subject},
    {"an empty sub", [](in w) { return w.claims(R"({"sub":""})"); }, malformed, no_subject},
    {"a sub with a line end", [](in w) { return w.claims(R"({"sub":"alice\r\nadmin"})"); },
     malformed, no_subject},
    {"a sub with a zero byte", [](in w) { return w.claims(R"({"sub":"admin\u0000x"})"); },
     malformed, no_subject},
    {"a sub with a delete", [](in w) { return w.claims(R"({"sub":"admin\u007f"})"); }, malformed,
     no_subject},
    {"a sub that is a number", [](in w) { return w.claims(R"({"sub":7})"); }, malformed,
     no_subject},
    {"a sub that is a list", [](in w) { return w.claims(R"({"sub":["alice","admin"]})"); },
     malformed, no_subject},

    // Tokens that are good for something else.
    {"an ID token", [](in w) { return w.header(R"({"typ":"JWT"})"); }, foreign,
     "the type is 'JWT'"},
    {"no typ", [](in w) { return w.header(R"({"typ":null})"); }, foreign, "the token has no type"},
    {"an empty typ", [](in w) { return w.header(R"({"typ":""})"); }, foreign, "the type is empty"},
    {"a typ that is a number", [](in w) { return w.header(R"({"typ":1})"); }, malformed,
     "kid and typ must be strings"},
    {"a proof of possession", [](in w) { return w.header(R"({"typ":"dpop+jwt"})"); }, foreign,
     "the type is 'dpop+jwt'"},
    {"a logout token", [](in w) { return w.header(R"({"typ":"logout+jwt"})"); }, foreign,
     "the type is 'logout+jwt'"},
    {"a client's assertion",
     [](in w) { return w.header(R"({"typ":"client-authentication+jwt"})"); }, foreign,
     "the type is 'client-authentication+jwt'"},
    {"a typ of two prefixes",
     [](in w) { return w.header(R"({"typ":"application/application/at+jwt"})"); }, foreign,
     "the type is 'application/application/at+jwt'"},
    {"a typ with a parameter", [](in w) { return w.header(R"({"typ":"at+jwt;x=y"})"); }, foreign,
     "the type is 'at+jwt;x=y'"},
};

// Whether a token has the letters of one. Over HTTP, what has not is not even tried.
inline bool is_tried(const std::string& token) {
  return sesame::auth::read_authorization("Bearer " + token).has_value();
}

// The same ways of making tokens, where nothing is wrong: so what is refused above is refused for
// what the row says.
struct control {
  std::string_view name;
  std::string (*token)(const workshop&);
};
inline const std::initializer_list<control> controls{
    {"as it comes", [](in w) { return w.good(); }},
    {"written by hand", [](in w) { return w.payload("{" + w.members + "}"); }},
    {"with more claims", [](in w) { return w.more_claims(R"("act":{"sub":"a"})"); }},
    {"with a header by hand", [](in w) { return w.head(R"({"alg":"ES256","typ":"at+jwt"})"); }},
    {"ES256", [](in w) { return w.forged("ES256", w.es256()); }},
    {"RS256", [](in w) { return w.forged("RS256", w.rsa.sign(w.text("RS256"), EVP_sha256())); }},
    {"RS256 by name",
     [](in w) {
       const auto text = w.text("RS256", "rsa");
       return w.with_signature(text, w.rsa.sign(text, EVP_sha256()));
     }},
    {"PS256", [](in w) { return w.forged("PS256", w.rsa.sign_pss(w.text("PS256"), 32)); }},
    {"EdDSA", [](in w) { return w.forged("EdDSA", w.edwards.sign_bytes(w.text("EdDSA"))); }},
    {"with a key nobody looks at",
     [](in w) { return w.header(R"({"jwk":)" + w.thief.public_jwk() + R"(,"jku":"https://x"})"); }},
    {"expired, within the leeway",
     [](in w) { return w.issuer.mint({.expires_in = -29s, .now = w.now}); }},
    {"not valid yet, within the leeway",
     [](in w) { return w.issuer.mint({.not_before_in = 30s, .now = w.now}); }},
    {"issued in the future, within the leeway",
     [](in w) { return w.issuer.mint({.now = w.now + 30s}); }},
    {"with a fraction of a second", [](in w) { return w.claims(R"({"exp":)" + w.exp + ".5}"); }},
    {"for several",
     [](in w) {
       return w.claims(R"({"aud":["https://x.example","https://server.example/mcp"]})");
     }},
    {"typ as a whole media type", [](in w) { return w.header(R"({"typ":"application/at+jwt"})"); }},
    {"typ in another case", [](in w) { return w.header(R"({"typ":"AT+JWT"})"); }},
};

}  // namespace hostile_tokens
