// Tokens that only the holder of a key may present: Demonstrating Proof of Possession (RFC 9449), as
// a resource server checks it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/dpop_settings.hpp"
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
