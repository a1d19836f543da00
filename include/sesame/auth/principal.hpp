// Who is calling: what is left of a token once it has been verified.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/scopes.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace sesame::inline v0 {

/// A verified caller. Only a provider makes one, and never without a subject: a token whose `sub`
/// is missing or empty is refused, for all such callers would otherwise be one. A machine's token
/// has a subject too (RFC 9068, section 2.2): the client's own id.
///
/// A subject means something only together with its issuer, so the two are what is compared and
/// what state is kept under.
struct principal {
  std::string issuer{};     ///< `iss`: who vouches for the subject
  std::string subject{};    ///< `sub`: the issuer's name for the caller
  std::string client_id{};  ///< `client_id`, else `azp`: the program in use; may be empty
  scope_set scopes{};       ///< what the caller was granted
  std::chrono::sys_seconds expires{};  ///< no longer valid from this moment on
  /// Until when the provider need not be asked about the token again, where that is sooner.
  std::chrono::sys_seconds verified_until = std::chrono::sys_seconds::max();
  std::string claims{};      ///< everything the issuer said: the verified payload, as JSON
  std::size_t provider = 0;  ///< which of the server's providers verified the token

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
