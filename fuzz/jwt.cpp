// Tokens: any text as one, and any header and payload (two lines) under a good signature.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt.hpp"

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"

#include "fuzz.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using fuzz::demand;
using sesame::json::to_base64url;

const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));

struct issuer {
  sesame::auth::signing_key key = sesame::auth::signing_key::generate(sesame::jws_algorithm::hs256);
  sesame::jwt_provider provider{{.issuer = "i",
                                 .audiences = {"a"},
                                 .keys = {key.verifier()},
                                 .algorithms = {sesame::jws_algorithm::hs256}}};
};

bool fit_for_a_log(std::string_view text) {
  return text.size() < 512 &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Whoever made the text does not know the key.
void try_token(const issuer& from, std::string_view token) {
  if (const auto parsed = sesame::auth::parse_jws(token)) {
    demand(to_base64url(parsed->header) + "." + to_base64url(parsed->payload) + "." +
                   to_base64url(parsed->signature) ==
               token,
           "a token has one spelling");
    demand(token.starts_with(parsed->signed_text), "what was signed is the token's beginning");
  } else {
    demand(fit_for_a_log(parsed.error().detail), "a refusal fits a log");
  }
  demand(!from.provider.verify(token, now), "a token needs the key");
}

void try_signed(const issuer& from, std::string_view header, std::string_view payload) {
  const auto token = from.key.sign(header, payload);
  const auto caller = from.provider.verify(token, now);
  if (!caller) return demand(fit_for_a_log(caller.error().detail), "a refusal fits a log");
  demand(caller->issuer == "i", "the issuer is ours");
  demand(!caller->subject.empty() &&
             std::ranges::none_of(caller->subject,
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
         "the subject is usable");
  demand(caller->expires + std::chrono::seconds(30) > now, "the token has not expired");
  demand(caller->claims == payload, "the claims are those that were signed");
  sesame::json::document document;
  const auto claims = document.parse(caller->claims);
  demand(claims && sesame::json::as_object(*claims), "the claims are an object");
  for (const auto& scope : caller->scopes.tokens())
    demand(sesame::is_scope_token(scope), "a scope is a scope token");
  demand(!from.provider.verify(token + "A", now), "a longer token is another one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const issuer from;
  const auto text = fuzz::text_of(data, size);
  try_token(from, text);
  const auto [header, payload] = fuzz::split_line(text);
  try_signed(from, header, payload);
  try_signed(from, R"({"alg":"HS256"})", text);
  return 0;
}
