// What the tests of providers that ask others need.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
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

/// Variables of this process, for as long as it lives.
class environment {
 public:
  explicit environment(std::map<std::string, std::string> variables)
      : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_)
      setenv(name.c_str(), value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  }
  ~environment() {
    for (const auto& [name, value] : variables_)
      unsetenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  }
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace auth_test
