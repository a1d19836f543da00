// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/provider_settings.hpp"

#include "sesame/auth/provider_table.hpp"
#include "sesame/configuration.hpp"

#include "auth/support.hpp"
#include <doctest/doctest.h>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace provider_settings_test {

using namespace sesame;
using auth_test::environment;
using namespace std::string_literals;
using texts = std::vector<std::string>;

jwks_settings resolved(std::string_view name, const provider_settings& given,
                       settings_source source = settings_source::program) {
  return std::get<jwks_settings>(auth::resolve(*find_provider(name), given, source));
}

// What a setting that is wrong is called, and what is said of it.
struct complaint {
  std::string setting, text;
};
complaint complaint_of(std::string_view name, const provider_settings& given,
                       settings_source source = settings_source::program) {
  try {
    static_cast<void>(auth::resolve(*find_provider(name), given, source));
  } catch (const configuration_error& wrong) {
    return {wrong.setting(), wrong.what()};
  }
  return {"none", ""};
}

// A value for each form that is right, and some that are not.
std::string good_value(const provider_setting& setting) {
  if (!setting.choices.empty()) return std::string{*setting.choices.begin()};
  switch (setting.form) {
    case setting_form::host:
    case setting_form::origin:
      return "id.example.com";
    case setting_form::base:
    case setting_form::url:
      return "https://id.example.com/base";
    case setting_form::region:
      return "eu-central-1";
    case setting_form::guid:
      return "72f988bf-86f1-41af-91ab-2d7cd011db47";
    case setting_form::secret:
      return "0123456789abcdef0123456789abcdef";
    case setting_form::segment:
      return setting.name == "tenant_id" ? "72f988bf-86f1-41af-91ab-2d7cd011db47" : "part";
    case setting_form::pem:
      return "-----BEGIN PUBLIC KEY-----\\n"
             "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\\n"
             "-----END PUBLIC KEY-----\\n";
    case setting_form::text:
      break;
  }
  return "value";
}

std::vector<std::string> bad_values(setting_form form) {
  switch (form) {
    case setting_form::text:
      return {"", "a\nb", "caf\xc3\xa9", "\x7f", "a\tb"};
    case setting_form::origin:
      return {"",        "http://id.example.com", "https://id.example.com/path", "id.example.com/a",
              "a@b.com", "https://a.com?b",       "https://https://a.com"};
    case setting_form::host:
      return {"",
              "https://id.example.com",
              "id.example.com/path",
              "id.example.com:8443",
              "id.example.com#",
              "user@id.example.com",
              "ID.example.com",
              "id..example.com",
              ".example.com",
              "example.com.",
              "-a.example.com",
              "a-.example.com",
              "127.0.0.1",
              "[::1]",
              "a b.com",
              "evil.com?.auth0.com",
              std::string(64, 'a') + ".com"};
    case setting_form::base:
    case setting_form::url:
      return {"",
              "id.example.com",
              "ftp://a.example",
              "https://a.example?b=c",
              "https://",
              "file:///etc",
              "https://u@a.example",
              "https://a.example/#b",
              "https://a.example/a b"};
    case setting_form::segment:
      return {"", ".", "..", "a/b", "a?b", "a#b", "a%2fb", "a b", "a@b"};
    case setting_form::region:
      return {"",
              "eu",
              "eu-central",
              "eu-central-x",
              "EU-central-1",
              "eu-central-1.evil.com",
              "-central-1",
              "eu--1"};
    case setting_form::guid:
      return {"", "common", "72F988BF-86F1-41AF-91AB-2D7CD011DB47",
              "72f988bf-86f1-41af-91ab-2d7cd011db4", "72f988bf86f141af91ab2d7cd011db47"};
    case setting_form::pem:
      return {"", "-----BEGIN PUBLIC KEY-----", "key"};
    case setting_form::secret:
      return {"", "0123456789abcdef0123456789abcde",
              "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4"};
  }
  return {};
}

// Each setting of a row, but those that exclude others.
provider_settings all_settings(const provider_row& row) {
  provider_settings all;
  for (const auto& setting : row.settings)
    if (setting.name != "secret" && setting.name != "public_key")
      all.emplace(setting.name, good_value(setting));
  return all;
}

TEST_CASE("each setting of each provider is checked, and named where it is wrong") {
  for (const auto& row : provider_rows) {
    CAPTURE(row.name);
    CHECK(complaint_of(row.name, all_settings(row)).setting == "none");
    for (const auto& setting : row.settings) {
      CAPTURE(setting.name);
      for (const auto& bad : bad_values(setting.form)) {
        CAPTURE(bad);
        auto given = all_settings(row);
        if (row.name == "jwt" && setting.name != "jwks_uri") given.erase("jwks_uri");
        if (row.name == "jwt" && given.count("jwks_uri") == 0)
          given["public_key"] = good_value(*row.find("public_key"));
        if (setting.name == "secret") given.erase("public_key");
        given.insert_or_assign(std::string{setting.name}, bad);
        // A name without a dot is completed.
        if (!setting.suffix.empty() && bad.find('.') == std::string::npos && bad == "[::1]")
          continue;
        const auto said = complaint_of(row.name, given);
        CHECK(said.setting == setting.name);
        CHECK(said.text.find(row.name) != std::string::npos);
        if (bad.size() > 4 && setting.example.find(bad) == std::string_view::npos)
          CHECK(said.text.find(bad) == std::string::npos);
      }
    }
  }
}

TEST_CASE("each setting of each provider comes from the environment by every name it has") {
  for (const auto& row : provider_rows) {
    CAPTURE(row.name);
    for (const auto& setting : row.settings) {
      const auto names = environment_names(setting);
      REQUIRE(names.size() >= 2);
      for (const auto& name : names) {
        CAPTURE(name);
        auto given = all_settings(row);
        given.erase(std::string{setting.name});
        if (setting.name == "secret" || setting.name == "public_key") given.erase("jwks_uri");
        const environment good{{{name, good_value(setting)}}};
        CHECK(complaint_of(row.name, given, settings_source::environment).setting == "none");
        for (const auto& bad : {""s, "a\nb"s}) {
          const environment wrong{{{name, bad}}};
          const auto said = complaint_of(row.name, given, settings_source::environment);
          CHECK(said.setting == name);
          CHECK(said.text.find(setting.name) != std::string::npos);
        }
      }
    }
  }
}

TEST_CASE("a setting that is missing is named with an example and the variables it may come from") {
  CHECK(complaint_of("auth0", {{"domain", "a.auth0.com"}}).text ==
        "audience: auth0 needs its audience, such as https://records.example.com/mcp; the "
        "environment may say it by AUTH0_AUDIENCE or MCP_USE_OAUTH_AUTH0_AUDIENCE");
  CHECK(complaint_of("auth0", {}, settings_source::environment).setting == "AUTH0_DOMAIN");
  CHECK(complaint_of("clerk", {{"frontend_api", "a.clerk.example"}})
            .text.starts_with("audience: clerk needs its audience (or authorized_parties, "
                              "client_id), such as "));
  CHECK(complaint_of("supabase", {}).setting == "project_id");
  CHECK(complaint_of("jwt", {{"issuer", "i"}, {"audience", "a"}})
            .text.starts_with("jwks_uri: jwt needs its jwks_uri (or public_key, secret), such as"));
  CHECK(complaint_of("firebase", {}).setting == "project_id");
  CHECK(complaint_of("cognito", {{"region", "eu-central-1"}, {"user_pool_id", "p"}}).setting ==
        "client_id");
}

TEST_CASE(
    "the names of both schemes lead to the same settings, and the provider's own come first") {
  const auto domain = [] {
    return resolved("auth0", {}, settings_source::environment).token.issuer;
  };
  const environment audience{{{"MCP_USE_OAUTH_AUTH0_AUDIENCE", "records"}}};
  {
    const environment one{{{"AUTH0_DOMAIN", "one.auth0.com"}}};
    CHECK(domain() == "https://one.auth0.com/");
  }
  {
    const environment other{{{"MCP_USE_OAUTH_AUTH0_DOMAIN", "other.auth0.com"}}};
    CHECK(domain() == "https://other.auth0.com/");
    const environment one{{{"AUTH0_DOMAIN", "one.auth0.com"}}};
    CHECK(domain() == "https://one.auth0.com/");
    const auto given =
        resolved("auth0", {{"domain", "given.auth0.com"}}, settings_source::environment);
    CHECK(given.token.issuer == "https://given.auth0.com/");
    CHECK(given.token.audiences == texts{"records"});
  }
  // A program that is asked for everything has nothing from the environment.
  const environment one{{{"AUTH0_DOMAIN", "one.auth0.com"}}};
  CHECK(complaint_of("auth0", {{"audience", "a"}}).setting == "domain");
  CHECK(environment_names(*find_provider("clerk")->find("frontend_api")) ==
        texts{"CLERK_FRONTEND_API", "CLERK_FRONTEND_API_URL", "MCP_USE_OAUTH_CLERK_FRONTEND_API",
              "MCP_USE_OAUTH_CLERK_FRONTEND_API_URL"});
}

TEST_CASE("a setting may have several values, and stands for as many texts") {
  const auto made = resolved("azure",
                             {{"tenant_id", "common"},
                              {"client_id", "one, two"},
                              {"allowed_tenants",
                               "72f988bf-86f1-41af-91ab-2d7cd011db47 "
                               "9188040d-6c67-4c5b-b112-36a304b66dad"}},
                             settings_source::program);
  CHECK(made.token.audiences == texts{"one", "two", "api://one", "api://two"});
  CHECK(made.token.issuer ==
        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0");
  CHECK(made.token.other_issuers ==
        texts{"https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
              "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
              "https://sts.windows.net/9188040d-6c67-4c5b-b112-36a304b66dad/"});
  CHECK(complaint_of("auth0", {{"domain", "a.auth0.com"}, {"audience", " , "}}).text ==
        "audience: is empty (audience of auth0)");
}

TEST_CASE("many tenants have to be named, whatever stands for them all") {
  for (const auto* tenant : {"common", "organizations", "consumers", "contoso.com"}) {
    const auto said = complaint_of("azure", {{"tenant_id", tenant}, {"client_id", "app"}});
    CHECK(said.setting == "allowed_tenants");
    CHECK(said.text.find("must be a GUID in lower case") != std::string::npos);
  }
}

TEST_CASE("a key that is at hand is the only way to verify, and there is only one") {
  const auto secret = "0123456789abcdef0123456789abcdef"s;
  const auto made = resolved("supabase", {{"project_id", "abc"}, {"jwt_secret", secret}},
                             settings_source::program);
  CHECK(made.token.algorithms == std::vector{jws_algorithm::hs256});
  CHECK(made.token.keys.size() == 1);
  CHECK(made.jwks_uri.empty());
  provider_settings both{{"issuer", "i"}, {"audience", "a"}, {"secret", secret}};
  CHECK(complaint_of("jwt", both).setting == "none");
  both["jwks_uri"] = "https://keys.example/";
  CHECK(complaint_of("jwt", both).text == "secret: give it or jwks_uri, not both");
}

}  // namespace provider_settings_test
