// MCP where the transport is one peer for all its life and every message stands alone: what stdio
// and the in-memory transport have in common.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/secret.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/pool.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace sesame::inline v0 {

/// A conversation with one peer, in both eras at once: each message is taken for what it is. Used
/// on one executor (a thread or a strand).
///
///     auto channel = message_channel::open(server.engine(), io.get_executor(),
///                                          [](std::string_view m) { std::puts(...); return true;
///                                          });
///     channel->receive(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
class message_channel : public std::enable_shared_from_this<message_channel> {
 public:
  /// Takes one message to the peer; called on the executor. A false says that it could not be
  /// taken, which is fine for what is sent before an answer.
  using output = std::function<bool(std::string_view message, bool is_answer)>;

  /// `engine` outlives the channel and whatever of its requests still runs.
  static std::shared_ptr<message_channel> open(engine& engine, asio::any_io_executor executor,
                                               output send);
  message_channel(const message_channel&) = delete;
  message_channel& operator=(const message_channel&) = delete;
  ~message_channel() { ignore_changes(); }

  /// Says who sends all messages. From here on they bring no tokens of their own.
  void speak_for(std::shared_ptr<const principal> caller);

  /// Says with which token all messages come. From here on they bring none of their own; this one is
  /// verified for each of them, for the most part from memory.
  void speak_with(secret token) { peer_.token = std::move(token); }

  /// Takes one message from the peer. Its answer, if there is one, is sent before this returns, or
  /// later where a tool waits for something.
  void receive(std::string_view text);

  /// Ends what would last for ever, with its last words.
  void stop() {
    for (auto* each : waiting_) each->stop();
  }

  /// Cancels all that is being served.
  void cancel() {
    for (const auto& [id, cancellation] : peer_.in_flight) cancellation->request();
  }

  /// Cancels all that is being served, and sends nothing any more.
  void close();

  /// Tells what has changed, as far as the peer takes it; by itself after each change, and to be
  /// called when there is room again for what could not be taken.
  void tell_changes();

  /// How many requests are being served.
  [[nodiscard]] std::size_t pending() const noexcept { return waiting_.size(); }

  /// Has `call` called whenever a request that had to wait is done.
  void on_finished(std::function<void()> call) { finished_ = std::move(call); }

 private:
  struct workplace final : message_sink {
    explicit workplace(json::limits limits) : x(limits) {}
    [[nodiscard]] bool made_for(json::limits limits) const { return x.limits() == limits; }
    [[nodiscard]] std::size_t weight() const { return x.weight() + out.capacity(); }
    bool send(std::string_view message) override { return channel->say(message, false); }
    asio::any_io_executor executor() override { return channel->executor_; }
    exchange x;
    std::string out;
    message_channel* channel = nullptr;
  };

  message_channel(engine& engine, asio::any_io_executor executor, output send)
      : engine_(engine), executor_(std::move(executor)), send_(std::move(send)) {}

  static asio::awaitable<void> finish(std::shared_ptr<message_channel> self,
                                      std::unique_ptr<workplace> place);

  bool say(std::string_view message, bool is_answer) {
    return !closed_ && send_(message, is_answer);
  }

  // In a session the client is told what it has not asked for one by one.
  void hear_changes();
  void ignore_changes();
  engine& engine_;
  asio::any_io_executor executor_;
  output send_;
  message_peer peer_;
  std::shared_ptr<const principal> caller_;
  std::shared_ptr<detail::session> heard_;
  std::unordered_set<exchange*> waiting_;
  bool closed_ = false;
  std::function<void()> finished_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/channel.ipp"
#endif
