// The answer to one HTTP request: a body that is sent when the handler is done, or a stream that is
// sent while it is at work (RFC 9110; RFC 9112, section 7.1).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/characters.hpp"

#include <asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::net {

class http_response;

namespace detail {

/// The connection as its response sees it. Tests may stand in for it.
class response_channel {
 public:
  virtual asio::any_io_executor executor() = 0;
  virtual bool begin_stream(std::string_view content_type) = 0;
  virtual bool write_stream(std::string_view bytes) = 0;
  /// Calls `call` soon, on the executor, and not inside this function.
  virtual void call_soon(std::function<void()> call) = 0;
  [[nodiscard]] virtual bool disconnected() const = 0;
  [[nodiscard]] virtual bool stopping() const = 0;

 protected:
  ~response_channel() = default;
};

/// Lets the connection at what a handler must not touch.
struct response_access;

}  // namespace detail

/// The answer to one request. It belongs to the request's connection and is used on its executor
/// only, that is, by the handler and by the awaitable it returned.
class http_response {
 public:
  explicit http_response(detail::response_channel& channel) : channel_(&channel) {}
  http_response(const http_response&) = delete;
  http_response& operator=(const http_response&) = delete;

  int status = 200;
  /// What is sent, with its Content-Length, when the handler is done; nothing of it for HEAD, 204
  /// and 304. Not used once a stream has begun. Its memory is used again by the next request.
  std::string body;

  /// Adds a header field. False, and nothing added, if the name is no token, if the value has
  /// control characters (a CR or LF would begin another field), or if it is one of those that the
  /// connection writes itself: Connection, Content-Length, Date, Transfer-Encoding.
  bool add(std::string_view name, std::string_view value);

  /// Closes the connection after this answer.
  void close() noexcept { closes_ = true; }

  /// Sends the head and begins a stream, in chunks for HTTP/1.1, else until the connection closes.
  /// For `text/event-stream` adds `Cache-Control: no-store` and `X-Accel-Buffering: no`, and sends
  /// a comment whenever the stream has been silent for a while. Status and fields are fixed by it.
  /// The stream ends with the handler's awaitable; if that throws, the connection breaks off
  /// instead. False if a stream has begun already, if the peer is gone, or if `content_type` is no
  /// field value.
  bool begin_stream(std::string_view content_type);

  /// Appends to the stream; returns at once, and what has been written until the handler suspends
  /// leaves together. False, and nothing appended, if no stream has begun, if the peer is gone, if
  /// the request was HEAD, or if too many bytes (`http_options::stream_buffer`) wait for a slow
  /// peer.
  bool write(std::string_view bytes) { return streaming_ && channel_->write_stream(bytes); }

  /// Has `call` called, once and on the executor, if the peer goes away while the handler's
  /// awaitable runs; soon, if it has gone already. A peer that closes only its sending side counts
  /// as gone. The awaitable has to complete by itself then. Must not throw.
  void on_disconnect(std::function<void()> call);

  /// Has `call` called, once and on the executor, when the server begins to stop: a stream should
  /// say its last words and end before the grace is over. Must not throw.
  void on_stop(std::function<void()> call);

  /// Whether the peer is known to be gone. Nothing is sent any more.
  [[nodiscard]] bool disconnected() const { return channel_->disconnected(); }
  /// Whether the server has begun to stop.
  [[nodiscard]] bool stopping() const { return channel_->stopping(); }
  /// Whether a stream has begun, so that status and fields are out of reach.
  [[nodiscard]] bool streaming() const noexcept { return streaming_; }
  /// The executor of the connection: one thread, so no two things on it run at once.
  [[nodiscard]] asio::any_io_executor executor() const { return channel_->executor(); }

  static constexpr bool is_event_stream(std::string_view content_type) noexcept {
    return detail::equal_ignoring_case(detail::trim(content_type.substr(0, content_type.find(';'))),
                                       "text/event-stream");
  }

 private:
  friend struct detail::response_access;

  static constexpr bool is_own(std::string_view name) noexcept {
    using detail::equal_ignoring_case;
    switch (name.size()) {
      case 4:
        return equal_ignoring_case(name, "date");
      case 10:
        return equal_ignoring_case(name, "connection");
      case 14:
        return equal_ignoring_case(name, "content-length");
      case 17:
        return equal_ignoring_case(name, "transfer-encoding");
      default:
        return false;
    }
  }

  detail::response_channel* channel_;
  std::string fields_;  // ready lines
  std::function<void()> disconnect_call_, stop_call_;
  bool closes_ = false, streaming_ = false;
};

namespace detail {

struct response_access {
  static std::string_view fields(const http_response& response) { return response.fields_; }
  static bool closes(const http_response& response) { return response.closes_; }
  static void tell_disconnect(http_response& response) {
    if (auto call = std::exchange(response.disconnect_call_, nullptr)) call();
  }
  static void tell_stop(http_response& response) {
    if (auto call = std::exchange(response.stop_call_, nullptr)) call();
  }
  /// Empty again, for the next request; memory is kept up to `keep` bytes.
  static void reset(http_response& response, std::size_t keep);
};

}  // namespace detail

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/http_response.ipp"
#endif
