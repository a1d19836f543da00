// How a tool that finds out for itself that it needs to know its caller, or needs more scopes, says so
// in its result. Whoever declares `authenticated` and `scopes` does not need it: a call that lacks
// them is refused over HTTP, as the specification has it. This is for clients that begin to sign in
// only at the result of a tool, as ChatGPT does.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/scopes.hpp"
#include "sesame/service/tool_error.hpp"

#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// What the client is told, as in a `WWW-Authenticate` field; an empty one is left out.
struct auth_error_options {
  std::string resource_metadata_url{};  ///< where the server's metadata is (RFC 9728)
  std::string error = "invalid_token";  ///< as of RFC 6750, section 3.1
  std::string error_description{};      ///< for people
  scope_set required_scopes{};          ///< all that the call needs
};

/// What a tool throws to have its client sign in: the text is for the model, the challenge is in
/// `_meta["mcp/www_authenticate"]` of the result, which is an error.
///
///     throw sesame::create_auth_error("Sign in to see your data",
///                                     {.resource_metadata_url = metadata_url});
[[nodiscard]] tool_error create_auth_error(const std::string& message,
                                           const auth_error_options& options = {});

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/auth_error.ipp"
#endif
