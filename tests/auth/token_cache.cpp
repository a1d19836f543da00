// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/token_cache.hpp"

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <thread>
#include <vector>

namespace token_cache_test {

using namespace sesame;
using namespace std::chrono_literals;

const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));

principal caller(std::string subject, std::chrono::seconds life = 1h) {
  return {.issuer = "i",
          .subject = std::move(subject),
          .expires = std::chrono::floor<std::chrono::seconds>(now) + life};
}

TEST_CASE("a remembered token is found, and only that one") {
  token_cache cache;
  const std::string token(800, 't');
  CHECK(cache.find(token, now) == nullptr);
  const auto kept = cache.remember(token, caller("alice"), now);
  CHECK(kept->subject == "alice");
  CHECK(cache.find(token, now) == kept);
  for (const std::size_t at : {0U, 1U, 7U, 400U, 735U, 736U, 799U}) {
    auto other = token;
    other[at] = 'u';
    CHECK(cache.find(other, now) == nullptr);
  }
  CHECK(cache.find(token.substr(1), now) == nullptr);
  CHECK(cache.find(token + "t", now) == nullptr);
  CHECK(cache.find("", now) == nullptr);
}

TEST_CASE("tokens with the same end are never taken for one another") {
  token_cache cache;
  const std::string end(200, 'e');
  cache.remember("1" + end, caller("one"), now);
  CHECK(cache.find("2" + end, now) == nullptr);
  cache.remember("2" + end, caller("two"), now);
  CHECK(cache.find("2" + end, now)->subject == "two");
  const auto first = cache.find("1" + end, now);
  CHECK((first == nullptr || first->subject == "one"));
}

TEST_CASE("tokens of every length are told apart by each of their bytes") {
  token_cache cache;
  for (std::size_t size = 0; size < 150; ++size) {
    const std::string token(size, 't');
    cache.remember(token, caller(std::to_string(size)), now);
    REQUIRE(cache.find(token, now)->subject == std::to_string(size));
    for (std::size_t at = 0; at < size; ++at) {
      auto other = token;
      other[at] = 'u';
      REQUIRE(cache.find(other, now) == nullptr);
    }
  }
}

TEST_CASE("a token is forgotten when it expires and after the longest time") {
  token_cache cache({.longest = 60s});
  cache.remember("short", caller("alice", 10s), now);
  cache.remember("long", caller("alice", 1h), now);
  CHECK(cache.find("short", now + 9s));
  CHECK_FALSE(cache.find("short", now + 10s));
  CHECK(cache.find("long", now + 59999ms));
  CHECK_FALSE(cache.find("long", now + 60s));
  CHECK(cache.size() == 0);
}

TEST_CASE("a clock that was set back does not lengthen a token's life") {
  token_cache cache;
  cache.remember("token", caller("alice"), now);
  CHECK_FALSE(cache.find("token", now - 1s));
}

TEST_CASE("an expired token is not remembered") {
  token_cache cache;
  CHECK(cache.remember("token", caller("alice", 0s), now)->subject == "alice");
  CHECK(cache.size() == 0);
}

TEST_CASE("verifying a token again renews what is remembered") {
  token_cache cache({.longest = 60s});
  cache.remember("token", caller("alice"), now);
  cache.remember("token", caller("alice"), now + 50s);
  CHECK(cache.size() == 1);
  CHECK(cache.find("token", now + 100s));
}

TEST_CASE("the cache keeps to its bound, and drops what expires first") {
  token_cache cache({.entries = 64});
  for (int i = 0; i < 1000; ++i)
    cache.remember("token" + std::to_string(i), caller("alice"),
                   now + std::chrono::seconds(i / 100));
  CHECK(cache.size() <= 64);
  CHECK(cache.size() > 32);
  CHECK(cache.find("token999", now + 10s));
  CHECK_FALSE(cache.find("token0", now + 10s));
  token_cache none({.entries = 0});
  none.remember("token", caller("alice"), now);
  CHECK(none.size() == 0);
}

TEST_CASE("the longest time is bounded") {
  CHECK_THROWS_AS(token_cache({.longest = 0s}), configuration_error);
  CHECK_THROWS_AS(token_cache({.longest = 301s}), configuration_error);
  CHECK_NOTHROW(token_cache({.longest = 300s}));
}

TEST_CASE("threads may share a cache") {
  token_cache cache({.entries = 64});
  std::atomic<int> wrong = 0;
  {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          const auto name = std::to_string(i % 200);
          if (const auto found = cache.find(name, now)) {
            wrong += found->subject != name;
          } else {
            wrong += cache.remember(name, caller(name), now)->subject != name;
          }
        }
      });
    for (auto& thread : threads) thread.join();
  }
  CHECK(wrong == 0);
}

}  // namespace token_cache_test
