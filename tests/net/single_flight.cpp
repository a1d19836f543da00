// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/single_flight.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "net/support.hpp"
#include <atomic>
#include <doctest/doctest.h>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace single_flight_test {

using namespace net_test;
using sesame::net::single_flight;

// Work that goes on when the test lets it.
struct gate {
  std::atomic<int> runs = 0;
  happening begun;
  std::atomic<bool> open = false;

  static asio::awaitable<void> pass(std::shared_ptr<gate> self) {
    ++self->runs;
    self->begun.raise();
    while (!self->open) co_await asio::post(asio::use_awaitable);
  }
};

// Waits for a flight on a context of its own.
struct waiting {
  explicit waiting(const single_flight& flight) {
    asio::co_spawn(io, wait(flight, done),
                   asio::bind_cancellation_slot(signal.slot(), asio::detached));
  }
  static asio::awaitable<void> wait(const single_flight& flight, bool& done) {
    co_await flight.join();
    done = true;
  }
  asio::io_context io{1};
  asio::cancellation_signal signal;
  bool done = false;
};

struct fixture {
  std::shared_ptr<gate> work = std::make_shared<gate>();
  single_flight flight{[work = work] { return gate::pass(work); }};
};

TEST_CASE_FIXTURE(fixture, "those who wait at once share one run, on their own threads") {
  std::vector<std::unique_ptr<waiting>> all;
  for (int i = 0; i < 8; ++i) all.push_back(std::make_unique<waiting>(flight));
  std::vector<std::thread> threads;
  for (auto& one : all) threads.emplace_back([&] { one->io.run(); });
  CHECK(work->begun.await());
  work->open = true;
  for (auto& one : threads) one.join();
  for (auto& one : all) CHECK(one->done);
  // Those who came late have begun another.
  CHECK(work->runs >= 1);
  CHECK(work->runs <= 8);
}

TEST_CASE_FIXTURE(fixture, "a run that was begun before is joined, and the next one is another") {
  flight.start();
  flight.start();
  CHECK(work->begun.await());
  waiting first{flight};
  first.io.poll();
  CHECK(!first.done);
  CHECK(work->runs == 1);
  work->open = true;
  first.io.run();
  CHECK(first.done);
  CHECK(work->runs == 1);
  waiting second{flight};
  second.io.run();
  CHECK(work->runs == 2);
}

TEST_CASE_FIXTURE(fixture, "who goes away does not stop the run for the others") {
  waiting stays{flight};
  {
    waiting goes{flight};
    waiting cancels{flight};
    for (auto* one : {&stays, &goes, &cancels}) one->io.poll();
    CHECK(work->begun.await());
    cancels.signal.emit(asio::cancellation_type::terminal);
    cancels.io.run();
    CHECK(!cancels.done);
  }
  work->open = true;
  stays.io.run();
  CHECK(stays.done);
  CHECK(work->runs == 1);
}

TEST_CASE("work that throws ends its run, and nothing else") {
  std::atomic<int> runs = 0;
  single_flight flight{[&]() -> asio::awaitable<void> {
    ++runs;
    throw std::runtime_error{"no"};
    co_return;
  }};
  for (int i = 1; i <= 2; ++i) {
    waiting one{flight};
    one.io.run();
    CHECK(one.done);
    CHECK(runs == i);
  }
}

TEST_CASE("a flight may go away while it runs") {
  const auto work = std::make_shared<gate>();
  {
    const auto keeps = sesame::net::background::shared();
    {
      single_flight flight{[work] { return gate::pass(work); }};
      flight.start();
      CHECK(work->begun.await());
    }
    work->open = true;
  }
  CHECK(work.use_count() == 1);
}

}  // namespace single_flight_test
