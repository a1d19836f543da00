// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/current_principal.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <thread>

namespace current_principal_test {

using namespace std::chrono_literals;
using sesame::current_principal;
using sesame::principal;

std::shared_ptr<const principal> caller(std::string subject) {
  return std::make_shared<const principal>(
      principal{.issuer = "https://issuer.example", .subject = std::move(subject)});
}

// Far from the handler, in a function that nobody told anything.
std::string who() {
  return current_principal() == nullptr ? "nobody" : current_principal()->subject;
}

asio::awaitable<void> deeper(std::string expected, std::atomic<int>& wrong) {
  asio::steady_timer timer(co_await asio::this_coro::executor, 1us);
  co_await timer.async_wait(asio::use_awaitable);
  if (who() != expected) ++wrong;
}

asio::awaitable<void> handler(std::string expected, std::atomic<int>& wrong,
                              std::atomic<int>& done) {
  for (int turn = 0; turn < 50; ++turn) {
    if (who() != expected) ++wrong;
    co_await asio::post(asio::use_awaitable);
    if (who() != expected) ++wrong;
    co_await deeper(expected, wrong);
  }
  if (who() != expected) ++wrong;
  ++done;
}

TEST_CASE("there is nobody outside a call") {
  CHECK(current_principal() == nullptr);
}

TEST_CASE("a scope has its principal, and ends with the one before") {
  const auto ann = caller("ann");
  const auto bob = caller("bob");
  {
    const sesame::principal_scope outer(ann.get());
    CHECK(who() == "ann");
    {
      const sesame::principal_scope inner(bob.get());
      CHECK(who() == "bob");
      const sesame::principal_scope none(nullptr);
      CHECK(who() == "nobody");
    }
    CHECK(who() == "ann");
    std::string elsewhere;
    std::thread([&] { elsewhere = who(); }).join();
    CHECK(elsewhere == "nobody");
  }
  CHECK(who() == "nobody");
}

TEST_CASE("coroutines that take turns on one thread each find their own caller") {
  asio::io_context context;
  std::atomic<int> wrong = 0;
  std::atomic<int> done = 0;
  for (const auto* name : {"ann", "bob", "cat"})
    asio::co_spawn(sesame::detail::on_behalf_of(caller(name), context.get_executor()),
                   handler(name, wrong, done), asio::detached);
  asio::co_spawn(context, handler("nobody", wrong, done), asio::detached);
  while (context.run_one() > 0) CHECK(current_principal() == nullptr);
  CHECK(done == 4);
  CHECK(wrong == 0);
}

TEST_CASE("coroutines that go from thread to thread find their own caller") {
  asio::thread_pool pool(4);
  std::atomic<int> wrong = 0;
  std::atomic<int> done = 0;
  for (int i = 0; i < 40; ++i) {
    const auto name = "caller " + std::to_string(i);
    asio::co_spawn(sesame::detail::on_behalf_of(caller(name), pool.get_executor()),
                   handler(name, wrong, done), asio::detached);
  }
  pool.join();
  CHECK(done == 40);
  CHECK(wrong == 0);
}

TEST_CASE("what a coroutine spawns where it runs has its caller, and elsewhere has none") {
  asio::io_context context;
  std::string same;
  std::string other;
  const auto work = [](std::string& here, std::string& there,
                       asio::io_context& where) -> asio::awaitable<void> {
    co_await asio::post(asio::use_awaitable);
    const auto note = [](std::string& into) -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      into = who();
    };
    asio::co_spawn(co_await asio::this_coro::executor, note(here), asio::detached);
    asio::co_spawn(where, note(there), asio::detached);
  };
  asio::co_spawn(sesame::detail::on_behalf_of(caller("ann"), context.get_executor()),
                 work(same, other, context), asio::detached);
  context.run();
  CHECK(same == "ann");
  CHECK(other == "nobody");
}

}  // namespace current_principal_test
