// What auth/opaque_provider.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claim_place.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/client_authentication.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/opaque_provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/chrono.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/form.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/net/url.hpp"

#include <asio/awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth {

/// What was told about a token so far.
struct opaque_verifier::known {
  std::string subject{};
  std::string client_id{};
  scope_set scopes{};
  std::optional<std::chrono::sys_seconds> expires{};
  std::string claims{};  ///< what describes the user
};

/// Whom to ask, and what answers mean.
struct opaque_verifier::source {
  const opaque_row& row;
  opaque_settings settings;
  net::http_fetch fetch;
  std::string issuer, api;

  source(const opaque_row& of, opaque_settings given)
      : row(of),
        settings(std::move(given)),
        fetch(settings.fetch ? std::move(settings.fetch)
                             : net::fetch_with(net::https_client(std::move(settings.client)))),
        issuer(settings.at.issuer.empty() ? std::string{row.issuer} : settings.at.issuer),
        api(settings.at.api.empty() ? std::string{row.api} : settings.at.api) {
    while (api.ends_with('/')) api.pop_back();
    check();
  }

  void check() const;

  /// Whether the question about the token's client can be asked.
  [[nodiscard]] bool asks_about_token() const noexcept {
    return !row.token.path.empty() &&
           (row.token.place != token_place::json || !settings.accept_any_audience);
  }
  [[nodiscard]] bool asks_for_profile() const noexcept {
    return settings.profile || !asks_about_token();
  }

  [[nodiscard]] result<net::url> target(const opaque_question& question) const;
  [[nodiscard]] net::outgoing_request request(const opaque_question& question,
                                              std::string_view token) const;
  [[nodiscard]] failure<auth_failure> unavailable(std::string_view why) const {
    return detail::refuse(auth_error::unavailable,
                          issuer + " cannot be asked about the token: " + std::string{why});
  }
  [[nodiscard]] step check_status(const opaque_question& question,
                                  const net::fetch_result& answer) const;
  [[nodiscard]] step check_success(json::object members) const;
  [[nodiscard]] result<std::optional<std::chrono::sys_seconds>, auth_failure> read_expiry(
      json::object members, moment now) const;
  [[nodiscard]] step read_token(std::string_view json, moment now, known& so_far) const;
  [[nodiscard]] step read_profile(const net::incoming_response& answer, known& so_far) const;
  [[nodiscard]] answer finish(known told, moment now) const;
};

SESAME_INLINE void opaque_verifier::source::check() const {
  const auto& clients = settings.client_ids;
  const bool any = settings.accept_any_audience;
  if (row.token.path.empty() && !any)
    throw configuration_error("accept_any_audience",
                              "the issuer does not tell which client a token was given to; say so, "
                              "if tokens of any will do");
  if (clients.empty() != any || std::ranges::any_of(clients, &std::string::empty))
    throw configuration_error("client_ids",
                              "name the clients whose tokens are taken, so that those of other "
                              "programs are refused, or say accept_any_audience");
  if (asks_about_token() && row.token.place == token_place::json) {
    if (clients.size() != 1)
      throw configuration_error("client_ids", "the issuer tells one client about its tokens");
    client_authentication{clients.front(), settings.client_secret}.check();
  }
  if (settings.at.issuer.empty() != settings.at.api.empty())
    throw configuration_error("at", "name both the issuer and what its paths are behind");
  if (const auto url = net::url::parse(api); !url)
    throw configuration_error("at", url.error().message);
}

SESAME_INLINE result<net::url> opaque_verifier::source::target(
    const opaque_question& question) const {
  constexpr std::string_view variable = "{client_id}";
  auto url = api + std::string{question.path};
  if (const auto at = url.find(variable); at != std::string::npos) {
    std::string id;
    net::append_percent_encoded(id, settings.client_ids.front());
    url.replace(at, variable.size(), id);
  }
  return net::url::parse(url);
}

SESAME_INLINE net::outgoing_request opaque_verifier::source::request(
    const opaque_question& question, std::string_view token) const {
  net::outgoing_request made{.method = std::string{question.method},
                             .target = *target(question),
                             .fields = {{"Accept", "application/json"}}};
  switch (question.place) {
    case token_place::bearer:
      made.fields.push_back({"Authorization", "Bearer " + std::string{token}});
      break;
    case token_place::form:
      made.fields.push_back({"Content-Type", std::string{net::form_media_type}});
      net::append_form_field(made.body, "access_token", token);
      break;
    case token_place::json:
      made.fields.push_back({"Content-Type", "application/json"});
      made.fields.push_back(
          {"Authorization",
           client_authentication{settings.client_ids.front(), settings.client_secret}.basic()});
      // The characters of a token need no escape.
      made.body = R"({"access_token":")" + std::string{token} + "\"}";
      break;
  }
  return made;
}

SESAME_INLINE step opaque_verifier::source::check_status(const opaque_question& question,
                                                         const net::fetch_result& answer) const {
  if (!answer) return unavailable(answer.error().detail);
  if (answer->status == 200) return {};
  if (std::ranges::find(question.refusals, answer->status) != question.refusals.end())
    return detail::malformed("the issuer says that the token is none");
  if (question.place == token_place::json && answer->status == 401)
    return unavailable("it does not take this program's client id and client_secret");
  return unavailable("the answer is " + std::to_string(answer->status));
}

SESAME_INLINE step opaque_verifier::source::check_success(json::object members) const {
  if (row.success.empty()) return {};
  bool succeeded = false;
  const auto said = json::find(members, row.success);
  if (!said || !said->get(succeeded))
    return unavailable("the answer does not say whether it is one");
  if (succeeded) return {};
  const auto error = json::find_string(members, "error").value_or("");
  if (!error.empty() && std::ranges::find(row.errors, error) != row.errors.end())
    return detail::malformed("the issuer says " + detail::quoted(error));
  return unavailable("the answer is " + detail::quoted(error));
}

SESAME_INLINE result<std::optional<std::chrono::sys_seconds>, auth_failure>
opaque_verifier::source::read_expiry(json::object members, moment now) const {
  constexpr std::int64_t far = std::int64_t{1} << 32;  // seconds; more than a century
  const auto given = find_claim(members, row.expires);
  if (!given) return std::optional<std::chrono::sys_seconds>{};
  const auto moment_now = std::chrono::floor<std::chrono::seconds>(now);
  if (const auto text = json::as_string(*given)) {
    std::int64_t seconds = 0;
    const auto* const end = text->data() + text->size();
    const auto [stopped, failed] = std::from_chars(text->data(), end, seconds);
    if (failed == std::errc{} && stopped == end)
      return std::optional{
          std::chrono::sys_seconds{std::chrono::seconds{std::clamp(seconds, -far, 2 * far)}}};
    std::chrono::sys_seconds time{};
    json::reader in;
    if (json::read(*given, time, in)) return std::optional{time};
  } else if (std::int64_t seconds = 0; given->get(seconds)) {
    return std::optional{moment_now + std::chrono::seconds{std::clamp(seconds, -far, far)}};
  }
  return unavailable("the answer does not say when the token ends");
}

SESAME_INLINE step opaque_verifier::source::read_token(std::string_view json, moment now,
                                                       known& so_far) const {
  json::document document({.size = std::size_t{64} << 10, .depth = 16});
  const auto members = detail::parse_object(document, json, "answer about the token");
  if (!members) return unavailable(members.error().detail);
  const auto client = find_claim(*members, row.audience);
  so_far.client_id = client ? detail::as_text(*client).value_or("") : "";
  if (!settings.accept_any_audience &&
      std::ranges::find(settings.client_ids, so_far.client_id) == settings.client_ids.end())
    return detail::mismatch("the token was given to the client " +
                            detail::quoted(so_far.client_id));
  auto expires = read_expiry(*members, now);
  if (!expires) return failure{std::move(expires).error()};
  if (*expires && **expires <= now) return detail::malformed("the token has expired");
  so_far.expires = *expires;
  const auto subject = find_claim(*members, row.subject);
  so_far.subject = subject ? detail::as_text(*subject).value_or("") : "";
  so_far.scopes = read_scopes(*members, std::vector<std::string>{std::string{row.scopes}});
  // Not all of the answer, where a part of it is enough: GitHub's repeats the token.
  const auto part = row.user.empty() ? std::nullopt : find_claim(*members, row.user);
  const auto user = part ? json::as_object(*part) : std::nullopt;
  if (row.user.empty() || user) so_far.claims = json::minify(user.value_or(*members));
  return {};
}

SESAME_INLINE step opaque_verifier::source::read_profile(const net::incoming_response& answer,
                                                         known& so_far) const {
  json::document document({.size = std::size_t{64} << 10, .depth = 16});
  const auto members = detail::parse_object(document, answer.body, "answer about the user");
  if (!members) return unavailable(members.error().detail);
  if (auto done = check_success(*members); !done) return done;
  const auto found = find_claim(*members, row.profile_subject);
  auto subject = found ? detail::as_text(*found).value_or("") : "";
  if (!row.within.empty()) {
    const auto within = json::find_string(*members, row.within).value_or("");
    if (within.empty() || subject.empty())
      return detail::malformed("the answer does not say who the user is");
    subject = std::string{within} + ':' + subject;
  }
  if (!asks_about_token()) {
    so_far.subject = std::move(subject);
    std::string list{answer.field(row.scope_field).value_or("")};
    std::ranges::replace(list, ',', ' ');
    so_far.scopes = scope_set::parse(list);
  } else if (subject != so_far.subject) {
    return detail::mismatch("the token's user is not the one of its profile");
  }
  so_far.claims = answer.body;
  return {};
}

SESAME_INLINE opaque_verifier::answer opaque_verifier::source::finish(known told,
                                                                      moment now) const {
  if (!is_identifying(told.subject))
    return detail::malformed("the issuer does not say who the user is");
  const auto again = std::chrono::floor<std::chrono::seconds>(now) + settings.inquiries.longest;
  principal caller{.issuer = issuer,
                   .subject = std::move(told.subject),
                   .client_id = std::move(told.client_id),
                   .scopes = std::move(told.scopes),
                   .expires = told.expires.value_or(again)};
  json::document document({.size = std::size_t{64} << 10, .depth = 16});
  const auto members = detail::parse_object(document, told.claims, "answer about the user");
  if (!members) return unavailable(members.error().detail);
  const auto client = caller.client_id;
  map_claims(*members, row.claims, caller);
  // Of a user none of this tells about programs.
  caller.client_id = client;
  caller.is_machine = false;
  if (!is_identifying(caller.user.user_id)) caller.user.user_id = caller.subject;
  if (!caller.scopes.covers(settings.required_scopes))
    return detail::refuse(auth_error::insufficient_scope, "the token lacks a scope that all need");
  caller.claims = std::move(told.claims);
  return caller;
}

SESAME_INLINE opaque_verifier::opaque_verifier(const opaque_row& row, opaque_settings settings)
    : source_(std::make_shared<source>(row, std::move(settings))), inquiries_(inquiries(source_)) {}

SESAME_INLINE std::vector<std::string> opaque_verifier::issuers() const {
  return {source_->issuer};
}

SESAME_INLINE token_inquiries opaque_verifier::inquiries(const std::shared_ptr<source>& from) {
  return {[from](std::string token, moment now) { return ask(from, std::move(token), now); },
          from->settings.inquiries};
}

SESAME_INLINE asio::awaitable<opaque_verifier::answer> opaque_verifier::ask(
    std::shared_ptr<source> from, std::string token, moment now) {
  known told;
  if (from->asks_about_token()) {
    auto request = from->request(from->row.token, token);
    const auto said = co_await from->fetch(std::move(request));
    if (auto done = from->check_status(from->row.token, said); !done)
      co_return failure{std::move(done).error()};
    if (auto done = from->read_token(said->body, now, told); !done)
      co_return failure{std::move(done).error()};
  }
  if (from->asks_for_profile()) {
    auto request = from->request(from->row.profile, token);
    const auto said = co_await from->fetch(std::move(request));
    // The token may be good and yet not allow this.
    const bool withheld = from->asks_about_token() && said &&
                          (said->status == 401 || said->status == 403 || said->status == 404);
    if (!withheld) {
      if (auto done = from->check_status(from->row.profile, said); !done)
        co_return failure{std::move(done).error()};
      if (auto done = from->read_profile(*said, told); !done)
        co_return failure{std::move(done).error()};
    }
  }
  co_return from->finish(std::move(told), now);
}

}  // namespace sesame::inline v0::auth
