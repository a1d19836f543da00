// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/doorbell.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <doctest/doctest.h>
#include <exception>
#include <thread>

namespace doorbell_test {

using sesame::net::doorbell;

asio::awaitable<void> count_rings(doorbell bell, int& count, int most) {
  while (count < most) {
    co_await bell.rung();
    ++count;
  }
}
asio::awaitable<void> wait_until(doorbell bell, doorbell::time_point until, bool& heard) {
  heard = co_await bell.rung(until);
}
TEST_CASE("a bell wakes its waiter for each ring that was not heard yet, never inside the ring") {
  asio::io_context context(1);
  const doorbell bell(context.get_executor());
  int count = 0;
  asio::co_spawn(context, count_rings(bell, count, 3), asio::detached);
  context.poll();
  CHECK(count == 0);
  bell.ring();
  bell.ring();
  CHECK(count == 0);
  context.poll();
  CHECK(count == 1);
  bell.ring();
  context.poll();
  CHECK(count == 2);
  // One that was rung before anybody waits is heard.
  const doorbell early(context.get_executor());
  early.ring();
  int heard = 0;
  context.restart();
  asio::co_spawn(context, count_rings(early, heard, 1), asio::detached);
  context.poll();
  CHECK(heard == 1);
}

TEST_CASE("a bell that is not rung in time says so, and rings later") {
  asio::io_context context(1);
  const doorbell bell(context.get_executor());
  bool heard = true;
  const auto now = std::chrono::steady_clock::now();
  asio::co_spawn(context, wait_until(bell, now + std::chrono::milliseconds(1), heard),
                 asio::detached);
  context.run();
  CHECK(!heard);
  bell.ring();
  context.restart();
  asio::co_spawn(context, wait_until(bell, now, heard), asio::detached);
  context.run();
  CHECK(heard);
}

TEST_CASE("who waits for a bell can be cancelled") {
  asio::io_context context(1);
  const doorbell bell(context.get_executor());
  asio::cancellation_signal signal;
  int count = 0;
  bool thrown = false;
  asio::co_spawn(context, count_rings(bell, count, 3),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr why) { thrown = why != nullptr; }));
  context.poll();
  signal.emit(asio::cancellation_type::terminal);
  context.run();
  CHECK(thrown);
  CHECK(count == 0);
  // Nobody is there to hear it, and nothing happens.
  bell.ring();
  context.restart();
  context.run();
}

TEST_CASE("no ring from another thread is missed") {
  asio::io_context context(1);
  const doorbell bell(context.get_executor());
  int count = 0;
  asio::co_spawn(context, count_rings(bell, count, 1), asio::detached);
  std::thread ringer([&] {
    for (int i = 0; i < 1000; ++i) bell.ring();
  });
  context.run();
  ringer.join();
  CHECK(count == 1);
}

}  // namespace doorbell_test
