// What service/auth_error.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/challenge.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/service/auth_error.hpp"
#include "sesame/service/tool_error.hpp"

#include <string>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE tool_error create_auth_error(const std::string& message,
                                           const auth_error_options& options) {
  const auto scope = options.required_scopes.text();
  std::string meta = R"("mcp/www_authenticate":[)";
  json::writer{meta}.string(auth::to_field({.resource_metadata = options.resource_metadata_url,
                                            .scope = scope,
                                            .error = options.error,
                                            .error_description = options.error_description}));
  meta += ']';
  return {message, std::move(meta)};
}

}  // namespace sesame::inline v0
