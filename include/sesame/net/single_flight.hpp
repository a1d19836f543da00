// Work that several ask for at once, and that is done once for all of them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/background.hpp"
#include "sesame/net/event.hpp"

#include <asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace sesame::inline v0::net {

/// Runs a piece of work on the background thread, never twice at a time. A run belongs to nobody:
/// it goes on when those who wait for it go away.
///
///     net::single_flight refresh([keys] { return fetch_keys(keys); });
///     refresh.start();           // soon
///     co_await refresh.join();   // now
class single_flight {
 public:
  /// `work` is called for each run, on the background thread; it may outlive this object by as much
  /// as a run takes, and what it throws is dropped.
  explicit single_flight(std::function<asio::awaitable<void>()> work);
  single_flight(const single_flight&) = delete;
  single_flight& operator=(const single_flight&) = delete;

  /// Begins a run unless one is under way. From any thread.
  void start() const;

  /// Completes when the run that is under way has ended, or else one that this begins. The executor
  /// of whoever awaits it has to run on one thread or be a strand.
  [[nodiscard]] asio::awaitable<void> join() const { return wait(background_->executor(), state_); }

 private:
  struct state;

  struct waiter;
  struct ending;

  static void begin(const asio::any_io_executor& executor, const std::shared_ptr<state>& kept);
  static asio::awaitable<void> run(std::shared_ptr<state> kept);
  static asio::awaitable<void> wait(asio::any_io_executor executor, std::shared_ptr<state> kept);

  std::shared_ptr<background> background_ = background::shared();
  std::shared_ptr<state> state_;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/single_flight.ipp"
#endif
