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

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
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

SESAME_INLINE step check_clerk_session(json::object claims) {
  if (json::find_string(claims, "sts") == "pending") return mismatch("the session is pending");
  return {};
}

/// Takes the next text off a list that is parted by commas.
SESAME_INLINE std::string_view take_text(std::string_view& list) {
  const auto text = list.substr(0, list.find(','));
  list.remove_prefix(std::min(text.size() + 1, list.size()));
  return text;
}

SESAME_INLINE void read_clerk_organization(principal& caller, json::object claims) {
  const auto text_at = [&](std::string_view place) {
    const auto claim = find_claim(claims, place);
    return claim ? json::as_string(*claim).value_or("") : std::string_view{};
  };
  if (const auto role = text_at("/o/rol"); !role.empty())
    caller.roles.insert("org:" + std::string{role});
  auto features = text_at("fea");
  auto maps = text_at("/o/fpm");
  while (!features.empty() && !maps.empty()) {
    const auto feature = take_text(features);
    const auto colon = feature.find(':');
    // Features of the user alone have no number.
    if (feature.substr(0, colon).find('o') == std::string_view::npos) continue;
    const auto map = take_text(maps);
    std::uint64_t bits = 0;
    const auto* const end = map.data() + map.size();
    if (const auto read = std::from_chars(map.data(), end, bits);
        colon == std::string_view::npos || read.ec != std::errc{} || read.ptr != end)
      return;
    auto permissions = text_at("/o/per");
    for (; !permissions.empty() && bits != 0; bits >>= 1) {
      const auto permission = take_text(permissions);
      if (bits % 2 == 1)
        caller.permissions.insert("org" + std::string{feature.substr(colon)} + ':' +
                                  std::string{permission});
    }
  }
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
