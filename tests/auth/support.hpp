// What the tests of providers that ask others need.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <optional>
#include <utility>

namespace auth_test {

template <class T>
asio::awaitable<void> keep(asio::awaitable<T> work, std::optional<T>& outcome) {
  outcome = co_await std::move(work);
}

/// Runs a coroutine to its end, on the calling thread.
template <class T>
T completed(asio::awaitable<T> work) {
  asio::io_context io{1};
  std::optional<T> outcome;
  asio::co_spawn(io, keep(std::move(work), outcome), asio::detached);
  io.run();
  return *std::move(outcome);
}

}  // namespace auth_test
