// Reading a JSON Web Signature in its compact form (RFC 7515, sections 3.1, 5.2 and 7.1), as far as
// that needs no key: what this yields is not verified, and its payload not even read.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/json/document.hpp"
#include "sesame/result.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth {

/// The bounds of a token. Of the header, which anybody may write, little is read.
struct token_limits {
  std::size_t token = std::size_t{16} << 10;  ///< characters of the whole token
  std::size_t header = std::size_t{4} << 10;  ///< bytes of the decoded header
  std::size_t depth = 16;                     ///< nested arrays and objects in header and payload
};

/// A token taken apart. Nothing in it may be believed before `verify_signature` said yes.
struct compact_jws {
  jws_algorithm algorithm{};          ///< `alg`
  std::optional<std::string> kid{};   ///< `kid`
  std::optional<std::string> type{};  ///< `typ`
  std::string header{};               ///< JSON, an object without repeated members
  std::string payload{};              ///< bytes
  std::string signature{};            ///< bytes
  std::string_view signed_text{};     ///< what was signed; a view into the token
};

/// Takes a token apart. The failure is `invalid_token`, or `verification_failed` for an algorithm
/// that is none of ours.
///
/// Strict on purpose: exactly three parts, each of unpadded base64url with one spelling; no `crit`
/// (RFC 7515, section 4.1.11: we understand no extension, so each must be refused), and with it no
/// `b64`. Keys that a header carries or points to (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
[[nodiscard]] result<compact_jws, auth_failure> parse_jws(std::string_view token,
                                                          const token_limits& limits = {});

/// The keys that may have signed the token: each that allows its algorithm and either bears its
/// `kid`, or where one of the two names none. Only a key's own `kid` and kind count.
[[nodiscard]] std::vector<const verification_key*> select_keys(
    std::span<const verification_key> keys, const compact_jws& token);

/// Whether one of the keys made the token's signature.
[[nodiscard]] bool verify_signature(const compact_jws& token,
                                    std::span<const verification_key* const> keys);

namespace detail {

inline failure<auth_failure> refuse(auth_error code, std::string detail) {
  return failure{auth_failure{code, std::move(detail)}};
}

inline failure<auth_failure> malformed(std::string detail) {
  return refuse(auth_error::invalid_token, std::move(detail));
}

/// A claim or header member, fit for a log: short, and without what could break a line.
std::string quoted(std::string_view text);

/// Parses a JSON object without repeated members; the failure names `part`.
result<json::object, auth_failure> parse_object(json::document& document, std::string_view text,
                                                std::string_view part);

}  // namespace detail

result<compact_jws, auth_failure> parse_jws(std::string_view token, const token_limits& limits);

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/jwt.ipp"
#endif
