// What auth/claims.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claims.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth::detail {

/// A NumericDate. Nothing where it is no number or lies outside the years 1970 to 9999; what lies
/// beyond 2200 is 2200, so that no arithmetic of std::chrono clocks can overflow.
SESAME_INLINE std::optional<std::chrono::sys_seconds> as_time(json::value claim) {
  constexpr std::int64_t year_10000 = 253402300800;
  constexpr std::int64_t year_2200 = 7258118400;
  std::int64_t seconds = 0;
  if (!claim.get(seconds)) {
    double fraction = 0;
    if (claim.type() != json::type::real || !claim.get(fraction)) return std::nullopt;
    if (!(fraction >= 0 && fraction < static_cast<double>(year_10000))) return std::nullopt;
    seconds = static_cast<std::int64_t>(fraction);
  }
  if (seconds < 0 || seconds >= year_10000) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(std::min(seconds, year_2200)));
}

/// Whether a claim is one of the texts, or an array of texts that holds one of them.
SESAME_INLINE bool is_one_of(json::value claim, std::span<const std::string> accepted) {
  const auto is_accepted = [&](std::string_view text) {
    return std::ranges::find(accepted, text) != accepted.end();
  };
  if (const auto text = json::as_string(claim)) return is_accepted(*text);
  const auto items = json::as_array(claim);
  if (!items) return false;
  bool found = false;
  for (const auto item : *items) {
    const auto text = json::as_string(item);
    if (!text) return false;
    found = found || is_accepted(*text);
  }
  return found;
}

/// A media type as headers may shorten it (RFC 7515, section 4.1.9), in lower case.
SESAME_INLINE std::string media_type(std::string_view type) {
  std::string lower(type);
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr std::string_view prefix = "application/";
  return lower.starts_with(prefix) ? lower.substr(prefix.size()) : lower;
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE step check_issuer(json::object claims, std::span<const std::string> issuers) {
  const auto found = json::find_string(claims, "iss");
  if (!found) return detail::mismatch("the token names no issuer");
  if (std::ranges::find(issuers, *found) == issuers.end())
    return detail::mismatch("the issuer is " + detail::quoted(*found));
  return {};
}

SESAME_INLINE step check_audience(json::object claims, std::string_view claim,
                                  std::span<const std::string> audiences) {
  const auto found = json::find(claims, claim);
  if (!found) return detail::mismatch("the token names no audience");
  if (detail::is_one_of(*found, audiences)) return {};
  const auto text = json::as_string(*found);
  return detail::mismatch(text ? "the audience is " + detail::quoted(*text)
                               : "the audiences are others");
}

SESAME_INLINE result<validity, auth_failure> read_validity(
    json::object claims, std::optional<std::chrono::sys_seconds> otherwise) {
  const auto read = [&](std::string_view name, std::optional<std::chrono::sys_seconds>& time) {
    const auto claim = json::find(claims, name);
    if (claim) time = detail::as_time(*claim);
    return !claim || time;
  };
  auto expires = otherwise;
  validity read_times{};
  if (!read("exp", expires) || !read("nbf", read_times.not_before) ||
      !read("iat", read_times.issued))
    return detail::malformed("exp, nbf or iat is not a time");
  if (!expires) return detail::malformed("the token does not say when it expires");
  read_times.expires = *expires;
  return read_times;
}

SESAME_INLINE step check_validity(const validity& token, std::chrono::sys_seconds now,
                                  std::chrono::seconds leeway,
                                  std::optional<std::chrono::seconds> max_age) {
  if (now >= token.expires + leeway) return detail::malformed("the token has expired");
  if (token.not_before && now + leeway < *token.not_before)
    return detail::malformed("the token is not valid yet");
  if (token.issued && now + leeway < *token.issued)
    return detail::malformed("the token was issued in the future");
  if (!max_age) return {};
  if (!token.issued) return detail::malformed("the token does not say when it was issued");
  if (now - *token.issued > *max_age + leeway) return detail::malformed("the token is too old");
  return {};
}

SESAME_INLINE step check_type(const std::optional<std::string>& type,
                              std::span<const std::string> accepted) {
  const auto given = detail::media_type(type.value_or(""));
  if (type && given.empty()) return detail::mismatch("the type is empty");
  for (const auto& one : accepted)
    if (detail::media_type(one) == given) return {};
  return detail::mismatch(type ? "the type is " + detail::quoted(*type) : "the token has no type");
}

SESAME_INLINE step check_claims(json::object claims, std::span<const claim_requirement> required) {
  for (const auto& [name, accepted] : required) {
    const auto claim = json::find(claims, name);
    if (!claim || !detail::is_one_of(*claim, accepted))
      return detail::mismatch("the claim " + detail::quoted(name) + " is not as required");
  }
  return {};
}

SESAME_INLINE result<std::string, auth_failure> read_confirmation(json::object claims) {
  const auto confirmation = json::find(claims, "cnf");
  if (!confirmation) return std::string{};
  const auto members = json::as_object(*confirmation);
  const auto thumbprint = members ? json::find_string(*members, "jkt") : std::nullopt;
  if (!thumbprint || thumbprint->empty() || members->size() != 1)
    return detail::mismatch("the token is bound to something that is not checked here");
  return std::string{*thumbprint};
}

SESAME_INLINE scope_set read_scopes(json::object claims, std::span<const std::string> names) {
  scope_set scopes;
  for (const auto& name : names) {
    const auto claim = json::find(claims, name);
    if (!claim) continue;
    if (const auto list = json::as_string(*claim)) {
      scopes.insert(scope_set::parse(*list));
    } else if (const auto items = json::as_array(*claim)) {
      for (const auto item : *items) scopes.insert(json::as_string(item).value_or(""));
    }
  }
  return scopes;
}

}  // namespace sesame::inline v0::auth
