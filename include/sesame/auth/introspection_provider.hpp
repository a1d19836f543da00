// The provider for tokens that only their issuer understands: it is asked what each stands for
// (RFC 7662).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/client_authentication.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/auth/token_inquiries.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// Who is asked, and which tokens are taken. `issuer`, `audiences` and `authentication` have no
/// default that could be safe.
struct introspection_settings {
  /// Who vouches for the callers: the issuer of each principal, and of each answer that names one.
  std::string issuer{};

  /// Where to ask. Empty: where the issuer's metadata say.
  std::string introspection_endpoint{};

  /// As whom to ask.
  client_authentication authentication{};

  /// The audiences tokens may be meant for, letter for letter: one of them is enough.
  std::vector<std::string> audiences{};

  /// The member of the answer that names the audience. Some issuers can name no more than the
  /// client that the token was given to: `client_id`.
  std::string audience_claim = "aud";

  /// Takes tokens whoever they are meant for; `audiences` are empty then. Only where the issuer gives
  /// tokens for this server alone: any other server that is shown one could use it here.
  bool accept_any_audience = false;

  /// By how much the issuer's clock may differ from ours; 5 minutes at most.
  std::chrono::seconds leeway{30};

  /// The members scopes are read from.
  std::vector<std::string> scope_claims{"scope", "scp"};

  /// Scopes that every token must have, whatever it is used for.
  scope_set required_scopes{};

  /// Further members that answers must have: `{"token_use", {"access_token"}}`.
  std::vector<auth::claim_requirement> required_claims{};

  /// Which members say what the caller is called, is and may do.
  claim_map claims{};

  /// How often the issuer is asked.
  token_inquiry_settings inquiries{};

  /// How the issuer is reached, as where it is inside the network.
  net::http_client_options client{};

  /// Another client in the place of our own.
  net::http_fetch fetch{};
};

namespace auth {

/// Reads what an issuer says about a token, and decides. An answer that cannot be understood is the
/// issuer's fault, and `unavailable`. A token without `exp` is believed in for as long as an answer
/// is kept.
[[nodiscard]] result<principal, auth_failure> read_introspection(
    std::string_view json, const introspection_settings& settings,
    std::chrono::system_clock::time_point now);

}  // namespace auth

/// Verifies tokens by asking their issuer.
///
///     const sesame::introspection_provider staff{{
///         .issuer = "https://id.example.com/",
///         .authentication = {"records", sesame::secret{client_secret}},
///         .audiences = {"https://api.example.com/mcp"}}};
///
/// Each token is asked about once at a time, and a refused one not again for some seconds; a caller
/// who is let in is remembered by the server. Where the issuer is away, does not know this program,
/// or makes no sense, the token is `unavailable`: no fault of the caller's.
///
/// Copies share what is under way.
class introspection_provider {
 public:
  /// Throws `configuration_error` naming the setting, where one is missing or senseless.
  explicit introspection_provider(introspection_settings settings);

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const;

  [[nodiscard]] asio::awaitable<result<principal, auth_failure>> look_up(
      std::string token, std::chrono::system_clock::time_point now) const;

  [[nodiscard]] std::vector<std::string> issuers() const;

  /// Begins to look for the endpoint, without waiting for it.
  void prefetch() const;

 private:
  struct source;
  struct state;

  static asio::awaitable<void> discover(std::shared_ptr<source> from);
  static asio::awaitable<result<principal, auth_failure>> ask(
      std::shared_ptr<source> from, std::string token, std::chrono::system_clock::time_point now);
  static asio::awaitable<result<principal, auth_failure>> verify_later(
      std::shared_ptr<const state> kept, std::string token,
      std::chrono::system_clock::time_point now);

  std::shared_ptr<const state> state_;
};

static_assert(asking_provider<introspection_provider>);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/introspection_provider.ipp"
#endif
