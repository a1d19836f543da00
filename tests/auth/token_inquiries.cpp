// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/token_inquiries.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "auth/support.hpp"
#include "net/support.hpp"
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace token_inquiries_test {

using namespace std::chrono_literals;
using sesame::auth_error;
using sesame::auth::token_inquiries;
using answer = token_inquiries::answer;
using moment = token_inquiries::moment;

const moment now{1'700'000'000s};

// Somebody who is asked, and may take his time.
struct oracle {
  std::atomic<int> asked = 0;
  std::atomic<bool> held = false;
  net_test::happening begun;

  static asio::awaitable<answer> ask(std::shared_ptr<oracle> self, std::string token) {
    ++self->asked;
    self->begun.raise();
    while (self->held) co_await asio::post(asio::use_awaitable);
    if (token == "throws") throw std::runtime_error("about throws");
    if (token == "bad")
      co_return sesame::failure{sesame::auth_failure{auth_error::invalid_token, "bad"}};
    if (token == "away")
      co_return sesame::failure{sesame::auth_failure{auth_error::unavailable, "away"}};
    co_return sesame::principal{.issuer = "oracle",
                                .subject = std::move(token),
                                .expires = std::chrono::floor<std::chrono::seconds>(now) + 1h};
  }
};

struct fixture {
  std::shared_ptr<oracle> one = std::make_shared<oracle>();

  token_inquiries inquiries(sesame::token_inquiry_settings settings = {}) const {
    return {[one = one](std::string token, moment) { return oracle::ask(one, std::move(token)); },
            settings};
  }
  static answer ask(const token_inquiries& of, std::string token, moment at = now) {
    return auth_test::completed(of.look_up(std::move(token), at));
  }
  static asio::awaitable<void> count(asio::awaitable<answer> question, std::atomic<int>& in) {
    const auto said = co_await std::move(question);
    in += said ? 1 : 0;
  }
};

TEST_CASE_FIXTURE(fixture, "many who present a token at once have one question asked") {
  one->held = true;
  const auto of = inquiries();
  std::atomic<int> in = 0;
  std::vector<std::thread> threads;
  net_test::happening waiting;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      asio::io_context own{1};
      for (int n = 0; n < 8; ++n)
        asio::co_spawn(own, count(of.look_up("ann", now), in), asio::detached);
      own.poll();
      waiting.raise();
      own.run();
    });
  CHECK(waiting.await(8));
  one->held = false;
  for (auto& each : threads) each.join();
  CHECK(in == 64);
  CHECK(one->asked == 1);
}

TEST_CASE_FIXTURE(fixture, "one slow question holds up nobody else") {
  one->held = true;
  const auto of = inquiries();
  asio::io_context own{1};
  std::atomic<int> in = 0;
  asio::co_spawn(own, count(of.look_up("ann", now), in), asio::detached);
  asio::co_spawn(own, count(of.look_up("bob", now), in), asio::detached);
  own.poll();
  CHECK(one->begun.await(2));
  one->held = false;
  own.run();
  CHECK(in == 2);
}

TEST_CASE_FIXTURE(fixture, "no more questions than allowed are asked at once") {
  one->held = true;
  const auto of = inquiries({.at_once = 2});
  asio::io_context own{1};
  std::atomic<int> in = 0;
  for (const char* token : {"ann", "bob", "ann"})
    asio::co_spawn(own, count(of.look_up(token, now), in), asio::detached);
  own.poll();
  CHECK(one->begun.await(2));
  const auto third = ask(of, "eve");
  REQUIRE_FALSE(third);
  CHECK(third.error().code == auth_error::unavailable);
  one->held = false;
  own.run();
  CHECK(in == 3);
  CHECK(ask(of, "eve"));
}

TEST_CASE_FIXTURE(fixture, "those who go away leave no question behind that counts") {
  one->held = true;
  const auto of = inquiries({.at_once = 1});
  {
    asio::io_context own{1};
    std::atomic<int> in = 0;
    asio::co_spawn(own, count(of.look_up("ann", now), in), asio::detached);
    own.poll();
    CHECK(one->begun.await());
  }
  one->held = false;
  while (!ask(of, "bob")) std::this_thread::yield();
  CHECK(one->asked == 2);
}

TEST_CASE_FIXTURE(fixture, "a question outlives those who asked it and where they kept it") {
  one->held = true;
  {
    asio::io_context own{1};
    std::atomic<int> in = 0;
    const auto of = inquiries();
    asio::co_spawn(own, count(of.look_up("ann", now), in), asio::detached);
    own.poll();
    CHECK(one->begun.await());
  }
  one->held = false;
}

TEST_CASE_FIXTURE(fixture, "a refusal is remembered for a while, an outage and a caller are not") {
  const auto of = inquiries({.refused = 5s});
  CHECK(of.known("bad", now).error().code == auth_error::unavailable);
  for (int i = 0; i < 3; ++i) CHECK(ask(of, "bad").error().detail == "bad");
  CHECK(one->asked == 1);
  CHECK(of.known("bad", now + 4s).error().code == auth_error::invalid_token);
  CHECK(of.known("bad", now + 5s).error().code == auth_error::unavailable);
  // A clock that was set back forgets.
  CHECK_FALSE(ask(of, "bad"));
  CHECK(of.known("bad", now - 1s).error().code == auth_error::unavailable);
  one->asked = 0;
  for (int i = 0; i < 3; ++i) CHECK(ask(of, "away").error().detail == "away");
  for (int i = 0; i < 3; ++i) CHECK(ask(of, "ann")->verified_until == now + 60s);
  CHECK(one->asked == 6);
}

TEST_CASE_FIXTURE(fixture, "no more refusals than allowed are remembered") {
  const auto of = inquiries({.refused = 5min, .refusals = 1});
  CHECK_FALSE(ask(of, "bad"));
  CHECK(of.known("bad", now).error().code == auth_error::invalid_token);
  const auto none = inquiries({.refusals = 0});
  CHECK_FALSE(ask(none, "bad"));
  CHECK(none.known("bad", now).error().code == auth_error::unavailable);
}

TEST_CASE_FIXTURE(fixture, "what a question throws is not repeated") {
  const auto of = inquiries();
  const auto said = ask(of, "throws");
  REQUIRE_FALSE(said);
  CHECK(said.error().code == auth_error::unavailable);
  CHECK(said.error().detail.find("throws") == std::string::npos);
}

}  // namespace token_inquiries_test
