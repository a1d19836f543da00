// What auth/token_endpoint.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/issuer_metadata.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/token_endpoint.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/form.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/net/single_flight.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sesame::inline v0 {

namespace auth::detail {

inline std::chrono::sys_seconds this_second() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

inline failure<token_error> no_token(std::string error, std::string detail) {
  return failure{token_error{std::move(error), std::move(detail)}};
}

/// Reads what a token endpoint answered (RFC 6749, sections 5.1 and 5.2; RFC 8693, section 2.2).
SESAME_INLINE result<issued_token, token_error> read_token_response(
    const net::incoming_response& answer, scope_set asked, std::chrono::sys_seconds now) {
  json::document document;
  const auto members = parse_object(document, answer.body, "answer");
  if (answer.status != 200) {
    const auto code = members ? json::find_string(*members, "error") : std::nullopt;
    if (!code || answer.status >= 500)
      return no_token("unavailable", "the answer is " + std::to_string(answer.status));
    return no_token(std::string{*code},
                    quoted(json::find_string(*members, "error_description").value_or("")));
  }
  if (!members) return no_token("unavailable", members.error().detail);
  const auto token = json::find_string(*members, "access_token");
  const auto type = json::find_string(*members, "token_type");
  if (!token || token->empty()) return no_token("unavailable", "the answer has no access_token");
  if (!type || !net::detail::equal_ignoring_case(*type, "Bearer"))
    return no_token("unavailable", "the token is of type " + quoted(type.value_or("none")));
  // Who does not say how long gets asked again soon.
  std::int64_t seconds = 60;
  if (const auto given = json::find(*members, "expires_in"))
    if (!given->get(seconds) || seconds <= 0)
      return no_token("unavailable", "the answer has no sensible expires_in");
  constexpr std::int64_t day = 86'400;
  issued_token made{.access_token = secret{std::string{*token}},
                    .expires = now + std::chrono::seconds{std::min(seconds, day)},
                    .scopes = std::move(asked)};
  if (const auto granted = json::find_string(*members, "scope"))
    made.scopes = scope_set::parse(*granted);
  return made;
}

}  // namespace auth::detail

/// Whom to ask. Outlives the endpoint while a question is under way.
struct token_endpoint::source {
  token_endpoint_settings settings;
  net::http_fetch fetch;
  std::mutex mutex;
  std::string endpoint;  ///< guarded; empty: not found yet

  explicit source(token_endpoint_settings given)
      : settings(std::move(given)),
        fetch(settings.fetch ? std::move(settings.fetch)
                             : net::fetch_with(net::https_client(std::move(settings.client)))),
        endpoint(settings.token_endpoint) {}
};

/// What came of a question, and the question. All that the asking itself holds on to.
struct token_endpoint::outcome {
  using answer = result<issued_token, token_error>;

  outcome(std::string wanted, scope_set asked)
      : form(std::move(wanted)), scopes(std::move(asked)) {}

  const secret form;
  const scope_set scopes;
  std::mutex mutex;
  std::optional<answer> said;             // guarded, as is the next
  std::chrono::sys_seconds good_until{};  // when to ask again

  void tell(answer what, std::chrono::sys_seconds until) {
    const std::lock_guard lock(mutex);
    said = std::move(what);
    good_until = until;
  }
  std::optional<answer> get(std::chrono::sys_seconds now) {
    const std::lock_guard lock(mutex);
    return said && now < good_until ? said : std::nullopt;
  }
};

struct token_endpoint::inquiry {
  std::shared_ptr<outcome> told;
  net::single_flight flight;

  inquiry(const std::shared_ptr<source>& from, std::string form, scope_set scopes)
      : told(std::make_shared<outcome>(std::move(form), std::move(scopes))),
        flight([from, told = told] { return ask(from, told); }) {}
};

struct token_endpoint::state {
  explicit state(token_endpoint_settings settings)
      : from(std::make_shared<source>(std::move(settings))) {}

  std::shared_ptr<source> from;
  std::mutex mutex;
  std::unordered_map<std::string, std::shared_ptr<inquiry>> inquiries;  // guarded, by hash

  std::shared_ptr<inquiry> find(std::string form, scope_set scopes, std::chrono::sys_seconds now) {
    const auto hash = auth::sha256(form);
    const std::lock_guard lock(mutex);
    if (const auto found = inquiries.find(hash); found != inquiries.end()) return found->second;
    const auto most = from->settings.tokens;
    if (inquiries.size() >= most)
      std::erase_if(inquiries, [&](const auto& one) { return !one.second->told->get(now); });
    if (inquiries.size() >= most) inquiries.erase(inquiries.begin());
    auto fresh = std::make_shared<inquiry>(from, std::move(form), std::move(scopes));
    inquiries.emplace(hash, fresh);
    return fresh;
  }
};

SESAME_INLINE token_endpoint::token_endpoint(token_endpoint_settings settings) {
  settings.authentication.check();
  if (settings.issuer.empty() == settings.token_endpoint.empty())
    throw configuration_error("issuer", "give either an issuer or a token_endpoint");
  if (!settings.token_endpoint.empty()) {
    if (const auto url = net::url::parse(settings.token_endpoint); !url)
      throw configuration_error("token_endpoint", url.error().message);
  } else if (const auto urls = auth::issuer_metadata_urls(settings.issuer); !urls) {
    throw configuration_error("issuer", urls.error().message);
  }
  if (settings.tokens == 0) throw configuration_error("tokens", "must be at least 1");
  state_ = std::make_shared<state>(std::move(settings));
}

SESAME_INLINE void token_endpoint::describe(std::string& form, const token_target& target) {
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) net::append_form_field(form, name, value);
  };
  add("audience", target.audience);
  add("resource", target.resource);
  add("scope", target.scopes.text());
}

SESAME_INLINE asio::awaitable<result<issued_token, token_error>> token_endpoint::client_credentials(
    token_target target) const {
  std::string form = "grant_type=client_credentials";
  describe(form, target);
  return wait(state_, std::move(form), std::move(target.scopes));
}

SESAME_INLINE asio::awaitable<result<issued_token, token_error>> token_endpoint::exchange(
    const principal& caller, token_target target) const {
  std::string form;
  if (!caller.access_token.empty()) {
    constexpr std::string_view access_token = "urn:ietf:params:oauth:token-type:access_token";
    net::append_form_field(form, "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    net::append_form_field(form, "subject_token", caller.access_token.reveal());
    net::append_form_field(form, "subject_token_type", access_token);
    net::append_form_field(form, "requested_token_type", access_token);
    describe(form, target);
  }
  return wait(state_, std::move(form), std::move(target.scopes));
}

SESAME_INLINE asio::awaitable<result<issued_token, token_error>> token_endpoint::wait(
    std::shared_ptr<state> kept, std::string form, scope_set scopes) {
  if (form.empty())
    co_return auth::detail::no_token("invalid_request",
                                     "the server does not keep_access_tokens of its callers");
  const auto asked = kept->find(std::move(form), std::move(scopes), auth::detail::this_second());
  if (auto known = asked->told->get(auth::detail::this_second())) co_return *std::move(known);
  co_await asked->flight.join();
  const std::lock_guard lock(asked->told->mutex);
  if (!asked->told->said) co_return auth::detail::no_token("unavailable", "nobody answered");
  co_return *asked->told->said;
}

SESAME_INLINE asio::awaitable<void> token_endpoint::ask(std::shared_ptr<source> from,
                                                        std::shared_ptr<outcome> told) {
  std::string where;
  {
    const std::lock_guard lock(from->mutex);
    where = from->endpoint;
  }
  if (where.empty()) {
    const auto found = co_await auth::fetch_issuer_metadata(from->fetch, from->settings.issuer);
    if (!found || found->token_endpoint.empty())
      co_return told->tell(
          auth::detail::no_token(
              "unavailable", found ? "the metadata name no token_endpoint" : found.error().message),
          {});
    where = found->token_endpoint;
    const std::lock_guard lock(from->mutex);
    from->endpoint = where;
  }
  net::outgoing_request request{.method = "POST",
                                .target = *net::url::parse(where),
                                .fields = {{"Accept", "application/json"}},
                                .body = std::string{told->form.reveal()}};
  from->settings.authentication.apply(request);
  const auto answer = co_await from->fetch(std::move(request));
  if (!answer)
    co_return told->tell(auth::detail::no_token("unavailable", answer.error().detail), {});
  const auto now = auth::detail::this_second();
  auto read = auth::detail::read_token_response(*answer, told->scopes, now);
  // Nobody is given a token that ends while it is used.
  constexpr std::chrono::seconds early{30};
  const auto until =
      read ? read->expires - std::min(early, (read->expires - now + std::chrono::seconds{1}) / 2)
           : std::chrono::sys_seconds{};
  told->tell(std::move(read), until);
}

}  // namespace sesame::inline v0
