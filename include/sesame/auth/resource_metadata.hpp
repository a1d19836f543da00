// What a protected server tells of itself, and where: OAuth 2.0 Protected Resource Metadata
// (RFC 9728, sections 2 and 3).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/scopes.hpp"
#include "sesame/configuration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::auth {

/// The members of the document; an empty one is left out.
struct protected_resource {
  /// The URL that clients use for the server, letter for letter; tokens are asked for under this
  /// name. It is configured, never taken from a request's `Host`.
  std::string resource;
  std::vector<std::string> authorization_servers;  ///< issuers; at least one
  scope_set scopes_supported{};                    ///< the few that a client should start with
  std::string resource_name{};                     ///< shown to people
  std::string resource_documentation{};            ///< URL
  std::vector<std::string> dpop_signing_alg_values_supported{};  ///< of proofs (RFC 9449)
  bool dpop_bound_access_tokens_required = false;
};

inline constexpr std::string_view resource_metadata_path = "/.well-known/oauth-protected-resource";

namespace detail {}  // namespace detail

/// Throws `configuration_error` for `resource` or `authorization_servers` where the document would
/// be one that clients must refuse: the resource is an http(s) URL without fragment or query.
void check(const protected_resource& described);

/// The document, as JSON. Tokens are taken from the header alone, and it says so.
[[nodiscard]] std::string to_json(const protected_resource& described);

/// The paths to serve the document at, the one to advertise first: for `https://host/mcp` that is
/// `/.well-known/oauth-protected-resource/mcp`, then the same without `/mcp`, where some clients
/// look. For a resource without a path the two are one.
[[nodiscard]] std::vector<std::string> resource_metadata_paths(std::string_view resource);

/// The URL to advertise in a challenge (RFC 9728, section 3.1).
[[nodiscard]] std::string resource_metadata_url(std::string_view resource);

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/resource_metadata.ipp"
#endif
