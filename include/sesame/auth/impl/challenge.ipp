// What auth/challenge.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/challenge.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth::detail {

SESAME_INLINE void append_parameter(std::string& field, std::string_view name,
                                    std::string_view value) {
  if (value.empty()) return;
  field += field.find(' ') == std::string::npos ? " " : ", ";
  field.append(name).append("=\"");
  std::ranges::copy_if(value, std::back_inserter(field), is_quotable);
  field += '"';
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE std::string to_field(const challenge& asked) {
  std::string field(asked.scheme);
  detail::append_parameter(field, "resource_metadata", asked.resource_metadata);
  detail::append_parameter(field, "scope", asked.scope);
  detail::append_parameter(field, "error", asked.error);
  detail::append_parameter(field, "error_description", asked.error_description);
  detail::append_parameter(field, "algs", asked.algs);
  return field;
}

SESAME_INLINE std::string dpop_challenge_for(auth_error error, std::string_view resource_metadata,
                                             const scope_set& scopes, std::string_view algs) {
  const auto& row = describe(error);
  const auto scope = scopes.text();
  challenge asked{.scheme = algs.empty() ? "Bearer" : "DPoP",
                  .resource_metadata = resource_metadata,
                  .scope = scope,
                  .error = row.challenge,
                  .algs = algs};
  if (!row.challenge.empty()) asked.error_description = row.description;
  return to_field(asked);
}

SESAME_INLINE std::string challenge_for(auth_error error, std::string_view resource_metadata,
                                        const scope_set& scopes) {
  return dpop_challenge_for(error, resource_metadata, scopes, {});
}

SESAME_INLINE result<std::string_view, auth_error> read_authorization(std::string_view field,
                                                                      std::string_view scheme) {
  // credentials = auth-scheme 1*SP token68
  const auto given = field.substr(0, field.find(' '));
  if (given.empty() || !net::detail::all_are(given, net::detail::token_character))
    return failure{auth_error::invalid_token};
  if (!net::detail::equal_ignoring_case(given, scheme)) return failure{auth_error::missing_token};
  field.remove_prefix(given.size());
  field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
  if (!detail::is_token68(field)) return failure{auth_error::invalid_token};
  return field;
}

}  // namespace sesame::inline v0::auth
