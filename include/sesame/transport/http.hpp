// MCP over HTTP: one endpoint for both eras, and the metadata by which clients learn where to get a
// token (MCP Streamable HTTP; RFC 9728).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/dpop.hpp"
#include "sesame/configuration.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/host_guard.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/http_message.hpp"
#include "sesame/transport/http_sse.hpp"
#include "sesame/transport/http_transport_options.hpp"
#include "sesame/transport/pool.hpp"
#include "sesame/transport/well_known.hpp"

#include <asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

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
  // An Authorization field, as views into it.
  struct credentials {
    std::string_view token;
    bool with_proof = false;  // the scheme is DPoP
  };
  struct workplace;
  using handle = std::unique_ptr<workplace>;

  std::optional<asio::awaitable<void>> post(const net::http_request& request,
                                            net::http_response& response,
                                            std::shared_ptr<const principal> caller);
  std::optional<asio::awaitable<void>> get(const net::http_request& request,
                                           net::http_response& response,
                                           std::shared_ptr<const principal> caller);
  void end_session(const net::http_request& request, net::http_response& response,
                   const principal* caller);
  static asio::awaitable<void> finish(const http_endpoint& self, handle place,
                                      net::http_response& response);
  asio::awaitable<void> serve_detached(handle place, net::http_response& response);
  static asio::awaitable<void> work(handle place, std::shared_ptr<detail::session> in,
                                    std::shared_ptr<detail::session_stream> stream);
  static asio::awaitable<void> pump(const http_endpoint& self, std::shared_ptr<detail::session> in,
                                    std::unique_ptr<detail::stream_reader> reader,
                                    net::doorbell bell, bool of_request,
                                    std::shared_ptr<const principal> caller,
                                    net::http_response& response);
  static void fail(net::http_response& response, int status, protocol::error_kind kind,
                   std::string_view detail);
  static void fail(net::http_response& response, const protocol::rpc_error& error) {
    fail(response, error.http_status(protocol::era::session), error.kind, error.detail);
  }
  static void refuse_method(net::http_response& response, std::string_view allowed);
  void allow_origin(const net::http_request& request, net::http_response& response) const;
  // What comes of a token: its caller, none, or a refusal that has been written.
  bool admit(net::http_response& response, detail::known_caller verified,
             std::shared_ptr<const principal>& caller) const;
  // The caller, if he may present the token as he did.
  detail::known_caller prove(const net::http_request& request, const credentials& presented,
                             detail::known_caller verified);
  void deny(net::http_response& response, auth_error error) const;
  std::optional<asio::awaitable<void>> serve(const net::http_request& request,
                                             net::http_response& response,
                                             std::shared_ptr<const principal> caller);
  asio::awaitable<void> await_caller(const net::http_request& request, net::http_response& response,
                                     credentials presented);
  void challenge(net::http_response& response, auth_error error,
                 const std::vector<std::string_view>& scopes) const;
  void answer(workplace& place, net::http_response& response) const;

  sesame::engine& engine_;
  http_transport_options options_;
  std::optional<net::host_guard> guard_;
  sse_endpoint sse_;
  std::string url_;
  bool protected_;
  std::optional<auth::dpop_verifier> dpop_;
  well_known documents_;
};

struct http_endpoint::workplace {
  explicit workplace(json::limits limits) : x(limits) {}
  [[nodiscard]] bool made_for(json::limits limits) const { return x.limits() == limits; }
  [[nodiscard]] std::size_t weight() const { return x.weight() + out.capacity(); }
  exchange x;
  detail::request_fields fields;
  detail::response_sink sink;
  std::string out;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/http.ipp"
#  include "sesame/transport/impl/http_session.ipp"
#endif
