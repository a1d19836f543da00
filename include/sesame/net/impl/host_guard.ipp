// What net/host_guard.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/host_guard.hpp"
#include "sesame/net/url.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::net {

SESAME_INLINE host_guard::host_guard(const host_guard_options& options)
    : any_host_(options.any_host) {
  if (is_loopback(options.bind_host)) {
    for (const auto* name : {"localhost", "127.0.0.1", "[::1]"}) add_host("host", name);
  } else if (options.bind_host != "0.0.0.0" && options.bind_host != "::" &&
             options.bind_host != "[::]") {
    add_host("host", bracketed(options.bind_host));
  }
  for (const auto& host : options.hosts) add_host("hosts", host);
  if (options.public_url) {
    hosts_.push_back({options.public_url->host, std::nullopt, false});
    origins_.push_back(options.public_url->origin());
  }
  for (const auto& origin : options.origins) {
    const auto read = parse_origin(origin);
    if (!read)
      throw configuration_error("origins", "\"" + origin +
                                               "\" is no origin; write scheme://host[:port], "
                                               "without a path");
    origins_.push_back(read->origin());
  }
}

SESAME_INLINE host_guard::decision host_guard::check(std::string_view host,
                                                     std::optional<std::string_view> origin) const {
  if (!any_host_ && !allows_host(host)) return decision::host_refused;
  if (origin && !allows_origin(*origin)) return decision::origin_refused;
  return decision::allowed;
}

SESAME_INLINE bool host_guard::allows_host(std::string_view host) const {
  const auto read = authority::parse(host);
  if (!read) return false;
  return std::any_of(hosts_.begin(), hosts_.end(), [&](const allowed_host& allowed) {
    return same_host(allowed.host, read->host) &&
           (!allowed.port ||
            (read->port ? allowed.port == read->port : allowed.port == 80 || allowed.port == 443));
  });
}

SESAME_INLINE bool host_guard::allows_origin(std::string_view origin) const {
  const auto read = parse_origin(origin);
  if (!read) return false;
  if (std::find(origins_.begin(), origins_.end(), read->origin()) != origins_.end()) return true;
  return std::any_of(hosts_.begin(), hosts_.end(), [&](const allowed_host& allowed) {
    return allowed.also_as_origin && same_host(allowed.host, read->host) &&
           (!allowed.port || allowed.port == read->effective_port());
  });
}

SESAME_INLINE std::string host_guard::bracketed(const std::string& host) {
  return host.find(':') != std::string::npos && host.front() != '[' ? '[' + host + ']' : host;
}

SESAME_INLINE std::optional<url> host_guard::parse_origin(std::string_view text) {
  auto read = url::parse(text);
  // A path of "/" that is not in the text is url's default.
  if (!read || read->query || read->path != "/" || text.ends_with('/')) return std::nullopt;
  return *read;
}

SESAME_INLINE void host_guard::add_host(std::string setting, const std::string& host) {
  const auto read = authority::parse(host);
  if (!read)
    throw configuration_error(std::move(setting),
                              "\"" + host + "\" is no host; write name or name:port");
  hosts_.push_back({std::string(read->host), read->port, true});
}

}  // namespace sesame::inline v0::net
