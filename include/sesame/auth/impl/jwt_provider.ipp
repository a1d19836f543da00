// What auth/jwt_provider.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE result<principal, auth_failure> jwt_provider::verify(
    std::string_view token, std::chrono::system_clock::time_point now) const {
  auto parsed = auth::parse_jws(token);
  if (!parsed) return failure{std::move(parsed).error()};
  return verifier_.verify(*std::move(parsed), verifier_.settings().keys, now);
}

}  // namespace sesame::inline v0

namespace sesame::inline v0::auth {

SESAME_INLINE jwt_verifier::jwt_verifier(jwt_settings settings) : settings_(std::move(settings)) {
  using namespace std::chrono_literals;
  const auto holds_empty = [](const std::vector<std::string>& texts) {
    return std::ranges::any_of(texts, &std::string::empty);
  };
  if (settings_.issuer.empty())
    throw configuration_error("issuer", "name the issuer of the tokens, as their `iss` spells it");
  if (holds_empty(settings_.other_issuers))
    throw configuration_error("other_issuers", "an issuer's name is never empty");
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
  issuers_ = settings_.other_issuers;
  issuers_.insert(issuers_.begin(), settings_.issuer);
}

SESAME_INLINE step jwt_verifier::check_algorithm(const compact_jws& token) const {
  if (std::ranges::find(settings_.algorithms, token.algorithm) == settings_.algorithms.end())
    return detail::mismatch("the algorithm is " + detail::quoted(facts(token.algorithm).name));
  return {};
}

SESAME_INLINE step jwt_verifier::expects(const compact_jws& token) const {
  if (auto done = check_algorithm(token); !done) return done;
  constexpr token_limits limits;
  json::document document({.size = limits.token, .depth = limits.depth});
  const auto claims = detail::parse_object(document, token.payload, "payload");
  if (!claims) return failure{claims.error()};
  return check_issuer(*claims, issuers_);
}

SESAME_INLINE step jwt_verifier::verify_origin(const compact_jws& token,
                                               std::span<const verification_key> keys) const {
  if (auto done = check_algorithm(token); !done) return done;
  const auto selected = select_keys(keys, token);
  if (selected.empty())
    return detail::mismatch("no key fits " +
                            (token.kid ? detail::quoted(*token.kid) : "the token"));
  if (!verify_signature(token, selected))
    return detail::mismatch("the signature is not that of the key");
  return {};
}

SESAME_INLINE step jwt_verifier::verify_claims(json::object claims, const validity& times,
                                               const std::optional<std::string>& type,
                                               std::chrono::sys_seconds now) const {
  if (auto done = check_issuer(claims, issuers_); !done) return done;
  if (auto done = check_audience(claims, settings_.audience_claim, settings_.audiences); !done)
    return done;
  if (auto done = check_validity(times, now, settings_.leeway, settings_.max_age); !done)
    return done;
  if (auto done = check_type(type, settings_.types); !done) return done;
  if (auto done = check_claims(claims, settings_.required_claims); !done || !settings_.check)
    return done;
  try {
    return settings_.check(claims);
  } catch (const std::exception& e) {
    return detail::mismatch("check threw: " + std::string{e.what()});
  } catch (...) {
    return detail::mismatch("check threw something that is no std::exception");
  }
}

// Nothing here can change who is calling: that is settled.
SESAME_INLINE step jwt_verifier::describe_caller(json::object claims, principal& caller) const {
  auth::map_claims(claims, settings_.claims, caller);
  if (settings_.map_claims) {
    const principal verified{.issuer = caller.issuer, .subject = caller.subject};
    const auto expires = caller.expires;
    try {
      settings_.map_claims(caller, claims);
    } catch (const std::exception& e) {
      return detail::mismatch("map_claims threw: " + std::string{e.what()});
    } catch (...) {
      return detail::mismatch("map_claims threw something that is no std::exception");
    }
    if (caller != verified || caller.expires != expires)
      return detail::mismatch("map_claims changed who is calling");
  }
  if (!is_identifying(caller.user.user_id))
    return detail::malformed("the token has no usable user_id");
  return {};
}

SESAME_INLINE result<principal, auth_failure> jwt_verifier::verify(
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
  if (!is_identifying(subject)) return detail::malformed("the token has no usable subject");
  principal caller{.issuer = std::string(json::find_string(*claims, "iss").value_or("")),
                   .subject = std::string(subject),
                   .scopes = read_scopes(*claims, settings_.scope_claims),
                   .expires = times->expires};
  auto bound = read_confirmation(*claims);
  if (!bound) return failure{std::move(bound).error()};
  caller.key_thumbprint = *std::move(bound);
  if (auto done = describe_caller(*claims, caller); !done) return failure{std::move(done.error())};
  if (!caller.scopes.covers(settings_.required_scopes))
    return detail::refuse(auth_error::insufficient_scope, "the token lacks a scope that all need");
  caller.claims = std::move(token.payload);
  return caller;
}

}  // namespace sesame::inline v0::auth

namespace sesame::inline v0 {

SESAME_INLINE jwt_settings jwt_provider::complete(jwt_settings settings) {
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
