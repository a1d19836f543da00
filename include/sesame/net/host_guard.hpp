// Which Host and Origin a server answers to. This is what keeps a web page that has rebound its
// name to 127.0.0.1 from talking to a local server (RFC 9110, section 7.2; RFC 6454).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/net/url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  explicit host_guard(const host_guard_options& options);

  /// Decides on a request. `host` is the effective one (`http_request::host`), `origin` the Origin
  /// field if there is one. A request without Origin does not come from a web page and passes.
  [[nodiscard]] decision check(std::string_view host, std::optional<std::string_view> origin) const;

  /// A Host without a port stands for port 80 and for port 443: behind a proxy that ends TLS
  /// nothing tells which.
  [[nodiscard]] bool allows_host(std::string_view host) const;

  /// Lets through a listed origin, that of the public URL, and an http or https origin whose host
  /// is allowed. "null", lists of origins, and whatever has more than scheme, host and port are
  /// refused.
  [[nodiscard]] bool allows_origin(std::string_view origin) const;

 private:
  struct allowed_host {
    std::string host;
    std::optional<std::uint16_t> port;
    bool also_as_origin;
  };

  static std::string bracketed(const std::string& host);

  static std::optional<url> parse_origin(std::string_view text);

  void add_host(std::string setting, const std::string& host);

  std::vector<allowed_host> hosts_;
  std::vector<std::string> origins_;
  bool any_host_;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/host_guard.ipp"
#endif
