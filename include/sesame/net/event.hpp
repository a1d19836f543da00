// Wakes what waits for something that happens once.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace sesame::inline v0::net {

/// A one-shot event. Unset at first; once set it stays set, and every `wait` returns.
///
///     net::event done(response.executor());
///     response.on_disconnect([&] { done.set(); });
///     co_await done.wait();
///
/// The executor has to run on one thread or be a strand. The event may outlive the executor's
/// context, but must not be set then.
class event {
 public:
  explicit event(const asio::any_io_executor& executor)
      : state_(std::make_shared<state>(executor)) {}

  event(const event&) = delete;
  event& operator=(const event&) = delete;

  /// Sets the event; from any thread, any number of times. Waiters resume on the executor, never
  /// inside this call. The event may be destroyed as soon as this has returned.
  void set() {
    if (state_->is_set.exchange(true, std::memory_order_acq_rel)) return;
    asio::post(state_->executor, [kept = state_] {
      for (auto* each : kept->waiting) each->cancel();
    });
  }

  [[nodiscard]] bool is_set() const noexcept {
    return state_->is_set.load(std::memory_order_acquire);
  }

  /// Completes when the event is set, at once if it is already. To be awaited on the executor; any
  /// number of coroutines may wait. Never fails.
  [[nodiscard]] asio::awaitable<void> wait() { return wait_for(state_); }

 private:
  struct state {
    explicit state(const asio::any_io_executor& where) : executor(where) {}
    std::atomic<bool> is_set = false;
    asio::any_io_executor executor;
    std::vector<asio::steady_timer*> waiting;  // touched on the executor only
  };

  /// A timer that never fires. It belongs to the waiting coroutine, which belongs to the executor's
  /// context; the event itself holds nothing that must not outlive that.
  struct alarm {
    explicit alarm(state& event_state)
        : owner(event_state), timer(event_state.executor, asio::steady_timer::time_point::max()) {
      owner.waiting.push_back(&timer);
    }
    ~alarm() { std::erase(owner.waiting, &timer); }
    alarm(const alarm&) = delete;
    alarm& operator=(const alarm&) = delete;

    state& owner;
    asio::steady_timer timer;
  };

  static asio::awaitable<void> wait_for(std::shared_ptr<state> kept) {
    if (kept->is_set.load(std::memory_order_acquire)) co_return;
    alarm bell(*kept);
    // Timers are cancelled on this very executor, hence never between the look and the wait.
    while (!kept->is_set.load(std::memory_order_acquire)) {
      std::error_code cancelled;
      co_await bell.timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
  }

  std::shared_ptr<state> state_;
};

}  // namespace sesame::inline v0::net
