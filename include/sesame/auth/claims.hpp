// What the claims of a verified token must say (RFC 7519, section 4.1; RFC 9068, section 4). Each
// step is a function of its own: it looks at one thing, and says why it is refused.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/json/document.hpp"
#include "sesame/result.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth {

/// What a step says: nothing, or why the token is refused.
using step = result<void, auth_failure>;

/// A claim that must be there and be one of the accepted texts (or, as an array of texts, hold one
/// of them). So a Cognito access token is told from an ID token: `{"token_use", {"access"}}`.
struct claim_requirement {
  std::string claim;
  std::vector<std::string> accepted;
};

/// When a token is valid. Times are whole seconds; fractions are cut off (RFC 7519, section 2).
struct validity {
  std::chrono::sys_seconds expires;
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::chrono::sys_seconds> issued;
};

namespace detail {

/// A NumericDate: whole seconds between the years 1970 and 2200; nothing where it is none.
std::optional<std::chrono::sys_seconds> as_time(json::value claim);

inline failure<auth_failure> mismatch(std::string detail) {
  return refuse(auth_error::verification_failed, std::move(detail));
}

}  // namespace detail

/// `iss` must be one of the issuer's names, letter for letter (RFC 8414, section 3.3).
[[nodiscard]] step check_issuer(json::object claims, std::span<const std::string> issuers);

/// The claim that names the audience (`aud`) must hold one of ours, letter for letter.
[[nodiscard]] step check_audience(json::object claims, std::string_view claim,
                                  std::span<const std::string> audiences);

/// Reads `exp`, `nbf` and `iat`; each must be a sensible number, and the first must be there unless
/// `otherwise` says when a token ends that does not tell.
[[nodiscard]] result<validity, auth_failure> read_validity(
    json::object claims, std::optional<std::chrono::sys_seconds> otherwise = std::nullopt);

/// The token must be valid at `now`, give or take `leeway`, and where there is a `max_age` must
/// have been issued within it.
[[nodiscard]] step check_validity(const validity& token, std::chrono::sys_seconds now,
                                  std::chrono::seconds leeway,
                                  std::optional<std::chrono::seconds> max_age);

/// `typ` must be one of the accepted media types, in any case and with or without `application/`;
/// an empty one accepts tokens that have none.
[[nodiscard]] step check_type(const std::optional<std::string>& type,
                              std::span<const std::string> accepted);

[[nodiscard]] step check_claims(json::object claims, std::span<const claim_requirement> required);

/// The thumbprint of the key that a token is bound to (`cnf.jkt`; RFC 9449, section 6); empty for a
/// bearer token. The failure is for a token that is bound to anything else (RFC 7800), for nobody
/// here can tell whether the caller holds that.
[[nodiscard]] result<std::string, auth_failure> read_confirmation(json::object claims);

/// The scopes of all the named claims together, each a space-separated text or an array with one
/// scope in each text. A claim of any other shape grants nothing.
[[nodiscard]] scope_set read_scopes(json::object claims, std::span<const std::string> names);

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/claims.ipp"
#endif
