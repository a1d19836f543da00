// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/event.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <doctest/doctest.h>
#include <memory>
#include <thread>

namespace event_test {

using sesame::net::event;

asio::awaitable<void> count_after(event& happened, int& count) {
  co_await happened.wait();
  ++count;
}
TEST_CASE("an event wakes all who wait, and who comes later does not wait") {
  asio::io_context context(1);
  event happened(context.get_executor());
  int count = 0;
  for (int i = 0; i < 3; ++i) asio::co_spawn(context, count_after(happened, count), asio::detached);
  context.poll();
  CHECK(count == 0);
  CHECK_FALSE(happened.is_set());
  happened.set();
  happened.set();
  CHECK(happened.is_set());
  CHECK(count == 0);
  context.poll();
  CHECK(count == 3);
  context.restart();
  asio::co_spawn(context, count_after(happened, count), asio::detached);
  context.poll();
  CHECK(count == 4);
}

TEST_CASE("an event set from another thread is never missed") {
  for (int round = 0; round < 300; ++round) {
    asio::io_context context(1);
    event happened(context.get_executor());
    int count = 0;
    asio::co_spawn(context, count_after(happened, count), asio::detached);
    std::thread setter([&] { happened.set(); });
    context.run();  // ends only if the waiter was woken
    setter.join();
    CHECK(count == 1);
  }
}

TEST_CASE("an event may be destroyed right after it was set") {
  asio::io_context context(1);
  int count = 0;
  auto happened = std::make_unique<event>(context.get_executor());
  asio::co_spawn(context, count_after(*happened, count), asio::detached);
  context.poll();
  happened->set();
  happened.reset();
  context.poll();
  CHECK(count == 1);
}

TEST_CASE("a waiter that is never woken ends with its context, and the event may outlive both") {
  auto alive = std::make_shared<int>(0);
  std::unique_ptr<event> happened;
  {
    asio::io_context context(1);
    happened = std::make_unique<event>(context.get_executor());
    asio::co_spawn(
        context,
        [](event& waited, std::shared_ptr<int>) -> asio::awaitable<void> {
          co_await waited.wait();
        }(*happened, alive),
        asio::detached);
    context.poll();
    CHECK(alive.use_count() == 2);
  }
  CHECK(alive.use_count() == 1);
}

}  // namespace event_test
