// The provider for JSON Web Tokens whose keys are at hand (RFC 7519, RFC 8725, RFC 9068).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Which tokens are taken. `issuer`, `audiences` and `keys` have no default that could be safe.
struct jwt_settings {
  /// The `iss` of the tokens, letter for letter; mind the slash at its end.
  std::string issuer;

  /// The names this server goes by; a token must be meant for one of them.
  std::vector<std::string> audiences;

  /// What signatures are verified with.
  std::vector<verification_key> keys;

  /// The algorithms tokens may use. Empty: each that the asymmetric keys allow. HS256, HS384 and
  /// HS512 are taken only where they are named here.
  std::vector<jws_algorithm> algorithms{};

  /// By how much the issuer's clock may differ from ours; 5 minutes at most.
  std::chrono::seconds leeway{30};

  /// The longest time since `iat`; the claim must be there then. None: as long as `exp` says.
  std::optional<std::chrono::seconds> max_age{};

  /// The accepted `typ` of the header; the empty one stands for a token without. Where an issuer
  /// follows RFC 9068, `{"at+jwt"}` alone keeps its ID tokens out.
  std::vector<std::string> types{"at+jwt", "JWT", ""};

  /// The claim that names the audience. Cognito's access tokens have `client_id` instead.
  std::string audience_claim = "aud";

  /// The claims scopes are read from.
  std::vector<std::string> scope_claims{"scope", "scp"};

  /// Scopes that every token must have, whatever it is used for.
  scope_set required_scopes{};

  /// Further claims that tokens must have.
  std::vector<auth::claim_requirement> required_claims{};
};

namespace auth {

/// All the steps from a token to a principal but where the keys come from. A provider that fetches
/// its keys is this and a way to have them.
class jwt_verifier {
 public:
  /// Throws `configuration_error` for `issuer`, `audiences`, `algorithms`, `leeway`, `max_age` or
  /// `types`. Without `algorithms`, every asymmetric one is allowed. `keys` are not looked at.
  explicit jwt_verifier(jwt_settings settings);

  [[nodiscard]] const jwt_settings& settings() const noexcept { return settings_; }

  /// The algorithm, the signature by one of `keys`, then the claims.
  [[nodiscard]] result<principal, auth_failure> verify(
      compact_jws token, std::span<const verification_key> keys,
      std::chrono::system_clock::time_point now) const;

 private:
  [[nodiscard]] step verify_origin(const compact_jws& token,
                                   std::span<const verification_key> keys) const;
  [[nodiscard]] step verify_claims(json::object claims, const validity& times,
                                   const std::optional<std::string>& type,
                                   std::chrono::sys_seconds now) const;

  jwt_settings settings_;
};

}  // namespace auth

/// Verifies JSON Web Tokens with the keys it was given, in this order: form, algorithm, key,
/// signature, issuer, audience, time, type, claims, scopes.
///
///     const jwt_provider staff{{.issuer = "https://id.example.com/",
///                               .audiences = {"https://api.example.com/mcp"},
///                               .keys = {verification_key::from_pem(pem)}}};
///
/// Two of one kind in one server are two types:
/// `struct staff : sesame::jwt_provider { using jwt_provider::jwt_provider; };`
class jwt_provider {
 public:
  /// Throws `configuration_error` naming the setting, where one is missing or senseless.
  explicit jwt_provider(jwt_settings settings) : verifier_(complete(std::move(settings))) {}

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const {
    auto parsed = auth::parse_jws(token);
    if (!parsed) return failure{std::move(parsed).error()};
    return verifier_.verify(*std::move(parsed), verifier_.settings().keys, now);
  }

  [[nodiscard]] std::vector<std::string> issuers() const { return {verifier_.settings().issuer}; }

  [[nodiscard]] const jwt_settings& settings() const noexcept { return verifier_.settings(); }

 private:
  static jwt_settings complete(jwt_settings settings);

  auth::jwt_verifier verifier_;
};

static_assert(provider<jwt_provider>);

namespace auth {

inline jwt_verifier::jwt_verifier(jwt_settings settings) : settings_(std::move(settings)) {
  using namespace std::chrono_literals;
  const auto holds_empty = [](const std::vector<std::string>& texts) {
    return std::ranges::any_of(texts, &std::string::empty);
  };
  if (settings_.issuer.empty())
    throw configuration_error("issuer", "name the issuer of the tokens, as their `iss` spells it");
  if (settings_.audiences.empty() || holds_empty(settings_.audiences))
    throw configuration_error("audiences",
                              "name what the tokens' `aud` must say, so that tokens "
                              "meant for other servers are refused");
  if (settings_.audience_claim.empty())
    throw configuration_error("audience_claim", "name the claim that holds the audience");
  if (settings_.leeway < 0s || settings_.leeway > 5min)
    throw configuration_error("leeway", "must lie between 0 and 5 minutes");
  if (settings_.max_age && (*settings_.max_age <= 0s || *settings_.max_age > 24h * 3660))
    throw configuration_error("max_age", "must be positive and no more than ten years");
  if (settings_.types.empty())
    throw configuration_error("types", "name the accepted `typ`; the empty text stands for none");
  if (settings_.algorithms.empty())
    for (const auto& row : auth::algorithms)
      if (row.key != key_kind::hmac) settings_.algorithms.push_back(row.algorithm);
}

inline step jwt_verifier::verify_origin(const compact_jws& token,
                                        std::span<const verification_key> keys) const {
  if (std::ranges::find(settings_.algorithms, token.algorithm) == settings_.algorithms.end())
    return detail::mismatch("the algorithm is " + detail::quoted(facts(token.algorithm).name));
  const auto selected = select_keys(keys, token);
  if (selected.empty())
    return detail::mismatch("no key fits " +
                            (token.kid ? detail::quoted(*token.kid) : "the token"));
  if (!verify_signature(token, selected))
    return detail::mismatch("the signature is not that of the key");
  return {};
}

inline step jwt_verifier::verify_claims(json::object claims, const validity& times,
                                        const std::optional<std::string>& type,
                                        std::chrono::sys_seconds now) const {
  if (auto done = check_issuer(claims, settings_.issuer); !done) return done;
  if (auto done = check_audience(claims, settings_.audience_claim, settings_.audiences); !done)
    return done;
  if (auto done = check_validity(times, now, settings_.leeway, settings_.max_age); !done)
    return done;
  if (auto done = check_type(type, settings_.types); !done) return done;
  return check_claims(claims, settings_.required_claims);
}

inline result<principal, auth_failure> jwt_verifier::verify(
    compact_jws token, std::span<const verification_key> keys,
    std::chrono::system_clock::time_point now) const {
  if (auto done = verify_origin(token, keys); !done) return failure{std::move(done.error())};
  constexpr token_limits limits;
  json::document document({.size = limits.token, .depth = limits.depth});
  const auto claims = detail::parse_object(document, token.payload, "payload");
  if (!claims) return failure{claims.error()};
  const auto times = read_validity(*claims);
  if (!times) return failure{times.error()};
  const auto moment = std::chrono::floor<std::chrono::seconds>(now);
  if (auto done = verify_claims(*claims, *times, token.type, moment); !done)
    return failure{std::move(done.error())};

  const auto subject = json::find_string(*claims, "sub").value_or("");
  if (subject.empty() || detail::has_control_character(subject))
    return detail::malformed("the token has no usable subject");
  const auto client = json::find_string(*claims, "client_id");
  principal caller{
      .issuer = settings_.issuer,
      .subject = std::string(subject),
      .client_id = std::string(client ? *client : json::find_string(*claims, "azp").value_or("")),
      .scopes = read_scopes(*claims, settings_.scope_claims),
      .expires = times->expires,
      .claims = {}};
  if (!caller.scopes.covers(settings_.required_scopes))
    return detail::refuse(auth_error::insufficient_scope, "the token lacks a scope that all need");
  caller.claims = std::move(token.payload);
  return caller;
}

}  // namespace auth

inline jwt_settings jwt_provider::complete(jwt_settings settings) {
  if (settings.keys.empty())
    throw configuration_error("keys", "give at least one key to verify the tokens with");
  const auto some_key_allows = [&](jws_algorithm algorithm) {
    return std::ranges::any_of(settings.keys,
                               [&](const auto& key) { return key.allows(algorithm); });
  };
  for (const auto algorithm : settings.algorithms)
    if (!some_key_allows(algorithm))
      throw configuration_error("algorithms",
                                "no key can verify " + std::string(auth::facts(algorithm).name));
  if (settings.algorithms.empty())
    for (const auto& row : auth::algorithms)
      if (row.key != key_kind::hmac && some_key_allows(row.algorithm))
        settings.algorithms.push_back(row.algorithm);
  for (const auto& key : settings.keys)
    if (std::ranges::none_of(settings.algorithms,
                             [&](auto algorithm) { return key.allows(algorithm); }))
      throw configuration_error("algorithms",
                                key.kind() == key_kind::hmac
                                    ? "a shared secret is used only where HS256, HS384 or HS512 "
                                      "is named here"
                                    : "one of the keys serves none of those named");
  return settings;
}

}  // namespace sesame::inline v0
