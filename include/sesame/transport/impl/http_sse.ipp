// What transport/http_sse.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"
#include "sesame/transport/http_sse.hpp"
#include "sesame/transport/write_all.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE void sse_endpoint::receive(const net::http_request& request,
                                         net::http_response& response, const principal* caller) {
  constexpr std::string_view key = "session_id=";
  const std::scoped_lock lock{mutex_};
  const auto found =
      request.query.starts_with(key) ? open_.find(request.query.substr(key.size())) : open_.end();
  if (found == open_.end() || found->second.owner != detail::session_owner(caller)) {
    protocol::reply{response.body, {}}.error({protocol::error_kind::session_unknown, {}, {}});
    response.status = 404;
    response.add("Content-Type", "application/json");
    return;
  }
  // The stream is served by the thread of its own connection.
  asio::post(found->second.executor,
             [channel = found->second.channel, text = std::string{request.body}] {
               channel->receive(text);
             });
  response.status = 202;
}

SESAME_INLINE sse_endpoint::entry::entry(sse_endpoint& in, std::string id, stream opened)
    : in_(in), id_(std::move(id)) {
  const std::scoped_lock lock{in_.mutex_};
  in_.open_.emplace(id_, std::move(opened));
}

SESAME_INLINE sse_endpoint::entry::~entry() {
  std::optional<stream> ended;
  const std::scoped_lock lock{in_.mutex_};
  const auto found = in_.open_.find(id_);
  ended = std::move(found->second);
  in_.open_.erase(found);
  ended->channel->close();
}

}  // namespace sesame::inline v0
