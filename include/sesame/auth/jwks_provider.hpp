// The provider for JSON Web Tokens whose keys the issuer publishes: they are found, fetched, kept
// and fetched again by themselves (RFC 7517; RFC 8414; OpenID Connect Discovery 1.0).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwks_cache.hpp"
#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// Which tokens are taken, and where their keys come from. `token.issuer` and `token.audiences` have
/// no default that could be safe.
struct jwks_settings {
  /// What tokens must be like. `keys` stay empty: they are fetched.
  jwt_settings token;

  /// Where the keys are. Empty: where the issuer's metadata say.
  std::string jwks_uri{};

  /// When keys are fetched again.
  auth::jwks_cache_settings cache{};

  /// How the issuer is reached, as where it is inside the network.
  net::http_client_options client{};

  /// Another client in the place of our own.
  net::http_fetch fetch{};
};

/// Verifies JSON Web Tokens with keys that it fetches from their issuer.
///
///     sesame::jwks_provider staff{{.token = {.issuer = "https://id.example.com/",
///                                            .audiences = {"https://api.example.com/mcp"}}}};
///
/// Keys are fetched when the first token comes, or by `prefetch` before; from then on a token whose
/// key is known is verified without waiting, and keys that grow old are replaced in the background.
/// A token with a new key has them fetched at once, but not more often than the settings say. Where
/// the issuer cannot be reached, known keys are used on, and what they cannot verify is
/// `unavailable`. Only tokens that name the issuer have anything fetched.
///
/// Copies share the keys.
class jwks_provider {
 public:
  /// Throws `configuration_error` naming the setting, where one is missing or senseless.
  explicit jwks_provider(jwks_settings settings);

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const;

  [[nodiscard]] asio::awaitable<result<principal, auth_failure>> look_up(
      std::string token, std::chrono::system_clock::time_point now) const;

  [[nodiscard]] std::vector<std::string> issuers() const;

  [[nodiscard]] const jwt_settings& settings() const noexcept;

  /// Begins to fetch the keys, without waiting for them.
  void prefetch() const;

 private:
  struct source;
  struct state;

  static asio::awaitable<void> fetch_keys(std::shared_ptr<source> from);
  static asio::awaitable<result<principal, auth_failure>> verify_later(
      std::shared_ptr<const state> kept, std::string token,
      std::chrono::system_clock::time_point now);

  std::shared_ptr<const state> state_;
};

static_assert(asking_provider<jwks_provider>);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/jwks_provider.ipp"
#endif
