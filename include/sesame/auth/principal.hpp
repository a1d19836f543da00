// Who is calling: what is left of a token once it has been verified.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_place.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/auth/text_set.hpp"
#include "sesame/auth/user_info.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/containers.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/json/scalars.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

/// A verified caller. Only a provider makes one, and never without a subject: a token whose `sub`
/// is missing or empty is refused, for all such callers would otherwise be one. A machine's token
/// has a subject too (RFC 9068, section 2.2): the client's own id.
///
/// A subject means something only together with its issuer, so the two are what is compared and
/// what state is kept under.
struct principal {
  std::string issuer{};                ///< `iss`: who vouches for the subject
  std::string subject{};               ///< `sub`: the issuer's name for the caller
  std::string client_id{};             ///< the program in use; may be empty
  bool is_machine = false;             ///< the program calls for itself, and for no user
  scope_set scopes{};                  ///< what the program was granted by, or for, the caller
  text_set roles{};                    ///< what the issuer says the caller is
  text_set permissions{};              ///< what the issuer says the caller may do
  user_info user{};                    ///< how the caller is called, and reached
  std::chrono::sys_seconds expires{};  ///< no longer valid from this moment on
  /// Until when the provider need not be asked about the token again, where that is sooner.
  std::chrono::sys_seconds verified_until = std::chrono::sys_seconds::max();
  /// The key whose holder alone may present the token (`cnf.jkt`; RFC 9449); empty: whoever has it.
  std::string key_thumbprint{};
  /// The token itself, where the server was told to keep it (`keep_access_tokens`): for
  /// `token_endpoint::exchange`, and for nobody else. Whoever passes it on to another service gives
  /// that all the caller's rights here (MCP, Security Best Practices, token passthrough).
  secret access_token{};
  std::string claims{};      ///< everything the issuer said: the verified payload, as JSON
  std::size_t provider = 0;  ///< which of the server's providers verified the token

  /// A claim as a C++ value, by the JSON form of `T`; nothing where it is missing, null or of another
  /// type. `place` is its name, or a JSON Pointer: see `find_claim`. Reads `claims` anew each time.
  ///
  ///     caller.claim<std::vector<std::string>>("groups")
  template <class T>
  [[nodiscard]] std::optional<T> claim(std::string_view place) const {
    static_assert(!std::same_as<T, std::string_view>,
                  "sesame: a claim is read into a type that owns it; take a std::string");
    json::document document{{.size = std::max(claims.size(), std::size_t{1024})}};
    const auto all = document.parse(claims);
    const auto members = all ? json::as_object(*all) : std::nullopt;
    const auto found = members ? find_claim(*members, place) : std::nullopt;
    T value{};
    json::reader in{json::unknown_members::ignore};
    if (!found || !json::read(*found, value, in)) return std::nullopt;
    return value;
  }

  /// Under which a server keeps what belongs to this caller. No two callers share one: the length
  /// tells where the issuer ends.
  [[nodiscard]] std::string key() const {
    return std::to_string(issuer.size()) + ':' + issuer + subject;
  }

  friend bool operator==(const principal& one, const principal& other) noexcept {
    return one.issuer == other.issuer && one.subject == other.subject;
  }
};

}  // namespace sesame::inline v0
