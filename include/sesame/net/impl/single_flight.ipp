// What net/single_flight.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/event.hpp"
#include "sesame/net/single_flight.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/this_coro.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace sesame::inline v0::net {

struct single_flight::state {
  std::function<asio::awaitable<void>()> work;
  std::mutex mutex;
  bool running = false;
  std::vector<event*> waiting;
};

// The events are set under the same lock under which they leave the list, so that none is set when
// the context it belongs to is gone.
struct single_flight::waiter {
  waiter(state& flight, event& told) : flight_(flight), told_(told) {
    const std::lock_guard lock(flight_.mutex);
    flight_.waiting.push_back(&told_);
  }
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter() {
    const std::lock_guard lock(flight_.mutex);
    std::erase(flight_.waiting, &told_);
  }

 private:
  state& flight_;
  event& told_;
};

// Tells those who wait, also where the thread ends before the work does.
struct single_flight::ending {
  state& of;
  ~ending() {
    const std::lock_guard lock(of.mutex);
    of.running = false;
    for (auto* each : of.waiting) each->set();
  }
};

SESAME_INLINE single_flight::single_flight(std::function<asio::awaitable<void>()> work)
    : state_(std::make_shared<state>()) {
  state_->work = std::move(work);
}

SESAME_INLINE void single_flight::start() const {
  begin(background_->executor(), state_);
}

SESAME_INLINE void single_flight::begin(const asio::any_io_executor& executor,
                                        const std::shared_ptr<state>& kept) {
  {
    const std::lock_guard lock(kept->mutex);
    if (std::exchange(kept->running, true)) return;
  }
  asio::co_spawn(executor, run(kept), asio::detached);
}

SESAME_INLINE asio::awaitable<void> single_flight::run(std::shared_ptr<state> kept) {
  const ending ends{*kept};
  try {
    co_await kept->work();
  } catch (...) {  // NOLINT(bugprone-empty-catch): whoever waits looks at what the work has left
  }
}

SESAME_INLINE asio::awaitable<void> single_flight::wait(asio::any_io_executor executor,
                                                        std::shared_ptr<state> kept) {
  event ended(co_await asio::this_coro::executor);
  const waiter waits(*kept, ended);
  begin(executor, kept);
  co_await ended.wait();
}

}  // namespace sesame::inline v0::net
