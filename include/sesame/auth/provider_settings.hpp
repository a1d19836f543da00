// From a row of the table, and what a program or the environment says, to the settings of a provider.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/opaque_provider.hpp"
#include "sesame/auth/provider_row.hpp"
#include "sesame/configuration.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sesame::inline v0 {

/// What a provider is told, by the names of its row: `{{"domain", "records.eu.auth0.com"}}`.
using provider_settings = std::map<std::string, std::string, std::less<>>;

/// Changes the settings that a row has led to, before the provider is made of them: for what only
/// this server wants (`token.required_scopes`, `token.leeway`), or how the issuer is reached
/// (`client`, `fetch`). Made of a function that takes `jwks_settings&`, or `opaque_settings&` for
/// tokens that the issuer is asked about, or `auto&` for what both have.
class provider_adjustment {
 public:
  provider_adjustment() = default;

  template <class Change>
    requires std::invocable<Change&, jwks_settings&> || std::invocable<Change&, opaque_settings&>
  provider_adjustment(Change change)  // NOLINT(google-explicit-constructor)
      : given_(true) {
    if constexpr (std::invocable<Change&, jwks_settings&>) jwks_ = change;
    if constexpr (std::invocable<Change&, opaque_settings&>) opaque_ = change;
  }

  /// Throws `configuration_error` for `adjust` where the function is for the other settings: what it
  /// would have demanded must not be forgotten.
  void operator()(jwks_settings& made) const { apply(jwks_, made); }
  void operator()(opaque_settings& made) const { apply(opaque_, made); }

 private:
  template <class Settings>
  void apply(const std::function<void(Settings&)>& change, Settings& made) const {
    if (change) return change(made);
    if (given_) throw configuration_error("adjust", "is not for the settings of this provider");
  }

  bool given_ = false;
  std::function<void(jwks_settings&)> jwks_;
  std::function<void(opaque_settings&)> opaque_;
};

/// Where settings are looked for that the program does not give.
enum class settings_source : std::uint8_t { program, environment };

/// The variables that a setting may come from, in the order in which they are looked at: each name
/// of the row, then the same behind `MCP_USE_OAUTH_`.
[[nodiscard]] std::vector<std::string> environment_names(const provider_setting& setting);

namespace auth {

/// What the row's provider is made of. A key that is at hand is among `token.keys`; otherwise keys
/// are fetched, or the issuer is asked.
///
/// Throws `configuration_error` where a setting is missing, empty, of another form than it should
/// be, or none of the provider's. It names the variable that the value came from, or should come
/// from, and says the setting; or names the setting, where only the program was asked. It never
/// repeats a value.
[[nodiscard]] std::variant<jwks_settings, opaque_settings> resolve(const provider_row& row,
                                                                   const provider_settings& given,
                                                                   settings_source source);

}  // namespace auth
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/provider_settings.ipp"
#endif
