// What an authorization server says about itself (RFC 8414; OpenID Connect Discovery 1.0), as far
// as a server that takes its tokens has to know.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_client.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::auth {

/// The metadata of an issuer; what it does not name is empty.
struct issuer_metadata {
  std::string issuer;  ///< letter for letter the one that was asked for
  std::string jwks_uri;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string registration_endpoint;
  std::string introspection_endpoint;
  std::string userinfo_endpoint;
  std::string json;  ///< the document
};

/// Where the metadata of an issuer may be, in the order in which to look: for
/// `https://id.example/tenant` that is `/.well-known/oauth-authorization-server/tenant` (RFC 8414,
/// section 3.1), `/.well-known/openid-configuration/tenant` (its section 5), and
/// `/tenant/.well-known/openid-configuration` (OpenID Connect Discovery 1.0, section 4.1). The
/// failure is for an issuer that is no http(s) URL, or one with a query.
[[nodiscard]] result<std::vector<std::string>> issuer_metadata_urls(std::string_view issuer);

/// Reads a document that was found at one of them. The failure is a sentence for the log: no JSON
/// object, endpoints that are no URLs, or another issuer (RFC 8414, section 3.3).
[[nodiscard]] result<issuer_metadata> read_issuer_metadata(std::string_view json,
                                                           std::string_view issuer);

/// Fetches the metadata of an issuer: the first document that is there is read, and has to be right.
[[nodiscard]] asio::awaitable<result<issuer_metadata>> fetch_issuer_metadata(net::http_fetch fetch,
                                                                             std::string issuer);

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/issuer_metadata.ipp"
#endif
