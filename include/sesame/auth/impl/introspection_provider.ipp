// What auth/introspection_provider.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/introspection_provider.hpp"
#include "sesame/auth/issuer_metadata.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/token_inquiries.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/form.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/net/single_flight.hpp"
#include "sesame/net/url.hpp"

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth::detail {

SESAME_INLINE void check(const introspection_settings& settings) {
  using namespace std::chrono_literals;
  if (settings.issuer.empty()) throw configuration_error("issuer", "name the issuer of the tokens");
  if (settings.introspection_endpoint.empty()) {
    if (const auto urls = issuer_metadata_urls(settings.issuer); !urls)
      throw configuration_error("issuer", urls.error().message);
  } else if (const auto url = net::url::parse(settings.introspection_endpoint); !url) {
    throw configuration_error("introspection_endpoint", url.error().message);
  }
  settings.authentication.check();
  if (settings.audiences.empty() != settings.accept_any_audience ||
      std::ranges::any_of(settings.audiences, &std::string::empty))
    throw configuration_error("audiences",
                              "name whom the tokens are meant for, so that tokens for other "
                              "servers are refused, or say accept_any_audience");
  if (settings.audience_claim.empty())
    throw configuration_error("audience_claim", "name the member that holds the audience");
  if (settings.leeway < 0s || settings.leeway > 5min)
    throw configuration_error("leeway", "must lie between 0 and 5 minutes");
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE result<principal, auth_failure> read_introspection(
    std::string_view json, const introspection_settings& settings,
    std::chrono::system_clock::time_point now) {
  json::document document({.size = std::size_t{64} << 10, .depth = 16});
  const auto claims = detail::parse_object(document, json, "answer about the token");
  if (!claims) return detail::refuse(auth_error::unavailable, claims.error().detail);
  const auto active = json::find(*claims, "active");
  bool is_active = false;
  if (!active || !active->get(is_active))
    return detail::refuse(auth_error::unavailable,
                          "the answer does not say whether the token is active");
  if (!is_active) return detail::malformed("the issuer says that the token is not active");

  if (json::find(*claims, "iss")) {
    const std::vector issuers{settings.issuer};
    if (auto done = check_issuer(*claims, issuers); !done) return failure{std::move(done).error()};
  }
  if (!settings.accept_any_audience)
    if (auto done = check_audience(*claims, settings.audience_claim, settings.audiences); !done)
      return failure{std::move(done).error()};
  const auto moment = std::chrono::floor<std::chrono::seconds>(now);
  const auto times = read_validity(*claims, moment + settings.inquiries.longest);
  if (!times) return failure{times.error()};
  if (auto done = check_validity(*times, moment, settings.leeway, std::nullopt); !done)
    return failure{std::move(done).error()};
  auto bound = read_confirmation(*claims);
  if (!bound) return failure{std::move(bound).error()};
  if (const auto type = json::find(*claims, "token_type")) {
    const auto text = json::as_string(*type);
    const auto expected = bound->empty() ? std::string_view{"Bearer"} : std::string_view{"DPoP"};
    if (!text || !net::detail::equal_ignoring_case(*text, expected))
      return detail::mismatch("the token's type is " + detail::quoted(text.value_or("no text")));
  }
  if (auto done = check_claims(*claims, settings.required_claims); !done)
    return failure{std::move(done).error()};

  const auto subject = json::find_string(*claims, "sub").value_or("");
  if (!is_identifying(subject)) return detail::malformed("the answer has no usable subject");
  principal caller{.issuer = settings.issuer,
                   .subject = std::string{subject},
                   .scopes = read_scopes(*claims, settings.scope_claims),
                   .expires = times->expires};
  caller.key_thumbprint = *std::move(bound);
  map_claims(*claims, settings.claims, caller);
  if (!is_identifying(caller.user.user_id))
    return detail::malformed("the answer has no usable user_id");
  if (!caller.scopes.covers(settings.required_scopes))
    return detail::refuse(auth_error::insufficient_scope, "the token lacks a scope that all need");
  caller.claims = json;
  return caller;
}

}  // namespace sesame::inline v0::auth

namespace sesame::inline v0 {

/// Whom to ask. Outlives the provider while a question is under way.
struct introspection_provider::source {
  introspection_settings settings;
  net::http_fetch fetch;
  std::mutex mutex;
  std::string endpoint;  ///< guarded; empty: not found yet
  std::string trouble;   ///< guarded; why it was not found

  explicit source(introspection_settings given)
      : settings(std::move(given)),
        fetch(settings.fetch ? std::move(settings.fetch)
                             : net::fetch_with(net::https_client(std::move(settings.client)))),
        endpoint(settings.introspection_endpoint) {}

  bool found() {
    const std::lock_guard lock(mutex);
    return !endpoint.empty();
  }
  result<net::url> target() {
    const std::lock_guard lock(mutex);
    if (endpoint.empty())
      return failure{error{trouble.empty() ? "the endpoint is not known yet" : trouble}};
    return net::url::parse(endpoint);
  }
  void failed(std::string why) {
    const std::lock_guard lock(mutex);
    trouble = std::move(why);
  }
  failure<auth_failure> unavailable(std::string_view why) const {
    return auth::detail::refuse(
        auth_error::unavailable,
        settings.issuer + " cannot be asked about the token: " + std::string{why});
  }
};

struct introspection_provider::state {
  std::shared_ptr<source> from;
  auth::token_inquiries inquiries;
  net::single_flight discovery;

  explicit state(const std::shared_ptr<source>& asked)
      : from(asked),
        inquiries(
            [asked](std::string token, auto now) { return ask(asked, std::move(token), now); },
            asked->settings.inquiries),
        discovery([asked] { return discover(asked); }) {}
};

SESAME_INLINE introspection_provider::introspection_provider(introspection_settings settings) {
  auth::detail::check(settings);
  state_ = std::make_shared<const state>(std::make_shared<source>(std::move(settings)));
}

SESAME_INLINE std::vector<std::string> introspection_provider::issuers() const {
  return {state_->from->settings.issuer};
}

SESAME_INLINE void introspection_provider::prefetch() const {
  if (!state_->from->found()) state_->discovery.start();
}

SESAME_INLINE result<principal, auth_failure> introspection_provider::verify(
    std::string_view token, std::chrono::system_clock::time_point now) const {
  return state_->inquiries.known(token, now);
}

SESAME_INLINE asio::awaitable<result<principal, auth_failure>> introspection_provider::look_up(
    std::string token, std::chrono::system_clock::time_point now) const {
  return verify_later(state_, std::move(token), now);
}

SESAME_INLINE asio::awaitable<result<principal, auth_failure>> introspection_provider::verify_later(
    std::shared_ptr<const state> kept, std::string token,
    std::chrono::system_clock::time_point now) {
  if (!kept->from->found()) co_await kept->discovery.join();
  co_return co_await kept->inquiries.look_up(std::move(token), now);
}

SESAME_INLINE asio::awaitable<void> introspection_provider::discover(std::shared_ptr<source> from) {
  if (from->found()) co_return;
  auto read = co_await auth::fetch_issuer_metadata(from->fetch, from->settings.issuer);
  if (!read) co_return from->failed(std::move(read).error().message);
  if (read->introspection_endpoint.empty())
    co_return from->failed("its metadata name no introspection_endpoint");
  const std::lock_guard lock(from->mutex);
  from->endpoint = std::move(read->introspection_endpoint);
}

SESAME_INLINE asio::awaitable<result<principal, auth_failure>> introspection_provider::ask(
    std::shared_ptr<source> from, std::string token, std::chrono::system_clock::time_point now) {
  auto target = from->target();
  if (!target) co_return from->unavailable(target.error().message);
  net::outgoing_request request{
      .method = "POST", .target = *std::move(target), .fields = {{"Accept", "application/json"}}};
  net::append_form_field(request.body, "token", token);
  net::append_form_field(request.body, "token_type_hint", "access_token");
  from->settings.authentication.apply(request);
  const auto answer = co_await from->fetch(std::move(request));
  if (!answer) co_return from->unavailable(answer.error().detail);
  if (answer->status == 401 || answer->status == 403)
    co_return from->unavailable("it does not take this program's client_id and client_secret (" +
                                std::to_string(answer->status) + ")");
  if (answer->status != 200)
    co_return from->unavailable("the answer is " + std::to_string(answer->status));
  co_return auth::read_introspection(answer->body, from->settings, now);
}

}  // namespace sesame::inline v0
