// The two header fields of token authentication: reading `Authorization`, writing
// `WWW-Authenticate` (RFC 6750, sections 2.1 and 3; RFC 9728, section 5.1).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/result.hpp"

#include <string>
#include <string_view>

namespace sesame::inline v0::auth {

/// The parameters of a challenge. An empty one is left out.
struct challenge {
  std::string_view scheme = "Bearer";
  std::string_view resource_metadata{};  ///< URL of the RFC 9728 document
  std::string_view scope{};              ///< all that the refused operation needs, space-separated
  std::string_view error{};              ///< `describe(auth_error).challenge`
  std::string_view error_description{};  ///< fixed text only
  std::string_view algs{};               ///< of a DPoP challenge (RFC 9449, section 7.1)
};

namespace detail {

// Both RFC 6750, section 3, and RFC 9728 can do without the quote and the backslash, so what could
// end the quoted-string, or the line, is left out and nothing needs escaping.
// NQSCHAR = %x20-21 / %x23-5B / %x5D-7E
constexpr bool is_quotable(char c) noexcept {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
constexpr bool is_token68(std::string_view text) noexcept {
  while (text.ends_with('=')) text.remove_suffix(1);
  return !text.empty() && net::detail::all_are(text, net::detail::token68_character);
}

}  // namespace detail

/// The value of a `WWW-Authenticate` field.
[[nodiscard]] std::string to_field(const challenge& asked);

/// The challenge that belongs to an error, with its fixed texts. `scopes` are all that the refused
/// operation needs; a request without a token is told no error (RFC 6750, section 3.1).
[[nodiscard]] std::string challenge_for(auth_error error, std::string_view resource_metadata,
                                        const scope_set& scopes = {});

/// The same for those who can show that they hold a key (RFC 9449, section 7.1).
[[nodiscard]] std::string dpop_challenge_for(auth_error error, std::string_view resource_metadata,
                                             const scope_set& scopes, std::string_view algs);

/// The token of an `Authorization` field; a view into it. Of another scheme than the one asked for,
/// it is `missing_token`: nothing was presented that we look at. Otherwise the field must be the
/// scheme, spaces and one token, without anything around; else it is `invalid_token`, as what has
/// no scheme at all.
[[nodiscard]] result<std::string_view, auth_error> read_authorization(
    std::string_view field, std::string_view scheme = "Bearer");

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/challenge.ipp"
#endif
