// The transport of revision 2024-11-05, for clients that know no other: a GET opens a stream, which
// names at first where to POST messages to; all that the server says comes on the stream.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"
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

/// The streams of HTTP+SSE that are open. Requests come here when their Host, Origin and caller
/// have been looked at. Used by several threads at once.
class sse_endpoint {
 public:
  /// `buffer` is how many bytes wait for a slow client before its stream is ended.
  sse_endpoint(engine& engine, std::size_t buffer) : engine_(engine), buffer_(buffer) {}

  /// Opens a stream.
  std::optional<asio::awaitable<void>> open(net::http_response& response,
                                            std::shared_ptr<const principal> caller) {
    return serve(*this, response, std::move(caller));
  }

  /// Takes a message. Its stream has to be the caller's.
  void receive(const net::http_request& request, net::http_response& response,
               const principal* caller);

 private:
  struct stream {
    std::shared_ptr<message_channel> channel;
    asio::any_io_executor executor;
    std::string owner;
  };
  using streams = std::map<std::string, stream, std::less<>>;

  // While it is there, messages are taken for its stream.
  class entry {
   public:
    entry(sse_endpoint& in, std::string id, stream opened);
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry();
    [[nodiscard]] const std::string& id() const noexcept { return id_; }

   private:
    sse_endpoint& in_;
    std::string id_;
  };

  static asio::awaitable<void> serve(sse_endpoint& self, net::http_response& response,
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
    channel->speak_for(std::move(caller));
    stream opened{std::move(channel), response.executor(), std::move(owner)};
    const entry own{self, auth::random_token(), std::move(opened)};

    response.on_disconnect([bell] { bell.ring(); });
    response.on_stop([bell] { bell.ring(); });
    response.begin_stream("text/event-stream");
    // Relative, so that it is right behind a proxy too.
    net::append_event(outbox, {.data = "?session_id=" + own.id(), .event = "endpoint"});
    bell.ring();
    while (!response.disconnected() && !response.stopping() && !overrun) {
      co_await bell.rung();
      const auto leaving = std::exchange(outbox, {});
      co_await detail::write_all(response, leaving, self.buffer_ / 2);
    }
    response.on_disconnect([] {});
    response.on_stop([] {});
  }

  engine& engine_;
  std::size_t buffer_;
  std::mutex mutex_;
  streams open_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/http_sse.ipp"
#endif
