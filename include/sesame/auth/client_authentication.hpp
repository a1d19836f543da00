// How this program proves to an authorization server which client it is (RFC 6749, section 2.3).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/secret.hpp"
#include "sesame/net/http_client.hpp"

#include <cstdint>
#include <string>

namespace sesame::inline v0 {

/// By the names of the registry of RFC 7591, section 2.
enum class client_authentication_method : std::uint8_t {
  client_secret_basic,  ///< id and secret in the Authorization field
  client_secret_post,   ///< id and secret in the form
};

/// A client of an authorization server, and what proves that it is the one.
///
///     const client_authentication self{"records", secret{std::getenv("CLIENT_SECRET")}};
///     net::outgoing_request request{.method = "POST", .target = endpoint};
///     net::append_form_field(request.body, "token", token);
///     self.apply(request);
struct client_authentication {
  std::string client_id{};
  secret client_secret{};
  client_authentication_method method = client_authentication_method::client_secret_basic;

  /// Throws `configuration_error` for `client_id` or `client_secret`, where one is missing.
  void check() const;

  /// Makes `request`, whose body is a form or still empty, one of this client's; its other fields
  /// are complete by then. With it goes the field Content-Type.
  void apply(net::outgoing_request& request) const;

  /// The value of an Authorization field (RFC 7617). Id and secret are encoded as in a form first
  /// (RFC 6749, section 2.3.1), so that a colon in one of them does not end it.
  [[nodiscard]] std::string basic() const;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/client_authentication.ipp"
#endif
