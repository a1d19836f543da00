// Writing more to a stream than its connection holds for a slow peer.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_response.hpp"

#include <asio/awaitable.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace sesame::inline v0::detail {

/// Writes all of `bytes`, part by part where they are more than fits. A peer that takes nothing is
/// given up by its connection.
inline asio::awaitable<void> write_all(net::http_response& response, std::string_view bytes,
                                       std::size_t part) {
  if (response.write(bytes)) co_return;
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

}  // namespace sesame::inline v0::detail
