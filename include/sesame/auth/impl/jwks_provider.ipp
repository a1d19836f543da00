// What auth/jwks_provider.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/issuer_metadata.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwks_cache.hpp"
#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/jwt_provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/cache_control.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/net/single_flight.hpp"
#include "sesame/net/url.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Where the keys come from, and what of them is here. Outlives the provider while it is fetched.
struct jwks_provider::source {
  std::string issuer;
  std::string jwks_uri;
  net::http_fetch fetch;
  auth::jwks_cache cache;
  std::mutex mutex;
  std::string trouble;  ///< what the last fetch failed for; guarded

  source(std::string of, std::string at, net::http_fetch by,
         const auth::jwks_cache_settings& limits)
      : issuer(std::move(of)), jwks_uri(std::move(at)), fetch(std::move(by)), cache(limits) {}

  void failed(std::string why) {
    const std::lock_guard lock(mutex);
    trouble = std::move(why);
  }
  void not_fetched(std::string_view why) {
    failed("the keys of " + issuer + " cannot be fetched: " + std::string{why});
  }
  failure<auth_failure> unavailable() {
    const std::lock_guard lock(mutex);
    return auth::detail::refuse(auth_error::unavailable,
                                trouble.empty() ? "the keys are not here yet" : trouble);
  }
};

struct jwks_provider::state {
  auth::jwt_verifier verifier;
  std::shared_ptr<source> from;
  net::single_flight keys;
};

SESAME_INLINE jwks_provider::jwks_provider(jwks_settings settings) {
  if (!settings.token.keys.empty())
    throw configuration_error("keys", "are fetched; jwt_provider takes keys that are at hand");
  for (const auto algorithm : settings.token.algorithms)
    if (auth::facts(algorithm).key == key_kind::hmac)
      throw configuration_error("algorithms", "keys that everybody can fetch are no secrets");
  auth::jwt_verifier verifier(std::move(settings.token));
  const auto& issuer = verifier.settings().issuer;
  if (settings.jwks_uri.empty()) {
    if (const auto urls = auth::issuer_metadata_urls(issuer); !urls)
      throw configuration_error("issuer", urls.error().message);
  } else if (const auto url = net::url::parse(settings.jwks_uri); !url) {
    throw configuration_error("jwks_uri", url.error().message);
  }
  auto fetch = settings.fetch ? std::move(settings.fetch)
                              : net::fetch_with(net::https_client(std::move(settings.client)));
  const auto from = std::make_shared<source>(issuer, std::move(settings.jwks_uri), std::move(fetch),
                                             settings.cache);
  state_ = std::shared_ptr<const state>(new state{
      std::move(verifier), from, net::single_flight([from] { return fetch_keys(from); })});
}

SESAME_INLINE std::vector<std::string> jwks_provider::issuers() const {
  return state_->verifier.issuers();
}

SESAME_INLINE const jwt_settings& jwks_provider::settings() const noexcept {
  return state_->verifier.settings();
}

SESAME_INLINE void jwks_provider::prefetch() const {
  state_->keys.start();
}

SESAME_INLINE result<principal, auth_failure> jwks_provider::verify(
    std::string_view token, std::chrono::system_clock::time_point now) const {
  using advice = auth::jwks_cache::advice;
  auto parsed = auth::parse_jws(token);
  if (!parsed) return failure{std::move(parsed).error()};
  const auto decided = state_->from->cache.decide(*parsed, now);
  switch (decided.advice) {
    case advice::verify_and_refresh:
      state_->keys.start();
      [[fallthrough]];
    case advice::verify:
      return state_->verifier.verify(*std::move(parsed), *decided.keys, now);
    case advice::refuse:
      return auth::detail::mismatch("the issuer has no key for the token");
    case advice::fetch:
    case advice::wait:
      break;
  }
  // Nothing is fetched for tokens that could never be let in.
  if (auto done = state_->verifier.expects(*parsed); !done) return failure{std::move(done).error()};
  return state_->from->unavailable();
}

SESAME_INLINE asio::awaitable<result<principal, auth_failure>> jwks_provider::look_up(
    std::string token, std::chrono::system_clock::time_point now) const {
  return verify_later(state_, std::move(token), now);
}

SESAME_INLINE asio::awaitable<result<principal, auth_failure>> jwks_provider::verify_later(
    std::shared_ptr<const state> kept, std::string token,
    std::chrono::system_clock::time_point now) {
  using advice = auth::jwks_cache::advice;
  auto parsed = auth::parse_jws(token);
  if (!parsed) co_return failure{std::move(parsed).error()};
  auto& from = *kept->from;
  const auto before = from.cache.generation();
  co_await kept->keys.join();
  const auto decided = from.cache.decide(*parsed, now);
  if (decided.advice == advice::verify || decided.advice == advice::verify_and_refresh)
    co_return kept->verifier.verify(*std::move(parsed), *decided.keys, now);
  if (decided.advice != advice::refuse) {
    if (from.cache.generation() == before) co_return from.unavailable();
    from.cache.remember_unknown(*parsed, now);
  }
  co_return auth::detail::mismatch("the issuer has no key for the token");
}

SESAME_INLINE asio::awaitable<void> jwks_provider::fetch_keys(std::shared_ptr<source> from) {
  const auto now = std::chrono::system_clock::now();
  if (!from->cache.attempt(now)) co_return;
  auto where = from->jwks_uri;
  if (where.empty()) {
    auto found = co_await auth::fetch_issuer_metadata(from->fetch, from->issuer);
    if (!found) co_return from->failed(std::move(found).error().message);
    where = std::move(found->jwks_uri);
    if (where.empty())
      co_return from->failed("the metadata of " + from->issuer + " name no jwks_uri");
  }
  net::outgoing_request request{
      .target = *net::url::parse(where),
      .fields = {{"Accept", "application/jwk-set+json, application/json"}}};
  const auto answer = co_await from->fetch(std::move(request));
  if (!answer) co_return from->not_fetched(answer.error().detail);
  if (answer->status != 200)
    co_return from->not_fetched("the answer is " + std::to_string(answer->status));
  auto keys = read_jwk_set(answer->body);
  if (!keys) co_return from->not_fetched(keys.error().message);
  if (keys->empty()) co_return from->not_fetched("there are none that could verify a token");
  from->failed({});
  from->cache.store(*std::move(keys), net::max_age(answer->field("Cache-Control").value_or("")),
                    now);
}

}  // namespace sesame::inline v0
