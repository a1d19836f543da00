// The transport of revision 2024-11-05, for clients that know no other: a GET opens a stream, which
// names at first where to POST messages to; all that the server says comes on the stream.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

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
                                     std::shared_ptr<const principal> caller);

  engine& engine_;
  std::size_t buffer_;
  std::mutex mutex_;
  streams open_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/http_sse.ipp"
#endif
