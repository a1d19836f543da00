// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/auth_error.hpp"

#include <doctest/doctest.h>
#include <string>

namespace auth_error_test {

TEST_CASE("a tool's error names what a client needs to sign in") {
  const auto error = sesame::create_auth_error(
      "Sign in first", {.resource_metadata_url = "https://mcp.example/.well-known/x",
                        .error = "insufficient_scope",
                        .error_description = "No \"token\"\r\nX: 1",
                        .required_scopes = {"mail", "calendar"}});
  CHECK(std::string{error.what()} == "Sign in first");
  CHECK(error.meta() ==
        R"("mcp/www_authenticate":["Bearer resource_metadata=\"https://mcp.example/.well-known/x\")"
        R"(, scope=\"calendar mail\", error=\"insufficient_scope\")"
        R"(, error_description=\"No tokenX: 1\""])");
}

TEST_CASE("what is not given is left out") {
  CHECK(sesame::create_auth_error("-").meta() ==
        R"("mcp/www_authenticate":["Bearer error=\"invalid_token\""])");
  CHECK(sesame::tool_error("-").meta().empty());
  const auto copy = sesame::create_auth_error("-");
  const auto again = copy;
  CHECK(again.meta() == copy.meta());
}

}  // namespace auth_error_test
