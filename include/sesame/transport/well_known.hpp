// What clients read before they have a token: who issues tokens for this server (RFC 9728) and, for
// those of 2025-03-26, which ask the server itself, what that issuer says of itself (RFC 8414).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/resource_metadata.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/single_flight.hpp"

#include <asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// The documents under /.well-known/ of a protected server. They are the same for everybody, and
/// everybody may read them, browsers from anywhere included. Used by several threads at once.
class well_known {
 public:
  /// `fetch`: by which the metadata of the first authorization server are fetched and passed on;
  /// empty: they are not.
  explicit well_known(net::http_fetch fetch = {}) : fetch_(std::move(fetch)) {}

  /// Says what to tell. Throws `configuration_error`. Not while requests are served.
  void describe(const auth::protected_resource& resource);

  /// Where a challenge sends a client; empty before `describe`.
  [[nodiscard]] const std::string& resource_metadata_url() const noexcept { return url_; }

  [[nodiscard]] bool has(std::string_view path) const noexcept;

  /// Answers a request for something that it `has`.
  std::optional<asio::awaitable<void>> operator()(const net::http_request& request,
                                                  net::http_response& response) const;

 private:
  struct relay;

  [[nodiscard]] bool relays(std::string_view path) const noexcept;
  static asio::awaitable<void> pass_on(std::shared_ptr<relay> from,
                                       std::shared_ptr<const net::single_flight> flight,
                                       net::http_response& response);

  net::http_fetch fetch_;
  std::string url_;
  std::vector<std::string> resource_paths_;
  std::string resource_;
  std::vector<std::string> issuer_paths_;
  std::shared_ptr<relay> relay_;
  std::shared_ptr<const net::single_flight> flight_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/well_known.ipp"
#endif
