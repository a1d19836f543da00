// Which Host and Origin a server answers to. This is what keeps a web page that has rebound its
// name to 127.0.0.1 from talking to a local server (RFC 9110, section 7.2; RFC 6454).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/url.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::net {

/// What a `host_guard` lets through. Localhost, 127.0.0.1 and [::1] are let through where the
/// server is bound to one of them; all else has to be listed.
struct host_guard_options {
  std::string bind_host = "127.0.0.1";  ///< what the server listens on; if specific, it is allowed
  std::optional<url>
      public_url{};  ///< the address that clients know; its host and origin are allowed
  std::vector<std::string> hosts{};  ///< more hosts, `name[:port]`; without a port any port will do
  std::vector<std::string>
      origins{};          ///< more origins for browsers elsewhere, `https://app.example`
  bool any_host = false;  ///< a proxy in front checks Host; Origin is still checked
};

/// Decides on the Host and Origin of a request. Immutable: threads may share it.
class host_guard {
 public:
  enum class decision : std::uint8_t { allowed, host_refused, origin_refused };

  /// Throws `configuration_error` for a host or origin in the lists that is malformed.
  explicit host_guard(const host_guard_options& options) : any_host_(options.any_host) {
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

  /// Decides on a request. `host` is the effective one (`http_request::host`), `origin` the Origin
  /// field if there is one. A request without Origin does not come from a web page and passes.
  [[nodiscard]] decision check(std::string_view host,
                               std::optional<std::string_view> origin) const {
    if (!any_host_ && !allows_host(host)) return decision::host_refused;
    if (origin && !allows_origin(*origin)) return decision::origin_refused;
    return decision::allowed;
  }

  /// A Host without a port stands for port 80 and for port 443: behind a proxy that ends TLS
  /// nothing tells which.
  [[nodiscard]] bool allows_host(std::string_view host) const {
    const auto read = authority::parse(host);
    if (!read) return false;
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const allowed_host& allowed) {
      return same_host(allowed.host, read->host) &&
             (!allowed.port || (read->port ? allowed.port == read->port
                                           : allowed.port == 80 || allowed.port == 443));
    });
  }

  /// Lets through a listed origin, that of the public URL, and an http or https origin whose host
  /// is allowed. "null", lists of origins, and whatever has more than scheme, host and port are
  /// refused.
  [[nodiscard]] bool allows_origin(std::string_view origin) const {
    const auto read = parse_origin(origin);
    if (!read) return false;
    if (std::find(origins_.begin(), origins_.end(), read->origin()) != origins_.end()) return true;
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const allowed_host& allowed) {
      return allowed.also_as_origin && same_host(allowed.host, read->host) &&
             (!allowed.port || allowed.port == read->effective_port());
    });
  }

 private:
  struct allowed_host {
    std::string host;
    std::optional<std::uint16_t> port;
    bool also_as_origin;
  };

  static std::string bracketed(const std::string& host) {
    return host.find(':') != std::string::npos && host.front() != '[' ? '[' + host + ']' : host;
  }

  static std::optional<url> parse_origin(std::string_view text) {
    auto read = url::parse(text);
    // A path of "/" that is not in the text is url's default.
    if (!read || read->query || read->path != "/" || text.ends_with('/')) return std::nullopt;
    return *read;
  }

  void add_host(std::string setting, const std::string& host) {
    const auto read = authority::parse(host);
    if (!read)
      throw configuration_error(std::move(setting),
                                "\"" + host + "\" is no host; write name or name:port");
    hosts_.push_back({std::string(read->host), read->port, true});
  }

  std::vector<allowed_host> hosts_;
  std::vector<std::string> origins_;
  bool any_host_;
};

}  // namespace sesame::inline v0::net
