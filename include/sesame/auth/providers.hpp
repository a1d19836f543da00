// Identity providers by name: each row of the table as a type, and chosen while the program runs.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/any_provider.hpp"
#include "sesame/auth/provider_settings.hpp"
#include "sesame/auth/provider_table.hpp"
#include "sesame/meta/fixed_string.hpp"

#include <asio/awaitable.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// The provider of a name that is known only when the program runs.
///
///     sesame::make_provider("auth0", {{"domain", "records.eu.auth0.com"},
///                                     {"audience", "https://records.example.com/mcp"}})
///
/// Throws `configuration_error`: for `provider` where `provider_rows` has no such name (it lists
/// them), and for each setting that is wrong, as `auth::resolve` does.
[[nodiscard]] any_provider make_provider(std::string_view name, const provider_settings& settings,
                                         const provider_adjustment& adjust = {});

/// The provider that the variable `MCP_AUTH_PROVIDER` names, with the settings that the environment
/// has for it. Throws `configuration_error` as `make_provider` does.
[[nodiscard]] any_provider provider_from_env(const provider_adjustment& adjust = {});

namespace auth {

/// What the row says, with its settings, as a provider.
[[nodiscard]] any_provider make_provider(const provider_row& row, const provider_settings& given,
                                         settings_source source, const provider_adjustment& adjust);

namespace detail {
// Not constexpr: the compiler shows its name where it must not be called.
void the_provider_has_no_such_setting();
}  // namespace detail

}  // namespace auth

/// A provider of the table as a type, for `authenticated<...>`. Its copies share keys.
///
///     sesame::auth0 staff{{"domain", "records.eu.auth0.com"},
///                         {"audience", "https://records.example.com/mcp"}};
///     auto staff = sesame::auth0::from_env();
///
/// A setting that the provider does not have does not compile. Two of one provider are two types:
/// `struct staff : sesame::auth0 { using sesame::auth0::auth0; };`
template <fixed_string Name>
class table_provider {
  static_assert(provider_place(Name.view()) < provider_rows.size(),
                "sesame: no provider has this name; provider_rows lists those there are");

 public:
  /// The name of one of its settings.
  class setting_name {
   public:
    consteval setting_name(const char* name) : text_(name) {  // NOLINT(google-explicit-constructor)
      if (!row().has(text_)) auth::detail::the_provider_has_no_such_setting();
    }
    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

   private:
    std::string_view text_;
  };

  struct setting {
    setting_name name;
    std::string value;
  };

  /// Its row of the table.
  [[nodiscard]] static constexpr const provider_row& row() noexcept {
    return provider_rows[provider_place(Name.view())];
  }

  /// With these settings alone. Throws `configuration_error` naming the setting that is missing or
  /// wrong.
  table_provider(std::initializer_list<setting> settings, const provider_adjustment& adjust = {})
      : provider_(made(settings, settings_source::program, adjust)) {}

  /// With what the environment says of all other settings. Throws `configuration_error` naming the
  /// variable that is missing or wrong.
  [[nodiscard]] static table_provider from_env(std::initializer_list<setting> settings = {},
                                               const provider_adjustment& adjust = {}) {
    return table_provider(made(settings, settings_source::environment, adjust));
  }

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const {
    return provider_.verify(token, now);
  }

  [[nodiscard]] asio::awaitable<result<principal, auth_failure>> look_up(
      std::string token, std::chrono::system_clock::time_point now) const {
    return provider_.look_up(std::move(token), now);
  }

  [[nodiscard]] std::vector<std::string> issuers() const { return provider_.issuers(); }

  /// Begins to fetch the keys, without waiting for them.
  void prefetch() const { provider_.prefetch(); }

 private:
  explicit table_provider(any_provider provider) : provider_(std::move(provider)) {}

  static any_provider made(std::initializer_list<setting> settings, settings_source source,
                           const provider_adjustment& adjust) {
    provider_settings given;
    for (const auto& one : settings) given.emplace(one.name.text(), one.value);
    return auth::make_provider(row(), given, source, adjust);
  }

  any_provider provider_;
};

using auth0 = table_provider<"auth0">;
using azure = table_provider<"azure">;
using better_auth = table_provider<"better_auth">;
using clerk = table_provider<"clerk">;
using cognito = table_provider<"cognito">;
using descope = table_provider<"descope">;
using discord = table_provider<"discord">;
using entra = azure;
using firebase = table_provider<"firebase">;
using github = table_provider<"github">;
using gitlab = table_provider<"gitlab">;
using google = table_provider<"google">;
using jwt = table_provider<"jwt">;
using keycloak = table_provider<"keycloak">;
using oidc = table_provider<"oidc">;
using okta = table_provider<"okta">;
using scalekit = table_provider<"scalekit">;
using slack = table_provider<"slack">;
using supabase = table_provider<"supabase">;
using workos = table_provider<"workos">;

static_assert(asking_provider<auth0>);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/providers.ipp"
#endif
