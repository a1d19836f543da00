// One open `subscriptions/listen`: what is kept for it while nothing happens.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/doorbell.hpp"
#include "sesame/server/event_bus.hpp"
#include "sesame/server/task_table.hpp"

#include <asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <list>
#include <string>
#include <utility>

namespace sesame::inline v0::detail {

/// A subscription of the stateless era. `count` is how many the server has, and outlives it.
class subscription {
 public:
  subscription(std::string id, const asio::any_io_executor& executor,
               std::atomic<std::size_t>& count)
      : id_(std::move(id)), bell_(executor), count_(count) {
    ++count_;
    heard.on_change([bell = bell_] { bell.ring(); });
  }
  subscription(const subscription&) = delete;
  subscription& operator=(const subscription&) = delete;
  ~subscription() {
    heard.leave();
    --count_;
  }

  listener heard;
  std::list<background_task::watch> tasks;  ///< whose changes are told

  /// The id of the request, as JSON text: every notification carries it.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// Waits until there is something to take, or the end.
  [[nodiscard]] const net::doorbell& bell() const noexcept { return bell_; }

  /// Ends it in order, because the server stops; on its executor.
  void end() {
    ended_ = true;
    bell_.ring();
  }
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  std::string id_;
  net::doorbell bell_;
  std::atomic<std::size_t>& count_;
  bool ended_ = false;
};

}  // namespace sesame::inline v0::detail
