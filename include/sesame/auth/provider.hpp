// What a server asks of whoever tells it who is calling, and what can go wrong in asking.
// RFC 6750, section 3.1, names the errors that a caller is shown.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/fwd.hpp"
#include "sesame/result.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Why a caller is not let in.
enum class auth_error : std::uint8_t {
  missing_token,        ///< none was presented: sign in
  invalid_token,        ///< malformed, expired or not valid yet: get a new one
  verification_failed,  ///< signed by others or meant for others: look at the configuration
  insufficient_scope,   ///< a good token that does not allow this: ask for more scopes
  unavailable,          ///< nobody can tell now (keys out of reach): the same token may do later
  forbidden,            ///< a known caller, who may not do this whatever scopes he asks for
  invalid_dpop_proof,   ///< the caller did not show that he holds the token's key
  invalid_request,      ///< two tokens, or two places for one: a mistake of the client's
};

/// What an `auth_error` is on the wire.
struct auth_error_facts {
  auth_error error;
  std::string_view name;         ///< stable, for programs: `error.data.code`
  int status;                    ///< of the HTTP response
  std::string_view challenge;    ///< the `error` of `WWW-Authenticate`; empty: none (RFC 6750, 3.1)
  std::string_view description;  ///< the fixed text a peer may see
};

inline constexpr std::array<auth_error_facts, 8> auth_errors{{
    {auth_error::missing_token, "MISSING_TOKEN", 401, "", "An access token is required"},
    {auth_error::invalid_token, "INVALID_TOKEN", 401, "invalid_token",
     "The access token is malformed or expired"},
    {auth_error::verification_failed, "VERIFICATION_FAILED", 401, "invalid_token",
     "The access token was not issued for this server"},
    {auth_error::insufficient_scope, "INSUFFICIENT_SCOPE", 403, "insufficient_scope",
     "The access token lacks a required scope"},
    {auth_error::unavailable, "UNAVAILABLE", 503, "",
     "The access token cannot be verified at the moment"},
    {auth_error::forbidden, "FORBIDDEN", 403, "", "The caller may not do this"},
    {auth_error::invalid_dpop_proof, "INVALID_DPOP_PROOF", 401, "invalid_dpop_proof",
     "The proof of possession is missing or wrong"},
    {auth_error::invalid_request, "INVALID_REQUEST", 400, "invalid_request",
     "A request has one Authorization field"},
}};

/// The row of `auth_errors` for `error`.
[[nodiscard]] constexpr const auth_error_facts& describe(auth_error error) noexcept {
  return auth_errors[static_cast<std::size_t>(error)];
}

/// A refusal. `detail` says what was wrong, for the log alone: never show it to a peer. It may
/// quote claims of the token (printable characters only), never the token.
struct auth_failure {
  auth_error code;
  std::string detail;
};

/// Turns a token into a principal. Any type with these two members is a provider; both may be
/// called by several threads at once, and neither does input or output.
///
/// `verify` decides for the moment `now`, fails closed, and throws only when out of memory or
/// entropy. `issuers` names the authorization servers a client may get a token from (RFC 9728,
/// `authorization_servers`).
template <class Provider>
concept provider = requires(const Provider& asked, std::string_view token,
                            std::chrono::system_clock::time_point now) {
  { asked.verify(token, now) } -> std::same_as<result<principal, auth_failure>>;
  { asked.issuers() } -> std::convertible_to<std::vector<std::string>>;
};

/// Whether a provider is for development alone, as one says by a member `for_development()`. A server
/// with such a provider does not listen beyond this machine.
template <provider Provider>
[[nodiscard]] bool for_development(const Provider& asked) {
  if constexpr (requires { asked.for_development(); })
    return asked.for_development();
  else
    return false;
}

/// A provider that may have to ask others first: for keys that it has not got yet, or for what an
/// opaque token stands for. Where its `verify` says `unavailable`, `look_up` asks, and decides.
///
/// `look_up` runs on the executor of whoever awaits it, is under way any number of times at once,
/// and may be destroyed while it waits; it says `unavailable` where nobody answers.
template <class Provider>
concept asking_provider =
    provider<Provider> &&
    requires(const Provider& asked, std::string token, std::chrono::system_clock::time_point now) {
      {
        asked.look_up(std::move(token), now)
      } -> std::same_as<task<result<principal, auth_failure>>>;
    };

}  // namespace sesame::inline v0
