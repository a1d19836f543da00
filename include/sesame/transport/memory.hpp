// MCP within one program: for tests of a server's tools, and for embedding one.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/transport/channel.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// A peer in the same program, on the calling thread. Messages go in as text and come out as text.
///
///     sesame::memory_transport client{server};
///     client.send(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
///     client.receive();   // {"jsonrpc":"2.0","id":1,"result":{}}
class memory_transport {
 public:
  template <class Server>
  explicit memory_transport(Server& server)
      : io_(1),
        channel_(message_channel::open(server.engine(), io_.get_executor(),
                                       [this](std::string_view message, bool) {
                                         inbox_.emplace_back(message);
                                         return true;
                                       })) {}
  memory_transport(const memory_transport&) = delete;
  memory_transport& operator=(const memory_transport&) = delete;
  ~memory_transport();

  /// Sends one message to the server.
  void send(std::string_view message) { channel_->receive(message); }

  /// The next message from the server. Runs what waits meanwhile; nothing if none comes in time.
  std::optional<std::string> receive(std::chrono::milliseconds patience = std::chrono::seconds{5});

  /// Sends one message and returns the next that comes back.
  std::optional<std::string> call(std::string_view message);

 private:
  asio::io_context io_;
  std::deque<std::string> inbox_;
  std::shared_ptr<message_channel> channel_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/memory.ipp"
#endif
