// What transport/well_known.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/issuer_metadata.hpp"
#include "sesame/auth/resource_metadata.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/single_flight.hpp"
#include "sesame/transport/well_known.hpp"

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

// The issuer's document as it was when it was last fetched. It is fetched when somebody asks for it,
// and no sooner again than `fresh` or, where that failed, `cooldown` after.
struct well_known::relay {
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds fresh{300};
  static constexpr std::chrono::seconds cooldown{5};

  relay(net::http_fetch by, std::string of) : fetch(std::move(by)), issuer(std::move(of)) {}

  static asio::awaitable<void> refresh(std::shared_ptr<relay> self) {
    auto found = co_await auth::fetch_issuer_metadata(self->fetch, self->issuer);
    const auto now = clock::now();
    const std::lock_guard lock(self->mutex);
    if (found) self->document = std::move(found->json);
    self->due = now + (found ? fresh : cooldown);
  }

  net::http_fetch fetch;
  std::string issuer;
  std::mutex mutex;
  std::string document;     // guarded, as is the next
  clock::time_point due{};  // when to fetch it anew
};

SESAME_INLINE void well_known::describe(const auth::protected_resource& resource) {
  auth::check(resource);
  url_ = auth::resource_metadata_url(resource.resource);
  resource_ = auth::to_json(resource);
  resource_paths_ = auth::resource_metadata_paths(resource.resource);
  if (!fetch_) return;
  issuer_paths_.clear();
  for (const auto& path : resource_paths_)
    for (const std::string_view document :
         {"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"})
      issuer_paths_.push_back(std::string{document} +
                              path.substr(auth::resource_metadata_path.size()));
  relay_ = std::make_shared<relay>(fetch_, resource.authorization_servers.front());
  flight_ = std::make_shared<net::single_flight>([from = relay_] { return relay::refresh(from); });
}

SESAME_INLINE bool well_known::relays(std::string_view path) const noexcept {
  return std::ranges::find(issuer_paths_, path) != issuer_paths_.end();
}

SESAME_INLINE bool well_known::has(std::string_view path) const noexcept {
  return std::ranges::find(resource_paths_, path) != resource_paths_.end() || relays(path);
}

SESAME_INLINE std::optional<asio::awaitable<void>> well_known::operator()(
    const net::http_request& request, net::http_response& response) const {
  response.add("Access-Control-Allow-Origin", "*");
  if (request.method == "OPTIONS") {
    // Clients in browsers send their MCP-Protocol-Version along.
    response.status = 204;
    response.add("Access-Control-Allow-Methods", "GET");
    response.add("Access-Control-Allow-Headers", "mcp-protocol-version");
    return std::nullopt;
  }
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.add("Allow", "GET, HEAD, OPTIONS");
    return std::nullopt;
  }
  if (relays(request.path)) return pass_on(relay_, flight_, response);
  response.add("Content-Type", "application/json");
  response.add("Cache-Control", "max-age=300");
  response.body += resource_;
  return std::nullopt;
}

SESAME_INLINE asio::awaitable<void> well_known::pass_on(
    std::shared_ptr<relay> from, std::shared_ptr<const net::single_flight> flight,
    net::http_response& response) {
  bool due = false;
  {
    const std::lock_guard lock(from->mutex);
    due = from->due <= relay::clock::now();
    // What there is does meanwhile.
    if (due && !from->document.empty()) flight->start();
    due = due && from->document.empty();
  }
  if (due) co_await flight->join();
  const std::lock_guard lock(from->mutex);
  if (from->document.empty()) {
    response.status = 503;
    response.add("Retry-After", std::to_string(relay::cooldown.count()));
    co_return;
  }
  response.add("Content-Type", "application/json");
  response.add("Cache-Control", "max-age=300");
  response.body += from->document;
}

}  // namespace sesame::inline v0
