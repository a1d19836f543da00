// What auth/test_issuer.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/auth/test_issuer.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE jwt_settings test_issuer::settings(std::string audience) const {
  return {.issuer = name_,
          .audiences = {std::move(audience)},
          .keys = {key_.verifier()},
          .algorithms = {key_.algorithm()}};
}

SESAME_INLINE std::string test_issuer::text(std::string_view value) {
  std::string out;
  json::writer(out).string(value);
  return out;
}

SESAME_INLINE std::string test_issuer::number(std::chrono::system_clock::time_point time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

SESAME_INLINE std::string test_issuer::mint(const test_token& token) const {
  members header{{"alg", text(auth::facts(key_.algorithm()).name)},
                 {"kid", text(key_.kid())},
                 {"typ", text("at+jwt")}};
  members claims{{"iss", text(name_)},
                 {"sub", text(token.subject)},
                 {"aud", text(token.audience)},
                 {"iat", number(token.now)},
                 {"exp", number(token.now + token.expires_in)}};
  if (token.not_before_in) claims.emplace_back("nbf", number(token.now + *token.not_before_in));
  if (!token.scopes.empty()) claims.emplace_back("scope", text(token.scopes));
  if (!token.client_id.empty()) claims.emplace_back("client_id", text(token.client_id));
  return sign(merged(std::move(header), token.header, "header"),
              merged(std::move(claims), token.claims, "claims"));
}

SESAME_INLINE std::string test_issuer::merged(members base, const std::string& changes,
                                              const char* setting) {
  if (!changes.empty()) {
    json::document document;
    const auto parsed = document.parse(changes);
    const auto changed = parsed ? json::as_object(*parsed) : std::nullopt;
    if (!changed) throw configuration_error(setting, "must be a JSON object");
    for (const auto member : *changed) {
      std::erase_if(base, [&](const auto& one) { return one.first == member.key; });
      if (!member.value.is_null()) base.emplace_back(member.key, json::minify(member.value));
    }
  }
  std::string out = "{";
  for (const auto& [name, value] : base) {
    if (out.size() > 1) out += ',';
    out.append(text(name)).append(":").append(value);
  }
  return out += '}';
}

}  // namespace sesame::inline v0
