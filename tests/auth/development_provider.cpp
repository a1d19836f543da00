// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/development_provider.hpp"

#include "sesame/auth/any_provider.hpp"

#include <chrono>
#include <doctest/doctest.h>

namespace development_provider_test {

using namespace std::chrono_literals;

TEST_CASE("a provider for development takes its own tokens, and checks them as any other") {
  const sesame::development_provider provider;
  const sesame::development_provider other;
  const auto now = std::chrono::system_clock::now();
  const auto verified = provider.verify(provider.mint({.subject = "ann", .scopes = "read"}), now);
  REQUIRE(verified);
  CHECK(verified->subject == "ann");
  CHECK(verified->scopes.contains("read"));
  CHECK_FALSE(provider.verify(other.mint(), now));
  CHECK_FALSE(provider.verify(provider.mint({.expires_in = -1h}), now));
  const auto copy = provider;
  CHECK(copy.verify(provider.mint(), now));
}

TEST_CASE("it says that it is for development, also within another") {
  const sesame::development_provider provider;
  CHECK(sesame::for_development(provider));
  CHECK(sesame::for_development(sesame::any_provider{provider}));
  const sesame::test_issuer issuer;
  CHECK_FALSE(sesame::for_development(issuer.provider()));
  CHECK_FALSE(sesame::for_development(sesame::any_provider{issuer.provider()}));
}

}  // namespace development_provider_test
