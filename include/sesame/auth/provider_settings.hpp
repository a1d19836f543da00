// From a row of the table, and what a program or the environment says, to the settings of a provider.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/provider_row.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// What a provider is told, by the names of its row: `{{"domain", "records.eu.auth0.com"}}`.
using provider_settings = std::map<std::string, std::string, std::less<>>;

/// Changes the settings that a row has led to, before the provider is made of them: for what only
/// this server wants (`token.required_scopes`, `token.leeway`), or how the issuer is reached
/// (`client`, `fetch`).
using provider_adjustment = std::function<void(jwks_settings& made)>;

/// Where settings are looked for that the program does not give.
enum class settings_source : std::uint8_t { program, environment };

/// The variables that a setting may come from, in the order in which they are looked at: each name
/// of the row, then the same behind `MCP_USE_OAUTH_`.
[[nodiscard]] std::vector<std::string> environment_names(const provider_setting& setting);

namespace auth {

/// What the row's provider is made of. A key that is at hand is among `token.keys`; otherwise keys
/// are fetched.
///
/// Throws `configuration_error` where a setting is missing, empty, of another form than it should
/// be, or none of the provider's. It names the variable that the value came from, or should come
/// from, and says the setting; or names the setting, where only the program was asked. It never
/// repeats a value.
[[nodiscard]] jwks_settings resolve(const provider_row& row, const provider_settings& given,
                                    settings_source source);

}  // namespace auth
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/provider_settings.ipp"
#endif
