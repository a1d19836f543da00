// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/cancellation.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <stop_token>
#include <system_error>
#include <thread>
#include <vector>

namespace cancellation_test {

using namespace std::chrono_literals;
using sesame::detail::cancellation;

TEST_CASE("a request for it stops the operation and the token, once") {
  asio::io_context io{1};
  const auto cancel = std::make_shared<cancellation>(io.get_executor());
  asio::steady_timer timer{io, 1h};
  std::error_code ended;
  timer.async_wait(asio::bind_cancellation_slot(
      cancel->slot(), [&](const std::error_code& code) { ended = code; }));
  int stops = 0;
  const std::stop_callback watch{cancel->stop_token(), [&] { ++stops; }};
  CHECK(!cancel->requested());
  cancel->request();
  cancel->request();
  CHECK(cancel->requested());
  CHECK(stops == 1);
  CHECK(!ended);
  io.run_for(10s);
  CHECK(ended == asio::error::operation_aborted);
}

TEST_CASE("it may be asked for by several threads, and after its operation is over") {
  asio::io_context io{1};
  auto cancel = std::make_shared<cancellation>(io.get_executor());
  asio::steady_timer timer{io, 0ms};
  bool fired = false;
  timer.async_wait(
      asio::bind_cancellation_slot(cancel->slot(), [&](const std::error_code&) { fired = true; }));
  std::atomic<int> stops = 0;
  {
    const std::stop_callback watch{cancel->stop_token(), [&] { ++stops; }};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { cancel->request(); });
    io.run_for(50ms);
    for (auto& each : threads) each.join();
    CHECK(stops == 1);
  }
  cancel->request();
  // What was posted keeps it until it has run.
  cancel.reset();
  io.restart();
  io.run_for(50ms);
  CHECK(fired);
}

}  // namespace cancellation_test
