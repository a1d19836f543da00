// What transport/http.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/challenge.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/dpop.hpp"
#include "sesame/auth/resource_metadata.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/detail/spares.hpp"
#include "sesame/net/host_guard.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/net/url.hpp"
#include "sesame/same_text.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/http.hpp"
#include "sesame/transport/http_message.hpp"
#include "sesame/transport/http_sse.hpp"
#include "sesame/transport/pool.hpp"
#include "sesame/transport/well_known.hpp"
#include "sesame/transport/write_all.hpp"

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE http_endpoint::http_endpoint(sesame::engine& engine, http_transport_options options)
    : engine_(engine),
      options_(std::move(options)),
      sse_(engine, options_.server.stream_buffer),
      protected_(engine.verifies_tokens()),
      documents_(options_.authorization_server_metadata) {
  const auto is_path = [](const std::string& text) {
    return text.starts_with('/') && text.find_first_of("?#") == std::string::npos;
  };
  if (!is_path(options_.path))
    throw configuration_error("path", "must begin with / and have no query");
  if (!options_.sse_path.empty() &&
      (!is_path(options_.sse_path) || options_.sse_path == options_.path))
    throw configuration_error("sse_path",
                              "must begin with /, have no query and be another than path");
  const auto& bound = options_.server.host;
  if ((bound == "0.0.0.0" || bound == "::") && options_.public_url.empty())
    throw configuration_error("public_url",
                              "a server that listens on every address has to be told under which "
                              "URL clients reach it");
  std::optional<net::url> known;
  if (options_.dpop) dpop_.emplace(*options_.dpop);
  if (!options_.public_url.empty()) {
    auto read = net::url::parse(options_.public_url);
    if (!read) throw configuration_error("public_url", read.error().message);
    known = *std::move(read);
    published_at(options_.public_url);
  }
  if (engine_.for_development()) {
    constexpr auto why = "a provider for development is for this machine alone";
    if (!net::is_loopback(bound)) throw configuration_error("host", why);
    if (known && !net::is_loopback(known->host)) throw configuration_error("public_url", why);
    engine_.report("a provider for development lets in whoever the program likes");
  }
  guard_.emplace(net::host_guard_options{.bind_host = options_.server.host,
                                         .public_url = std::move(known),
                                         .hosts = options_.hosts,
                                         .origins = options_.origins});
}

SESAME_INLINE void http_endpoint::published_at(const std::string& url) {
  url_ = url;
  // Where no authorization server issues the tokens, there is nowhere to send clients to.
  if (engine_.issuers().empty()) return;
  auth::protected_resource resource{.resource = url,
                                    .authorization_servers = engine_.issuers(),
                                    .resource_name = engine_.options().title.empty()
                                                         ? engine_.options().name
                                                         : engine_.options().title};
  for (const auto scope : engine_.scopes()) resource.scopes_supported.insert(scope);
  if (dpop_) {
    for (const auto algorithm : dpop_->settings().algorithms)
      resource.dpop_signing_alg_values_supported.emplace_back(auth::facts(algorithm).name);
    resource.dpop_bound_access_tokens_required = dpop_->settings().required;
  }
  documents_.describe(resource);
}

SESAME_INLINE std::optional<asio::awaitable<void>> http_endpoint::operator()(
    const net::http_request& request, net::http_response& response) {
  // The documents say nothing that is not public: to pages of any origin, then.
  const bool published = documents_.has(request.path);
  const auto origin = published ? std::nullopt : request.field("Origin");
  const auto decision = guard_->check(request.host, origin);
  if (decision != net::host_guard::decision::allowed || (origin && !request.only("Origin"))) {
    fail(response, 403, protocol::error_kind::invalid_request,
         decision == net::host_guard::decision::host_refused ? "this Host is not served here"
                                                             : "this Origin may not call");
    return std::nullopt;
  }
  if (published) return documents_(request, response);
  const bool old = !options_.sse_path.empty() && request.path == options_.sse_path;
  if (!old && !detail::same_text(request.path, options_.path)) {
    fail(response, 404, protocol::error_kind::invalid_request, "there is nothing at this path");
    return std::nullopt;
  }
  if (origin) allow_origin(request, response);
  if (request.method == "OPTIONS") {
    response.status = 204;
    response.add("Allow", old ? "GET, POST, OPTIONS" : "GET, POST, DELETE, OPTIONS");
    return std::nullopt;
  }

  // A token is looked at before anything else that was sent, and a bad one is refused whatever is
  // asked.
  if (!protected_) return serve(request, response, nullptr);
  const auto refuse = [&](auth_error error) {
    deny(response, error);
    return std::nullopt;
  };
  const auto field = request.field("Authorization");
  if (field && !request.only("Authorization")) return refuse(auth_error::invalid_request);
  auto token = field ? auth::read_authorization(*field)
                     : result<std::string_view, auth_error>{failure{auth_error::missing_token}};
  const bool with_proof = dpop_ && field && !token && token.error() == auth_error::missing_token;
  if (with_proof) token = auth::read_authorization(*field, "DPoP");
  if (!token) {
    if (token.error() != auth_error::missing_token || !engine_.opens_to_anonymous())
      return refuse(token.error());
    return serve(request, response, nullptr);
  }
  const credentials presented{*token, with_proof};
  auto verified = engine_.authenticate(*token);
  if (!verified && verified.error().code == auth_error::unavailable && engine_.asks_others())
    return await_caller(request, response, presented);
  std::shared_ptr<const principal> caller;
  if (!admit(response, prove(request, presented, std::move(verified)), caller)) return std::nullopt;
  return serve(request, response, std::move(caller));
}

SESAME_INLINE asio::awaitable<void> http_endpoint::await_caller(const net::http_request& request,
                                                                net::http_response& response,
                                                                credentials presented) {
  auto verified = co_await engine_.look_up(std::string{presented.token});
  std::shared_ptr<const principal> caller;
  if (!admit(response, prove(request, presented, std::move(verified)), caller)) co_return;
  if (auto work = serve(request, response, std::move(caller))) co_await *std::move(work);
}

// A token that is bound to a key needs a proof, and a proof a token that is bound to its key.
SESAME_INLINE detail::known_caller http_endpoint::prove(const net::http_request& request,
                                                        const credentials& presented,
                                                        detail::known_caller verified) {
  const auto refuse = [](auth_error error, std::string why) {
    return detail::known_caller{failure{auth_failure{error, std::move(why)}}};
  };
  if (!verified) return verified;
  const auto& bound = (*verified)->key_thumbprint;
  if (!presented.with_proof) {
    if (!bound.empty()) return refuse(auth_error::invalid_dpop_proof, "a bound token, as a bearer");
    if (dpop_ && dpop_->settings().required)
      return refuse(auth_error::invalid_token, "the token is bound to no key");
    return verified;
  }
  if (bound.empty()) return refuse(auth_error::invalid_token, "the token is bound to no key");
  const auto proof = request.only("DPoP");
  if (!proof) return refuse(auth_error::invalid_dpop_proof, "not one DPoP field");
  // The other path is that of the stream of 2024-11-05, at the same host.
  const auto public_url = request.path == options_.path
                              ? url_
                              : net::url::parse(url_)->origin() + std::string{request.path};
  const auto key =
      dpop_->verify(*proof, {.method = request.method, .url = public_url, .token = presented.token},
                    std::chrono::system_clock::now());
  if (!key) return failure{key.error()};
  if (!auth::constant_time_equal(*key, bound))
    return refuse(auth_error::invalid_dpop_proof, "the proof is of another key");
  return verified;
}

SESAME_INLINE bool http_endpoint::admit(net::http_response& response, detail::known_caller verified,
                                        std::shared_ptr<const principal>& caller) const {
  if (!verified) {
    engine_.report("a token was refused: " + verified.error().detail);
    deny(response, verified.error().code);
    return false;
  }
  caller = *std::move(verified);
  return true;
}

SESAME_INLINE void http_endpoint::deny(net::http_response& response, auth_error error) const {
  response.body += R"({"jsonrpc":"2.0","error":{"code":)";
  json::writer out{response.body};
  out.number(describe(error).status);
  out.raw(R"(,"message":)");
  out.string(describe(error).description);
  out.raw(R"(,"data":{"code":)");
  out.string(describe(error).name);
  out.raw("}}}");
  response.status = describe(error).status;
  response.add("Content-Type", "application/json");
  challenge(
      response, error,
      error == auth_error::missing_token ? engine_.scopes() : std::vector<std::string_view>{});
}

SESAME_INLINE std::optional<asio::awaitable<void>> http_endpoint::serve(
    const net::http_request& request, net::http_response& response,
    std::shared_ptr<const principal> caller) {
  const bool old = !options_.sse_path.empty() && request.path == options_.sse_path;
  if (detail::same_text(request.method, "POST")) {
    if (!detail::is_json(request.field("Content-Type").value_or(std::string_view{})))
      fail(response, 415, protocol::error_kind::invalid_request,
           "Content-Type must be application/json");
    else if (old)
      sse_.receive(request, response, caller.get());
    else
      return post(request, response, std::move(caller));
  } else if (request.method == "GET") {
    if (detail::accepts(request, {"text/event-stream"}))
      return old ? sse_.open(response, std::move(caller))
                 : get(request, response, std::move(caller));
    fail(response, 406, protocol::error_kind::invalid_request,
         "Accept must list text/event-stream");
  } else if (request.method == "DELETE" && !old) {
    end_session(request, response, caller.get());
  } else {
    refuse_method(response, old ? "GET, POST, OPTIONS" : "GET, POST, DELETE, OPTIONS");
  }
  return std::nullopt;
}

SESAME_INLINE void http_endpoint::challenge(net::http_response& response, auth_error error,
                                            const std::vector<std::string_view>& scopes) const {
  if (error == auth_error::unavailable) {
    response.add("Retry-After", "5");
    return;
  }
  // No other token would do.
  if (error == auth_error::forbidden) return;
  scope_set all;
  for (const auto scope : scopes) all.insert(scope);
  const auto& place = documents_.resource_metadata_url();
  if (!dpop_ || !dpop_->settings().required)
    response.add("WWW-Authenticate", auth::challenge_for(error, place, all));
  if (dpop_)
    response.add("WWW-Authenticate",
                 auth::dpop_challenge_for(error, place, all, dpop_->algorithms()));
}

SESAME_INLINE std::optional<asio::awaitable<void>> http_endpoint::post(
    const net::http_request& request, net::http_response& response,
    std::shared_ptr<const principal> caller) {
  if (!detail::accepts(request, {"application/json", "text/event-stream"})) {
    fail(response, 406, protocol::error_kind::invalid_request,
         "Accept must list application/json and text/event-stream");
    return std::nullopt;
  }

  auto& places = detail::pool<workplace>::local();
  auto place = places.take(engine_.options().message);
  place->fields.request = &request;
  place->sink.begin(response);
  if (auto spare = net::detail::spares<std::string>::local().take()) place->out = *std::move(spare);
  place->out.clear();
  inbound in{.text = request.body,
             .padding = request.body_padding,
             .out = &place->out,
             .sink = &place->sink,
             .fields = &place->fields};
  in.caller = std::move(caller);
  switch (engine_.begin(place->x, std::move(in))) {
    case disposition::answered:
      answer(*place, response);
      break;
    case disposition::accepted:
      response.status = 202;
      break;
    case disposition::pending:
      return place->x.session() ? serve_detached(std::move(place), response)
                                : finish(*this, std::move(place), response);
  }
  places.give(std::move(place));
  return std::nullopt;
}

SESAME_INLINE void http_endpoint::answer(workplace& place, net::http_response& response) const {
  const auto& x = place.x;
  if (const auto* session = x.opened()) response.add("Mcp-Session-Id", session->id());
  if (x.retry_after()) response.add("Retry-After", std::to_string(x.retry_after()->count()));
  if (x.denied()) challenge(response, x.denied()->error, x.denied()->scopes);
  response.status = x.status();
  if (place.sink.early.empty()) {
    // Both keep their memory for the next message.
    response.body.swap(place.out);
    response.add("Content-Type", "application/json");
    return;
  }
  for (const auto& message : place.sink.early)
    net::append_event(response.body, {.data = message, .event = "message"});
  net::append_event(response.body, {.data = place.out, .event = "message"});
  response.add("Content-Type", "text/event-stream");
  response.add("Cache-Control", "no-store");
}

SESAME_INLINE void http_endpoint::fail(net::http_response& response, int status,
                                       protocol::error_kind kind, std::string_view detail) {
  protocol::reply reply{response.body, {}};
  reply.error({kind, std::string{detail}, {}});
  response.status = status;
  response.add("Content-Type", "application/json");
}

SESAME_INLINE void http_endpoint::refuse_method(net::http_response& response,
                                                std::string_view allowed) {
  fail(response, 405, protocol::error_kind::invalid_request, "this method is not offered here");
  response.add("Allow", allowed);
}

SESAME_INLINE void http_endpoint::allow_origin(const net::http_request& request,
                                               net::http_response& response) const {
  const auto origin = *request.field("Origin");
  if (std::ranges::find(options_.origins, origin) == options_.origins.end()) return;
  response.add("Access-Control-Allow-Origin", origin);
  response.add("Vary", "Origin");
  response.add("Access-Control-Expose-Headers",
               "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version");
  if (request.method != "OPTIONS") return;
  response.add("Access-Control-Allow-Methods", "GET, POST, DELETE");
  response.add("Access-Control-Max-Age", "600");
  std::string headers =
      "authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, "
      "mcp-session-id, last-event-id";
  if (dpop_) headers += ", dpop";
  // There is no wildcard for a prefix, so the mirrored parameters are named as they were asked for.
  auto asked = request.field("Access-Control-Request-Headers").value_or(std::string_view{});
  while (!asked.empty()) {
    const auto end = std::min(asked.find(','), asked.size());
    const auto name = net::detail::trim(asked.substr(0, end));
    asked.remove_prefix(std::min(end + 1, asked.size()));
    constexpr std::string_view prefix = "mcp-param-";
    if (name.size() > prefix.size() && detail::is_header_token(name) &&
        net::detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix))
      headers.append(", ").append(name);
  }
  response.add("Access-Control-Allow-Headers", headers);
}

SESAME_INLINE asio::awaitable<void> http_endpoint::finish(const http_endpoint& self, handle place,
                                                          net::http_response& response) {
  auto& x = place->x;
  place->sink.go_live();
  response.on_disconnect([&x] { x.cancel(); });
  response.on_stop([&x] { x.stop(); });
  co_await x.finish();
  response.on_disconnect([] {});
  response.on_stop([] {});
  if (x.cancelled()) {
    // Nothing may be said any more: an event stream that ends says nothing.
    if (!response.streaming()) response.begin_stream("text/event-stream");
  } else if (!response.streaming()) {
    self.answer(*place, response);
  } else {
    std::string last;
    net::append_event(last, {.data = place->out, .event = "message"});
    co_await detail::write_all(response, last, self.options_.server.stream_buffer / 2);
  }
  detail::pool<workplace>::local().give(std::move(place));
}

}  // namespace sesame::inline v0
