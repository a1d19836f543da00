// Wakes one waiter, again and again.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

namespace sesame::inline v0::net {

/// A bell that others ring and one coroutine waits for. Rings that nobody has heard yet are one.
///
///     net::doorbell bell(response.executor());
///     queue.on_item([bell] { bell.ring(); });
///     for (;;) {
///       co_await bell.rung();
///       serve(queue);
///     }
///
/// Copies are the same bell. The executor has to run on one thread or be a strand. The bell may
/// outlive the executor's context, but must not be rung then.
class doorbell {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit doorbell(const asio::any_io_executor& executor)
      : state_(std::make_shared<state>(executor)) {}

  /// Rings; from any thread, any number of times. The waiter resumes on the executor, never inside
  /// this call.
  void ring() const {
    if (state_->rung.exchange(true, std::memory_order_acq_rel)) return;
    asio::post(state_->executor, [kept = state_] {
      if (kept->waiting != nullptr) kept->waiting->cancel();
    });
  }

  /// Completes with true once the bell has been rung since the last time that this did, with false
  /// if that has not happened by `until`. To be awaited on the executor, by one coroutine at a
  /// time; throws only where that is cancelled.
  [[nodiscard]] asio::awaitable<bool> rung(time_point until = time_point::max()) const {
    return wait_for(state_, until);
  }

 private:
  struct state {
    explicit state(const asio::any_io_executor& where) : executor(where) {}
    std::atomic<bool> rung = false;
    asio::any_io_executor executor;
    asio::steady_timer* waiting = nullptr;  // touched on the executor only
  };

  // It belongs to the waiting coroutine, which belongs to the executor's context.
  struct alarm {
    alarm(state& bell_state, time_point until)
        : owner(bell_state), timer(bell_state.executor, until) {
      owner.waiting = &timer;
    }
    ~alarm() { owner.waiting = nullptr; }
    alarm(const alarm&) = delete;
    alarm& operator=(const alarm&) = delete;

    state& owner;
    asio::steady_timer timer;
  };

  static asio::awaitable<bool> wait_for(std::shared_ptr<state> kept, time_point until) {
    if (kept->rung.exchange(false, std::memory_order_acq_rel)) co_return true;
    alarm bell(*kept, until);
    // A timer is cancelled on this very executor, hence never between the look and the wait; and
    // for nothing by a ring that was heard before its turn came.
    while (!kept->rung.exchange(false, std::memory_order_acq_rel)) {
      if (std::chrono::steady_clock::now() >= until) co_return false;
      std::error_code cancelled;
      co_await bell.timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    co_return true;
  }

  std::shared_ptr<state> state_;
};

}  // namespace sesame::inline v0::net
