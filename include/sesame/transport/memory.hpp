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
#include <utility>

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
  ~memory_transport() {
    channel_->close();
    io_.restart();
    io_.run_for(std::chrono::seconds{1});
  }

  /// Sends one message to the server.
  void send(std::string_view message) { channel_->receive(message); }

  /// The next message from the server. Runs what waits meanwhile; nothing if none comes in time.
  std::optional<std::string> receive(std::chrono::milliseconds patience = std::chrono::seconds{5}) {
    const auto until = std::chrono::steady_clock::now() + patience;
    // What changed is told also where nothing was asked for.
    io_.restart();
    io_.poll();
    while (inbox_.empty() && channel_->pending() != 0) {
      io_.restart();
      if (io_.run_one_until(until) == 0) break;
    }
    if (inbox_.empty()) return std::nullopt;
    auto message = std::move(inbox_.front());
    inbox_.pop_front();
    return message;
  }

  /// Sends one message and returns the next that comes back.
  std::optional<std::string> call(std::string_view message) {
    send(message);
    return receive();
  }

 private:
  asio::io_context io_;
  std::deque<std::string> inbox_;
  std::shared_ptr<message_channel> channel_;
};

}  // namespace sesame::inline v0
