// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/detail/spares.hpp"

#include <cstddef>
#include <doctest/doctest.h>
#include <string>
#include <utility>

namespace spares_test {

using namespace sesame::net::detail;

using texts = spares<std::string>;

std::string text_of(std::size_t size) {
  return std::string(size, 'x');
}

TEST_CASE("what was used last is taken first, and once") {
  const housekeeping keeps;
  texts::local().keep("first", heavy);
  texts::local().keep("second", heavy);
  CHECK(texts::local().take() == "second");
  CHECK(texts::local().take() == "first");
  CHECK(!texts::local().take());
}

TEST_CASE("nothing is kept where nobody gives it back") {
  texts::local().keep("one", heavy);
  CHECK(!texts::local().take());
  {
    const housekeeping keeps;
    texts::local().keep("two", heavy);
    const housekeeping within;
  }
  CHECK(!texts::local().take());
}

TEST_CASE("all is given back when it is time, and when the thread serves no more") {
  {
    const housekeeping keeps;
    texts::local().keep("one", heavy);
    housekeeping::let_go();
    CHECK(!texts::local().take());
    texts::local().keep("two", heavy);
    CHECK(texts::local().take() == "two");
    texts::local().keep("three", heavy);
  }
  CHECK(!texts::local().take());
}

TEST_CASE("one is kept however heavy it is, more of them up to a bound") {
  const housekeeping keeps;
  const std::size_t gigabyte = std::size_t{1} << 30;
  texts::local().keep("one", gigabyte);
  texts::local().keep("two", 1);
  CHECK(texts::local().take() == "one");
  CHECK(!texts::local().take());
  for (int i = 0; i < 1'000; ++i) texts::local().keep("some", heavy);
  int kept = 0;
  while (texts::local().take()) ++kept;
  CHECK(kept > 1);
  CHECK(kept < 1'000);
}

TEST_CASE("a spare block is used again where it is large enough") {
  const housekeeping keeps;
  auto one = take_block(2 * heavy);
  const auto* const place = one.bytes.get();
  give_back(std::move(one));
  auto again = take_block(heavy);
  CHECK(again.bytes.get() == place);
  CHECK(again.size == 2 * heavy);
  give_back(std::move(again));
  CHECK(take_block(3 * heavy).size == 3 * heavy);
  // Small ones are no spares.
  give_back(take_block(100));
  CHECK(!spares<block>::local().take());
}

TEST_CASE("a text that is emptied keeps what it may, and a heavy one is a spare") {
  const housekeeping keeps;
  auto light = text_of(1'000), heavier = text_of(2 * heavy);
  empty(light, heavy);
  CHECK(light.capacity() >= 1'000);
  empty(light, 0);
  CHECK(light.capacity() < 100);
  CHECK(!texts::local().take());
  const auto* const place = heavier.data();
  empty(heavier, heavy);
  CHECK(heavier.capacity() < 100);
  const auto spare = texts::local().take();
  REQUIRE(spare);
  CHECK(spare->data() == place);
}

}  // namespace spares_test
