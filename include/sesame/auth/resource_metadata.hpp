// What a protected server tells of itself, and where: OAuth 2.0 Protected Resource Metadata
// (RFC 9728, sections 2 and 3).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/scopes.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/writer.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
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
};

inline constexpr std::string_view resource_metadata_path = "/.well-known/oauth-protected-resource";

namespace detail {

/// Where the path of a URL starts.
inline std::size_t path_start(std::string_view url) {
  const auto authority = url.find("://");
  return authority == std::string_view::npos ? url.size()
                                             : std::min(url.find('/', authority + 3), url.size());
}

}  // namespace detail

/// Throws `configuration_error` for `resource` or `authorization_servers` where the document would
/// be one that clients must refuse: the resource is an http(s) URL without fragment or query.
inline void check(const protected_resource& described) {
  const std::string_view url = described.resource;
  const auto path = detail::path_start(url);
  if (!(url.starts_with("https://") || url.starts_with("http://")) || path == url.find("://") + 3 ||
      std::ranges::any_of(url, [](char c) { return c <= 0x20 || c >= 0x7f; }) ||
      url.find_first_of("?#\"\\") != std::string_view::npos)
    throw configuration_error("resource",
                              "must be the http(s) URL of the server, without query "
                              "and fragment");
  if (described.authorization_servers.empty())
    throw configuration_error("authorization_servers", "name at least one (RFC 9728, section 2)");
}

/// The document, as JSON. Tokens are taken from the header alone, and it says so.
[[nodiscard]] inline std::string to_json(const protected_resource& described) {
  std::string text;
  json::writer out(text);
  const auto name = [&](std::string_view member) {
    out.raw(text.empty() ? '{' : ',');
    out.string(member);
    out.raw(':');
  };
  const auto write = [&](std::string_view member, std::string_view value) {
    if (value.empty()) return;
    name(member);
    out.string(value);
  };
  const auto write_all = [&](std::string_view member, std::span<const std::string> values) {
    if (values.empty()) return;
    name(member);
    for (const auto& value : values) {
      out.raw(&value == values.data() ? '[' : ',');
      out.string(value);
    }
    out.raw(']');
  };
  const std::vector<std::string> methods{"header"};
  write("resource", described.resource);
  write_all("authorization_servers", described.authorization_servers);
  write_all("scopes_supported", described.scopes_supported.tokens());
  write_all("bearer_methods_supported", methods);
  write("resource_name", described.resource_name);
  write("resource_documentation", described.resource_documentation);
  out.raw('}');
  return text;
}

/// The paths to serve the document at, the one to advertise first: for `https://host/mcp` that is
/// `/.well-known/oauth-protected-resource/mcp`, then the same without `/mcp`, where some clients
/// look. For a resource without a path the two are one.
[[nodiscard]] inline std::vector<std::string> resource_metadata_paths(std::string_view resource) {
  const auto path = resource.substr(detail::path_start(resource));
  std::vector<std::string> paths;
  if (!path.empty() && path != "/")
    paths.push_back(std::string(resource_metadata_path).append(path));
  paths.emplace_back(resource_metadata_path);
  return paths;
}

/// The URL to advertise in a challenge (RFC 9728, section 3.1).
[[nodiscard]] inline std::string resource_metadata_url(std::string_view resource) {
  return std::string(resource.substr(0, detail::path_start(resource))) +
         resource_metadata_paths(resource).front();
}

}  // namespace sesame::inline v0::auth
