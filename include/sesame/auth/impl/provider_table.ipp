// What auth/provider_table.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_place.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider_table.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::auth::detail {

SESAME_INLINE step check_azure_tenant(json::object claims) {
  const auto issuer = json::find_string(claims, "iss").value_or("");
  const auto tenant = json::find_string(claims, "tid").value_or("");
  if (tenant.empty() || issuer.find('/' + std::string{tenant} + '/') == std::string_view::npos)
    return mismatch("the tenant is " + quoted(tenant) + ", the issuer " + quoted(issuer));
  return {};
}

SESAME_INLINE void strip_azure_scopes(principal& caller, json::object) {
  scope_set stripped;
  for (const std::string_view scope : caller.scopes.tokens())
    stripped.insert(scope.starts_with("api://") ? scope.substr(scope.rfind('/') + 1) : scope);
  caller.scopes = std::move(stripped);
}

SESAME_INLINE void add_keycloak_permissions(principal& caller, json::object claims) {
  const auto access = json::find(claims, "resource_access");
  const auto clients = access ? json::as_object(*access) : std::nullopt;
  if (!clients) return;
  for (const auto client : *clients) {
    const auto members = json::as_object(client.value);
    const auto roles = members ? json::find(*members, "roles") : std::nullopt;
    const auto texts = roles ? json::as_array(*roles) : std::nullopt;
    if (!texts) continue;
    for (const auto role : *texts)
      if (const auto text = json::as_string(role))
        caller.permissions.insert(std::string{client.key}.append(":").append(*text));
  }
}

SESAME_INLINE void add_supabase_level(principal& caller, json::object claims) {
  if (const auto level = json::find_string(claims, "aal"))
    caller.permissions.insert("aal:" + std::string{*level});
}

}  // namespace sesame::inline v0::auth::detail
