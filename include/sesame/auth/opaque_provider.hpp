// The providers for access tokens of issuers such as GitHub: they are asked what each stands for, in
// their own ways.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/opaque_row.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/auth/token_inquiries.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

struct opaque_settings {
  /// The clients whose tokens are taken, as they are registered with the issuer. Of GitHub's, one.
  std::vector<std::string> client_ids{};

  /// Of the client, for GitHub: it tells only the client itself whether a token is its own.
  secret client_secret{};

  /// Takes tokens whichever client they were given to; `client_ids` are empty then. Whoever runs any
  /// other client of the issuer can use the tokens of its users here. Of Slack's tokens more cannot
  /// be known.
  bool accept_any_audience = false;

  /// Asks also for what the user is called, where the token's scopes allow that.
  bool profile = true;

  /// Where the issuer is a server of one's own: `{"https://git.example.com",
  /// "https://git.example.com/api/v3"}`.
  struct place {
    std::string issuer{};
    std::string api{};
  } at{};

  /// Scopes that every token must have, whatever it is used for.
  scope_set required_scopes{};

  /// How often the issuer is asked.
  token_inquiry_settings inquiries{};

  /// How the issuer is reached, as where it is inside the network.
  net::http_client_options client{};

  /// Another client in the place of our own.
  net::http_fetch fetch{};
};

namespace auth {

/// What all of them do. Copies share what is under way.
class opaque_verifier {
 public:
  using moment = std::chrono::system_clock::time_point;
  using answer = result<principal, auth_failure>;

  /// Throws `configuration_error` naming the setting, where one is missing or senseless. The row
  /// outlives it.
  opaque_verifier(const opaque_row& row, opaque_settings settings);

  [[nodiscard]] answer verify(std::string_view token, moment now) const {
    return inquiries_.known(token, now);
  }
  [[nodiscard]] asio::awaitable<answer> look_up(std::string token, moment now) const {
    return inquiries_.look_up(std::move(token), now);
  }
  [[nodiscard]] std::vector<std::string> issuers() const;

 private:
  struct known;
  struct source;

  static asio::awaitable<answer> ask(std::shared_ptr<source> from, std::string token, moment now);
  static token_inquiries inquiries(const std::shared_ptr<source>& from);

  std::shared_ptr<source> source_;
  token_inquiries inquiries_;
};

}  // namespace auth

/// Verifies the access tokens of an issuer of `opaque_rows` by asking it which client each was given
/// to, and who the user is.
///
///     const sesame::opaque_provider<"github"> users{
///         {.client_ids = {"Iv1.8a61f9b3a7aba766"}, .client_secret = sesame::secret{client_secret}}};
///     const sesame::opaque_provider<"google"> others{{.client_ids = {"1234.apps.example"}}};
///
/// A token that does not tell when it ends is believed in for as long as an answer is kept. Where
/// the issuer is away, the token is `unavailable`: no fault of the caller's.
///
/// `auth/providers.hpp` has these by the names of their issuers, with settings from the environment.
template <fixed_string Name>
class opaque_provider {
  static_assert(
      opaque_place(Name.view()) < opaque_rows.size(),
      "sesame: no issuer of opaque tokens has this name; opaque_rows lists those there are");

 public:
  /// Its row of the table.
  [[nodiscard]] static constexpr const opaque_row& row() noexcept {
    return opaque_rows[opaque_place(Name.view())];
  }

  /// Throws `configuration_error` naming the setting, where one is missing or senseless.
  explicit opaque_provider(opaque_settings settings) : verifier_(row(), std::move(settings)) {}

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const {
    return verifier_.verify(token, now);
  }
  [[nodiscard]] asio::awaitable<result<principal, auth_failure>> look_up(
      std::string token, std::chrono::system_clock::time_point now) const {
    return verifier_.look_up(std::move(token), now);
  }
  [[nodiscard]] std::vector<std::string> issuers() const { return verifier_.issuers(); }

 private:
  auth::opaque_verifier verifier_;
};

static_assert(asking_provider<opaque_provider<"github">>);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/opaque_provider.ipp"
#endif
