// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/pool.hpp"

#include <cstddef>
#include <doctest/doctest.h>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace pool_test {

struct item {
  explicit item(int given) : kind(given) {}
  [[nodiscard]] bool made_for(int given) const { return kind == given; }
  [[nodiscard]] std::size_t weight() const { return heavy ? std::size_t{1} << 20 : 1; }
  int kind;
  bool heavy = false;
};
using items = sesame::detail::pool<item>;

TEST_CASE("an item is used again for the same arguments, and for no others") {
  items pool;
  auto first = pool.take(1);
  auto* const place = first.get();
  pool.give(std::move(first));
  auto again = pool.take(1);
  CHECK(again.get() == place);
  pool.give(std::move(again));
  auto other = pool.take(2);
  CHECK(other->kind == 2);
}

TEST_CASE("a heavy item is kept for a moment, where somebody sees to that") {
  items pool;
  const auto given_heavy = [&] {
    auto one = pool.take(1);
    one->heavy = true;
    pool.give(std::move(one));
  };
  given_heavy();
  CHECK(!pool.take(1)->heavy);
  const sesame::net::detail::housekeeping keeps;
  given_heavy();
  CHECK(pool.take(1)->heavy);
  given_heavy();
  CHECK(!pool.take(2)->heavy);
  given_heavy();
  sesame::net::detail::housekeeping::let_go();
  CHECK(!pool.take(1)->heavy);
}

TEST_CASE("no more than so many are kept") {
  items pool;
  std::vector<std::unique_ptr<item>> all;
  for (int i = 0; i < 1'000; ++i) all.push_back(pool.take(1));
  for (auto& one : all) pool.give(std::move(one));
  CHECK(pool.take(1) != nullptr);
}

TEST_CASE("each thread has its own pool") {
  items* other = nullptr;
  std::thread{[&] { other = &items::local(); }}.join();
  CHECK(&items::local() == &items::local());
  CHECK(other != &items::local());
}

}  // namespace pool_test
