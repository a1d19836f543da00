// What auth/resource_metadata.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/resource_metadata.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::auth::detail {

/// Where the path of a URL starts.
SESAME_INLINE std::size_t path_start(std::string_view url) {
  const auto authority = url.find("://");
  return authority == std::string_view::npos ? url.size()
                                             : std::min(url.find('/', authority + 3), url.size());
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE void check(const protected_resource& described) {
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

SESAME_INLINE std::string to_json(const protected_resource& described) {
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
  write_all("dpop_signing_alg_values_supported", described.dpop_signing_alg_values_supported);
  if (described.dpop_bound_access_tokens_required) {
    name("dpop_bound_access_tokens_required");
    out.boolean(true);
  }
  out.raw('}');
  return text;
}

SESAME_INLINE std::vector<std::string> resource_metadata_paths(std::string_view resource) {
  const auto path = resource.substr(detail::path_start(resource));
  std::vector<std::string> paths;
  if (!path.empty() && path != "/")
    paths.push_back(std::string(resource_metadata_path).append(path));
  paths.emplace_back(resource_metadata_path);
  return paths;
}

SESAME_INLINE std::string resource_metadata_url(std::string_view resource) {
  return std::string(resource.substr(0, detail::path_start(resource))) +
         resource_metadata_paths(resource).front();
}

}  // namespace sesame::inline v0::auth
