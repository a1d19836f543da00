// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/provider.hpp"

#include <doctest/doctest.h>

namespace provider_test {

using namespace sesame;

struct door_list {
  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point) const {
    if (token == "open sesame") return principal{.issuer = "cave", .subject = "ali"};
    return failure{auth_failure{auth_error::invalid_token, "wrong word"}};
  }
  [[nodiscard]] std::vector<std::string> issuers() const { return {"cave"}; }
};

struct forgetful {
  [[nodiscard]] std::vector<std::string> issuers() const { return {}; }
};

static_assert(provider<door_list>);
static_assert(!provider<forgetful>);
static_assert(!provider<int>);

TEST_CASE("any type with the two members is a provider") {
  const door_list provider;
  const auto now = std::chrono::system_clock::now();
  CHECK(provider.verify("open sesame", now)->subject == "ali");
  CHECK(provider.verify("open barley", now).error().code == auth_error::invalid_token);
}

TEST_CASE("the table of errors is in the order of the enumeration") {
  for (const auto& row : auth_errors) CHECK(&describe(row.error) == &row);
}

TEST_CASE("each error has its name, its HTTP status and its RFC 6750 code") {
  CHECK(describe(auth_error::missing_token).name == "MISSING_TOKEN");
  CHECK(describe(auth_error::missing_token).status == 401);
  CHECK(describe(auth_error::missing_token).challenge.empty());
  CHECK(describe(auth_error::invalid_token).name == "INVALID_TOKEN");
  CHECK(describe(auth_error::invalid_token).challenge == "invalid_token");
  CHECK(describe(auth_error::verification_failed).name == "VERIFICATION_FAILED");
  CHECK(describe(auth_error::verification_failed).status == 401);
  CHECK(describe(auth_error::verification_failed).challenge == "invalid_token");
  CHECK(describe(auth_error::insufficient_scope).status == 403);
  CHECK(describe(auth_error::insufficient_scope).challenge == "insufficient_scope");
  CHECK(describe(auth_error::forbidden).status == 403);
  CHECK(describe(auth_error::forbidden).challenge.empty());
  CHECK(describe(auth_error::unavailable).status == 503);
  CHECK(describe(auth_error::unavailable).challenge.empty());
  CHECK(describe(auth_error::invalid_request).status == 400);
  CHECK(describe(auth_error::invalid_request).challenge == "invalid_request");
}

}  // namespace provider_test
