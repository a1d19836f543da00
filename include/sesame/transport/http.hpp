// MCP over HTTP: one endpoint for both eras, and the metadata by which clients learn where to get a
// token (MCP Streamable HTTP; RFC 9728).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/challenge.hpp"
#include "sesame/auth/resource_metadata.hpp"
#include "sesame/net/host_guard.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/http_server.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/net/url.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/pool.hpp"

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// How a server is reached over HTTP.
struct http_transport_options {
  std::string path = "/mcp";  ///< of the endpoint

  /// The endpoint's URL as clients see it: the resource that tokens are issued for. Needed behind a
  /// proxy; otherwise it follows from where the server listens. Never taken from a request.
  std::string public_url{};

  /// Further `Host`s that are answered (`name` or `name:port`), beside the server's own.
  std::vector<std::string> hosts{};

  /// Origins whose pages may call from a browser (`https://app.example`): only these get CORS
  /// headers.
  std::vector<std::string> origins{};

  net::http_options server{};  ///< address, threads, limits, timeouts, TLS
};

/// Answers HTTP requests for an engine. Used by several threads at once.
class http_endpoint {
 public:
  /// Throws `configuration_error` for options that make no sense. `engine` outlives the endpoint.
  http_endpoint(sesame::engine& engine, http_transport_options options);

  /// Tells under which URL clients reach the endpoint, where that is known only once the server
  /// listens. Not while requests are served.
  void published_at(const std::string& url);

  /// What `published_at` or the options said.
  [[nodiscard]] const std::string& url() const noexcept { return url_; }

  std::optional<asio::awaitable<void>> operator()(const net::http_request& request,
                                                  net::http_response& response);

 private:
  struct workplace;
  using handle = std::unique_ptr<workplace>;

  std::optional<asio::awaitable<void>> post(const net::http_request& request,
                                            net::http_response& response,
                                            std::shared_ptr<const principal> caller);
  void end_session(const net::http_request& request, net::http_response& response,
                   const principal* caller);
  static asio::awaitable<void> finish(const http_endpoint& self, handle place,
                                      net::http_response& response);
  static asio::awaitable<void> write_all(net::http_response& response, std::string_view bytes,
                                         std::size_t part);
  static void fail(net::http_response& response, int status, protocol::error_kind kind,
                   std::string_view detail);
  static void refuse_method(net::http_response& response, std::string_view allowed);
  void allow_origin(const net::http_request& request, net::http_response& response) const;
  bool authenticate(const net::http_request& request, net::http_response& response,
                    std::shared_ptr<const principal>& caller);
  void challenge(net::http_response& response, auth_error error,
                 const std::vector<std::string_view>& scopes) const;
  void answer(const workplace& place, net::http_response& response) const;

  sesame::engine& engine_;
  http_transport_options options_;
  std::optional<net::host_guard> guard_;
  std::string url_;
  bool protected_;
  std::vector<std::string> metadata_paths_;
  std::string metadata_;
  std::string metadata_url_;
};

namespace detail {

class request_fields final : public message_fields {
 public:
  const net::http_request* request = nullptr;
  std::optional<std::string_view> field(std::string_view name) const override {
    return request->field(name);
  }
  bool repeated(std::string_view name) const override { return request->repeated(name); }
};

// What leaves before the answer turns the response into an event stream. What a plain function
// sends is kept and leaves together with its answer, since nothing can be written before it
// returns.
class response_sink final : public message_sink {
 public:
  net::http_response* response = nullptr;
  std::string early;
  bool live = false;

  bool send(std::string_view message) override {
    if (!live) {
      net::append_event(early, {.data = message, .event = "message"});
      return true;
    }
    if (!response->streaming() && !response->begin_stream("text/event-stream")) return false;
    scratch_.clear();
    net::append_event(scratch_, {.data = message, .event = "message"});
    return response->write(scratch_);
  }
  asio::any_io_executor executor() override { return response->executor(); }

 private:
  std::string scratch_;
};

// Whether an Accept field takes a media type (RFC 9110, section 12.5.1), as far as a server that
// has one representation must know.
inline bool accepts(std::string_view accept, std::string_view type) {
  while (!accept.empty()) {
    const auto end = std::min(accept.find(','), accept.size());
    auto range = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    const auto parameters = range.find(';');
    const auto quality =
        parameters == std::string_view::npos ? std::string_view{} : range.substr(parameters);
    range = net::detail::trim(range.substr(0, parameters));
    if (quality.find("q=0") != std::string_view::npos &&
        quality.find_first_of("123456789", quality.find("q=0")) == std::string_view::npos)
      continue;
    const auto slash = type.find('/');
    if (range == "*/*" || net::detail::equal_ignoring_case(range, type) ||
        (range.size() == slash + 2 && range.ends_with("/*") &&
         net::detail::equal_ignoring_case(range.substr(0, slash), type.substr(0, slash))))
      return true;
  }
  return false;
}

// A list may be spread over several fields. A request without any takes everything.
inline bool accepts(const net::http_request& request, std::string_view type) {
  bool asked = false;
  for (const auto& field : request.fields) {
    if (!net::detail::equal_ignoring_case(field.name, "Accept")) continue;
    if (accepts(field.value, type)) return true;
    asked = true;
  }
  return !asked;
}

inline bool is_json(std::string_view content_type) {
  return net::detail::equal_ignoring_case(
      net::detail::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace detail

struct http_endpoint::workplace {
  explicit workplace(json::limits limits) : x(limits) {}
  [[nodiscard]] bool made_for(json::limits limits) const { return x.limits() == limits; }
  [[nodiscard]] bool light() const {
    constexpr auto most = detail::pool<workplace>::kept_memory;
    return x.message_size() <= most && sink.early.capacity() <= most;
  }
  exchange x;
  detail::request_fields fields;
  detail::response_sink sink;
};

inline http_endpoint::http_endpoint(sesame::engine& engine, http_transport_options options)
    : engine_(engine), options_(std::move(options)), protected_(engine.verifies_tokens()) {
  if (!options_.path.starts_with('/') || options_.path.find_first_of("?#") != std::string::npos)
    throw configuration_error("path", "must begin with / and have no query");
  const auto& bound = options_.server.host;
  if ((bound == "0.0.0.0" || bound == "::") && options_.public_url.empty())
    throw configuration_error("public_url",
                              "a server that listens on every address has to be told under which "
                              "URL clients reach it");
  std::optional<net::url> known;
  if (!options_.public_url.empty()) {
    auto read = net::url::parse(options_.public_url);
    if (!read) throw configuration_error("public_url", read.error().message);
    known = *std::move(read);
    published_at(options_.public_url);
  }
  guard_.emplace(net::host_guard_options{.bind_host = options_.server.host,
                                         .public_url = std::move(known),
                                         .hosts = options_.hosts,
                                         .origins = options_.origins});
}

inline void http_endpoint::published_at(const std::string& url) {
  url_ = url;
  // Where no authorization server issues the tokens, there is nowhere to send clients to.
  if (engine_.issuers().empty()) return;
  auth::protected_resource resource{.resource = url,
                                    .authorization_servers = engine_.issuers(),
                                    .resource_name = engine_.options().title.empty()
                                                         ? engine_.options().name
                                                         : engine_.options().title};
  for (const auto scope : engine_.scopes()) resource.scopes_supported.insert(scope);
  auth::check(resource);
  metadata_ = auth::to_json(resource);
  metadata_paths_ = auth::resource_metadata_paths(url);
  metadata_url_ = auth::resource_metadata_url(url);
}

inline std::optional<asio::awaitable<void>> http_endpoint::operator()(
    const net::http_request& request, net::http_response& response) {
  const auto origin = request.field("Origin");
  const auto decision = guard_->check(request.host, origin);
  if (decision != net::host_guard::decision::allowed || request.repeated("Origin")) {
    fail(response, 403, protocol::error_kind::invalid_request,
         decision == net::host_guard::decision::host_refused ? "this Host is not served here"
                                                             : "this Origin may not call");
    return std::nullopt;
  }
  if (std::ranges::find(metadata_paths_, request.path) != metadata_paths_.end()) {
    // Everybody may read it, and browsers from anywhere: it says nothing that is not public.
    response.add("Access-Control-Allow-Origin", "*");
    if (request.method == "OPTIONS") {
      // Clients in browsers send their MCP-Protocol-Version along.
      response.status = 204;
      response.add("Access-Control-Allow-Methods", "GET");
      response.add("Access-Control-Allow-Headers", "mcp-protocol-version");
    } else if (request.method != "GET" && request.method != "HEAD") {
      refuse_method(response, "GET, HEAD, OPTIONS");
    } else {
      response.add("Content-Type", "application/json");
      response.add("Cache-Control", "max-age=300");
      response.body += metadata_;
    }
    return std::nullopt;
  }
  if (request.path != options_.path) {
    fail(response, 404, protocol::error_kind::invalid_request, "there is nothing at this path");
    return std::nullopt;
  }
  if (origin) allow_origin(request, response);
  if (request.method == "OPTIONS") {
    response.status = 204;
    response.add("Allow", "POST, DELETE, OPTIONS");
    return std::nullopt;
  }

  // A token is looked at before anything else that was sent, and a bad one is refused whatever is
  // asked.
  std::shared_ptr<const principal> caller;
  if (protected_ && !authenticate(request, response, caller)) return std::nullopt;
  if (request.method == "POST") return post(request, response, std::move(caller));
  if (request.method == "DELETE")
    end_session(request, response, caller.get());
  else
    refuse_method(response, "POST, DELETE, OPTIONS");
  return std::nullopt;
}

inline bool http_endpoint::authenticate(const net::http_request& request,
                                        net::http_response& response,
                                        std::shared_ptr<const principal>& caller) {
  const auto deny = [&](auth_error error) {
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
    const auto scopes = engine_.scopes();
    challenge(response, error,
              error == auth_error::missing_token ? scopes : std::vector<std::string_view>{});
    return false;
  };
  const auto field = request.field("Authorization");
  const auto token = field
                         ? auth::read_authorization(*field)
                         : result<std::string_view, auth_error>{failure{auth_error::missing_token}};
  if (request.repeated("Authorization")) return deny(auth_error::invalid_token);
  if (!token) {
    if (token.error() == auth_error::missing_token && engine_.opens_to_anonymous()) return true;
    return deny(token.error());
  }
  auto verified = engine_.authenticate(*token);
  if (!verified) {
    engine_.report("a token was refused: " + verified.error().detail);
    return deny(verified.error().code);
  }
  caller = *std::move(verified);
  return true;
}

inline void http_endpoint::challenge(net::http_response& response, auth_error error,
                                     const std::vector<std::string_view>& scopes) const {
  if (error == auth_error::unavailable) {
    response.add("Retry-After", "5");
    return;
  }
  scope_set all;
  for (const auto scope : scopes) all.insert(scope);
  response.add("WWW-Authenticate", auth::challenge_for(error, metadata_url_, all));
}

inline std::optional<asio::awaitable<void>> http_endpoint::post(
    const net::http_request& request, net::http_response& response,
    std::shared_ptr<const principal> caller) {
  if (!detail::is_json(request.field("Content-Type").value_or(std::string_view{}))) {
    fail(response, 415, protocol::error_kind::invalid_request,
         "Content-Type must be application/json");
    return std::nullopt;
  }
  if (!detail::accepts(request, "application/json") ||
      !detail::accepts(request, "text/event-stream")) {
    fail(response, 406, protocol::error_kind::invalid_request,
         "Accept must list application/json and text/event-stream");
    return std::nullopt;
  }

  auto& places = detail::pool<workplace>::local();
  auto place = places.take(engine_.options().message);
  place->fields.request = &request;
  place->sink.response = &response;
  place->sink.early.clear();
  place->sink.live = false;
  inbound in{
      .text = request.body, .out = &response.body, .sink = &place->sink, .fields = &place->fields};
  in.caller = std::move(caller);
  switch (engine_.begin(place->x, in)) {
    case disposition::answered:
      answer(*place, response);
      break;
    case disposition::accepted:
      response.status = 202;
      break;
    case disposition::pending:
      return finish(*this, std::move(place), response);
  }
  places.give(std::move(place));
  return std::nullopt;
}

inline void http_endpoint::answer(const workplace& place, net::http_response& response) const {
  const auto& x = place.x;
  if (const auto* session = x.opened()) response.add("Mcp-Session-Id", session->id());
  if (x.denied()) challenge(response, x.denied()->error, x.denied()->scopes);
  response.status = x.status();
  if (place.sink.early.empty()) {
    response.add("Content-Type", "application/json");
    return;
  }
  std::string events = place.sink.early;
  net::append_event(events, {.data = response.body, .event = "message"});
  response.body = std::move(events);
  response.add("Content-Type", "text/event-stream");
  response.add("Cache-Control", "no-store");
}

inline asio::awaitable<void> http_endpoint::finish(const http_endpoint& self, handle place,
                                                   net::http_response& response) {
  auto& x = place->x;
  place->sink.live = true;
  response.on_disconnect([&x] {
    if (x.ends_with_connection()) x.cancel();
  });
  co_await x.finish();
  response.on_disconnect([] {});
  if (x.cancelled()) {
    // Nothing may be said any more: an event stream that ends says nothing.
    if (!response.streaming()) response.begin_stream("text/event-stream");
  } else if (!response.streaming()) {
    self.answer(*place, response);
  } else {
    std::string last;
    net::append_event(last, {.data = response.body, .event = "message"});
    co_await write_all(response, last, self.options_.server.stream_buffer / 2);
  }
  detail::pool<workplace>::local().give(std::move(place));
}

// An answer may be more than the connection holds for a slow peer: then it leaves part by part. A peer
// that takes nothing is given up by the connection.
inline asio::awaitable<void> http_endpoint::write_all(net::http_response& response,
                                                      std::string_view bytes, std::size_t part) {
  asio::steady_timer pause{response.executor()};
  while (!bytes.empty() && !response.disconnected()) {
    const auto next = bytes.substr(0, part);
    if (response.write(next)) {
      bytes.remove_prefix(next.size());
      continue;
    }
    part = std::max(part / 2, std::size_t{256});
    pause.expires_after(std::chrono::milliseconds{5});
    std::error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

inline void http_endpoint::end_session(const net::http_request& request,
                                       net::http_response& response, const principal* caller) {
  const auto id = request.field("Mcp-Session-Id");
  if (!id) {
    fail(response, 400, protocol::error_kind::session_required, "Mcp-Session-Id is missing");
  } else if (!engine_.sessions().remove(*id, caller != nullptr ? caller->key() : std::string{})) {
    fail(response, 404, protocol::error_kind::session_unknown, {});
  } else {
    response.status = 204;
  }
}

inline void http_endpoint::fail(net::http_response& response, int status, protocol::error_kind kind,
                                std::string_view detail) {
  protocol::reply reply{response.body, {}};
  reply.error({kind, std::string{detail}, {}});
  response.status = status;
  response.add("Content-Type", "application/json");
}

inline void http_endpoint::refuse_method(net::http_response& response, std::string_view allowed) {
  fail(response, 405, protocol::error_kind::invalid_request, "this method is not offered here");
  response.add("Allow", allowed);
}

inline void http_endpoint::allow_origin(const net::http_request& request,
                                        net::http_response& response) const {
  const auto origin = *request.field("Origin");
  if (std::ranges::find(options_.origins, origin) == options_.origins.end()) return;
  response.add("Access-Control-Allow-Origin", origin);
  response.add("Vary", "Origin");
  response.add("Access-Control-Expose-Headers",
               "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version");
  if (request.method != "OPTIONS") return;
  response.add("Access-Control-Allow-Methods", "POST, DELETE");
  response.add("Access-Control-Max-Age", "600");
  std::string headers =
      "authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, "
      "mcp-session-id, last-event-id";
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

}  // namespace sesame::inline v0
