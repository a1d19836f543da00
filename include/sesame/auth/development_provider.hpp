// A provider for the time in which there is no identity provider yet: it makes its own tokens.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/test_issuer.hpp"
#include "sesame/result.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Takes the tokens that it mints, with keys that are made anew at each start. All checks are those
/// of `jwt_provider`; but who a token is for is whatever the program says, so a server with one of
/// these listens on this machine's loopback alone, and refuses to start elsewhere.
///
///     const sesame::development_provider provider;
///     std::fprintf(stderr, "development token: %s\n", provider.mint({.subject = "ann"}).c_str());
class development_provider {
 public:
  explicit development_provider(std::string audience = "urn:sesame:development")
      : audience_(std::move(audience)), provider_(issuer_.provider(audience_)) {}

  /// A token of this provider; `audience` need not be set.
  [[nodiscard]] std::string mint(test_token token = {}) const {
    token.audience = audience_;
    return issuer_.mint(token);
  }

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const {
    return provider_.verify(token, now);
  }
  [[nodiscard]] std::vector<std::string> issuers() const { return provider_.issuers(); }

  /// Has the server's transports keep to this machine; see `sesame::for_development`.
  [[nodiscard]] bool for_development() const noexcept { return true; }

 private:
  test_issuer issuer_;
  std::string audience_;
  jwt_provider provider_;
};

static_assert(provider<development_provider>);

}  // namespace sesame::inline v0
