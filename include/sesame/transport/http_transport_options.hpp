// The settings of a server over HTTP.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/dpop_settings.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sesame::inline v0 {

/// How a server is reached over HTTP.
struct http_transport_options {
  std::string path = "/mcp";  ///< of the endpoint

  /// The path at which clients of 2024-11-05 open their stream (HTTP+SSE); empty: not offered.
  std::string sse_path{};

  /// The endpoint's URL as clients see it: the resource that tokens are issued for. Needed behind a
  /// proxy; otherwise it follows from where the server listens. Never taken from a request.
  std::string public_url{};

  /// Further `Host`s that are answered (`name` or `name:port`), beside the server's own.
  std::vector<std::string> hosts{};

  /// Origins whose pages may call from a browser (`https://app.example`): only these get CORS
  /// headers.
  std::vector<std::string> origins{};

  /// By which the metadata of the first authorization server are fetched, to be passed on at
  /// `/.well-known/oauth-authorization-server` of this server, where clients of 2025-03-26 look;
  /// `net::fetch_with(net::https_client())` does. Empty: not offered, for clients since 2025-06-18
  /// ask the authorization server itself.
  net::http_fetch authorization_server_metadata{};

  /// Whether tokens are taken that only the holder of a key may present, with a proof in the `DPoP`
  /// field (RFC 9449), and how these are checked. Bearer tokens are taken too unless `required`. A
  /// token that is bound to a key is never taken without its proof.
  std::optional<dpop_settings> dpop{};

  net::http_options server{};  ///< address, threads, limits, timeouts, TLS
};

}  // namespace sesame::inline v0
