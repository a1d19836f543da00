// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/elicited.hpp"

#include "sesame/json/schema.hpp"
#include "sesame/meta/annotations.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <vector>

namespace elicited_test {

enum class colour { red, green };
struct everything {
  std::string name;
  std::optional<std::string> nick;
  int age = 18;
  double height;
  bool member = true;
  colour favourite;
  std::vector<colour> others;
  std::chrono::year_month_day born;
  std::chrono::sys_seconds seen;
};
struct nothing {};

TEST_CASE("an outcome is a form, a no, or nothing") {
  const sesame::elicited<nothing> unasked;
  CHECK(unasked.action() == sesame::elicitation_action::cancel);
  CHECK(!unasked.accepted());
  const sesame::elicited<nothing> declined{sesame::elicitation_action::decline};
  CHECK(declined.action() == sesame::elicitation_action::decline);
  CHECK(!declined);
  everything content{};
  content.name = "Ann";
  const sesame::elicited<everything> filled{content};
  CHECK(filled.action() == sesame::elicitation_action::accept);
  REQUIRE(filled);
  CHECK(filled->name == "Ann");
  CHECK((*filled).age == 18);
}

TEST_CASE("a form's schema is flat, and says nothing of members that it does not name") {
  const std::string schema{sesame::form_schema<everything>()};
  CHECK(schema.starts_with(R"({"type":"object","properties":{"name":{"type":"string"})"));
  CHECK(schema.find("additionalProperties") == std::string::npos);
  CHECK(schema.find("$ref") == std::string::npos);
  CHECK(schema.find(R"("default":18)") != std::string::npos);
  CHECK(schema.find(R"("format":"date")") != std::string::npos);
  CHECK(schema.find(R"("format":"date-time")") != std::string::npos);
  CHECK(sesame::form_schema<nothing>() == R"({"type":"object","properties":{}})");
  static_assert(sesame::detail::check_form<everything>());
  static_assert(sesame::detail::check_form<nothing>());
}

TEST_CASE("a name that asks for a secret is known in any spelling") {
  using sesame::detail::names_a_secret;
  for (const auto secret :
       {"password",  "Password",    "PASSWORD", "user_password", "newPassword", "pass_word",
        "passwd",    "passphrase",  "apiKey",   "api_key",       "APIKEY",      "openai_api_key",
        "token",     "accessToken", "secret",   "client_secret", "pin",         "PIN",
        "cvv",       "CVC",         "ssn",      "credit_card",   "cardNumber",  "private_key",
        "credential"})
    CHECK_MESSAGE(names_a_secret(secret), secret);
  for (const auto open : {"name", "email", "keyboard", "spin", "pinned", "tokens_used", "secretary",
                          "passport", "accept_terms", "key", "shipping", ""})
    CHECK_MESSAGE(!names_a_secret(open), open);
}

}  // namespace elicited_test
