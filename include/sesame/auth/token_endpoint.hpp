// Tokens for calling others: what a server asks its authorization server for, in its own name (RFC
// 6749, section 4.4) or on behalf of a caller (RFC 8693). The token that a caller came with is for
// this server alone, and must not be passed on (MCP, Security Best Practices).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/client_authentication.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace sesame::inline v0 {

/// Where tokens are asked for.
struct token_endpoint_settings {
  /// The authorization server; its metadata say where its endpoint is. Either this or the next.
  std::string issuer{};
  std::string token_endpoint{};  ///< a URL

  client_authentication authentication{};  ///< who this program is there
  net::http_client_options client{};       ///< how it is reached
  net::http_fetch fetch{};                 ///< another client in the place of our own

  std::size_t tokens = 1024;  ///< the most that are remembered
};

/// What a token is for; what is empty is left to the authorization server. No aggregate, for g++ 12
/// destroys one twice that is made within a co_await expression.
struct token_target {
  token_target() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is written in braces where it is used
  token_target(std::string service, scope_set wanted = {}, std::string url = {})
      : audience(std::move(service)), resource(std::move(url)), scopes(std::move(wanted)) {}

  std::string audience{};  ///< the service's name at the authorization server (RFC 8693)
  std::string resource{};  ///< the service's URL (RFC 8707)
  scope_set scopes{};
};

/// A token for calling somebody else.
struct issued_token {
  secret access_token{};
  std::chrono::sys_seconds expires{};
  scope_set scopes{};  ///< as granted, where that was said; else as asked for
};

/// Why there is none. `error` is a code of RFC 6749, section 5.2 (`invalid_grant`, `invalid_target`),
/// or `unavailable` where nobody answered as one should. `detail` is for the log alone.
struct token_error {
  std::string error;
  std::string detail;
};

/// Asks for tokens, remembers them until shortly before they expire, and asks for none twice at a
/// time. Threads may share one; copies share what is remembered. To be awaited on an executor that
/// runs on one thread or is a strand, as that of every handler.
///
///     sesame::token_endpoint upstream{{.issuer = "https://id.example.com",
///                                      .authentication = {"records", secret}}};
///     const auto token = co_await upstream.exchange(caller, {"calendar"});
///     if (!token) throw sesame::tool_error("the calendar cannot be reached");
///     use(token->access_token.reveal());
class token_endpoint {
 public:
  /// Throws `configuration_error` for settings that make no sense.
  explicit token_endpoint(token_endpoint_settings settings);

  /// A token of this program's own, for no user.
  [[nodiscard]] asio::awaitable<result<issued_token, token_error>> client_credentials(
      token_target target) const;

  /// A token by which this program acts for the caller, made of the one that he came with. That has
  /// to be at hand: `server_options::keep_access_tokens`.
  [[nodiscard]] asio::awaitable<result<issued_token, token_error>> exchange(
      const principal& caller, token_target target) const;

 private:
  struct source;
  struct outcome;
  struct inquiry;
  struct state;

  static asio::awaitable<void> ask(std::shared_ptr<source> from, std::shared_ptr<outcome> told);
  static asio::awaitable<result<issued_token, token_error>> wait(std::shared_ptr<state> kept,
                                                                 std::string form,
                                                                 scope_set scopes);
  static void describe(std::string& form, const token_target& target);

  std::shared_ptr<state> state_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/token_endpoint.ipp"
#endif
