// Tokens that only the holder of a key may present: Demonstrating Proof of Possession (RFC 9449), as
// a resource server checks it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/result.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// How proofs are checked.
struct dpop_settings {
  /// Whether callers without a bound token are refused (`dpop_bound_access_tokens_required`).
  bool required = false;
  /// Those that a proof may be signed with; none with a shared secret.
  std::vector<jws_algorithm> algorithms{jws_algorithm::es256, jws_algorithm::eddsa,
                                        jws_algorithm::ps256, jws_algorithm::rs256};
  std::chrono::seconds max_age{60};  ///< how old a proof may be
  std::chrono::seconds leeway{30};   ///< by how much the clocks may differ
  /// The most proofs that are remembered, so that none is taken twice; each is for `max_age` and
  /// `leeway`, twice over at most. Where there are more, callers are told to come later.
  std::size_t max_proofs = std::size_t{1} << 20;
};

namespace auth {

/// What a proof has to be for.
struct dpop_request {
  std::string_view method;  ///< of the HTTP request
  std::string_view url;     ///< as the client used it, known by configuration
  std::string_view token;   ///< the access token
};

/// Checks proofs, and remembers them. Used by several threads at once.
class dpop_verifier {
 public:
  /// Throws `configuration_error` for settings that make no sense.
  explicit dpop_verifier(dpop_settings settings);

  /// The thumbprint (RFC 7638) of the key that made the proof (the value of a `DPoP` field), if all
  /// of RFC 9449, section 4.3, holds of it. Each proof is good once. The failure is
  /// `invalid_dpop_proof`, or `unavailable` where no more can be remembered.
  [[nodiscard]] result<std::string, auth_failure> verify(std::string_view proof,
                                                         const dpop_request& request,
                                                         std::chrono::system_clock::time_point now);

  [[nodiscard]] const dpop_settings& settings() const noexcept { return settings_; }

  /// The names of the algorithms, parted by spaces, as a challenge has them.
  [[nodiscard]] const std::string& algorithms() const noexcept { return algorithms_; }

 private:
  class memory;

  dpop_settings settings_;
  std::string algorithms_;
  std::shared_ptr<memory> seen_;
};

}  // namespace auth
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/dpop.ipp"
#endif
