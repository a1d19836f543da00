// What auth/providers.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/any_provider.hpp"
#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/opaque_provider.hpp"
#include "sesame/auth/opaque_row.hpp"
#include "sesame/auth/provider_settings.hpp"
#include "sesame/auth/provider_table.hpp"
#include "sesame/auth/providers.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sesame::inline v0::auth {

SESAME_INLINE any_provider make_provider(const provider_row& row, const provider_settings& given,
                                         settings_source source,
                                         const provider_adjustment& adjust) {
  auto made = resolve(row, given, source);
  std::visit(adjust, made);
  if (auto* const asks = std::get_if<opaque_settings>(&made))
    return opaque_verifier(opaque_rows[opaque_place(row.opaque)], std::move(*asks));
  auto& verifies = std::get<jwks_settings>(made);
  if (!verifies.token.keys.empty()) return jwt_provider(std::move(verifies.token));
  return jwks_provider(std::move(verifies));
}

namespace detail {

SESAME_INLINE const provider_row& row_of(std::string_view name, const char* setting) {
  if (const auto* row = find_provider(name)) return *row;
  std::string all;
  for (const auto& row : provider_rows) all.append(all.empty() ? "" : ", ").append(row.name);
  throw configuration_error(setting, "must be one of " + all);
}

}  // namespace detail

}  // namespace sesame::inline v0::auth

namespace sesame::inline v0 {

SESAME_INLINE any_provider make_provider(std::string_view name, const provider_settings& settings,
                                         const provider_adjustment& adjust) {
  return auth::make_provider(auth::detail::row_of(name, "provider"), settings,
                             settings_source::program, adjust);
}

SESAME_INLINE any_provider provider_from_env(const provider_adjustment& adjust) {
  constexpr auto variable = "MCP_AUTH_PROVIDER";
  const char* name = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): at the start
  return auth::make_provider(auth::detail::row_of(name == nullptr ? "" : name, variable), {},
                             settings_source::environment, adjust);
}

}  // namespace sesame::inline v0
