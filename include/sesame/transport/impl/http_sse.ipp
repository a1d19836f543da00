// What transport/http_sse.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/transport/channel.hpp"
#include "sesame/transport/http_sse.hpp"
#include "sesame/transport/write_all.hpp"

#include <asio/awaitable.hpp>
#include <asio/post.hpp>

#include <cstddef>
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

SESAME_INLINE asio::awaitable<void> sse_endpoint::serve(sse_endpoint& self,
                                                        net::http_response& response,
                                                        std::shared_ptr<const principal> caller) {
  const net::doorbell bell{response.executor()};
  std::string outbox;
  bool overrun = false;
  auto owner = detail::session_owner(caller.get());
  auto channel = message_channel::open(
      self.engine_, response.executor(),
      [&outbox, &overrun, bell, most = self.buffer_](std::string_view message, bool is_answer) {
        if (overrun) return false;
        // A client that does not read is not left with a gap: its stream ends.
        overrun = !is_answer && outbox.size() > most;
        if (!overrun) net::append_event(outbox, {.data = message, .event = "message"});
        bell.ring();
        return !overrun;
      });
  channel->speak_for(caller);
  stream opened{std::move(channel), response.executor(), std::move(owner)};
  const entry own{self, auth::random_token(), std::move(opened)};

  response.on_disconnect([bell] { bell.ring(); });
  response.on_stop([bell] { bell.ring(); });
  response.begin_stream("text/event-stream");
  // Relative, so that it is right behind a proxy too.
  net::append_event(outbox, {.data = "?session_id=" + own.id(), .event = "endpoint"});
  bell.ring();
  const auto end = engine::stream_end(caller.get());
  while (!response.disconnected() && !response.stopping() && !overrun) {
    co_await bell.rung(end);
    if (!self.engine_.may_hear_on(caller)) break;
    const auto leaving = std::exchange(outbox, {});
    co_await detail::write_all(response, leaving, self.buffer_ / 2);
  }
  response.on_disconnect([] {});
  response.on_stop([] {});
}

}  // namespace sesame::inline v0
