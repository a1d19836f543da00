// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/background.hpp"

#include <asio/post.hpp>

#include <doctest/doctest.h>
#include <future>
#include <memory>
#include <thread>

namespace background_test {

using sesame::net::background;

TEST_CASE("all users of the background share one thread, which ends with the last of them") {
  auto one = background::shared();
  CHECK(background::shared() == one);
  const auto thread_of = [](background& where) {
    std::promise<std::thread::id> here;
    asio::post(where.executor(), [&] { here.set_value(std::this_thread::get_id()); });
    return here.get_future().get();
  };
  const auto first = thread_of(*one);
  CHECK(first != std::this_thread::get_id());
  CHECK(thread_of(*background::shared()) == first);
  const std::weak_ptr<background> gone = one;
  one.reset();
  CHECK(gone.expired());
  CHECK(thread_of(*background::shared()) != std::this_thread::get_id());
}

TEST_CASE("what is under way is destroyed when nobody needs the thread any more") {
  auto token = std::make_shared<int>();
  {
    background own;
    asio::post(own.executor(), [] { std::this_thread::yield(); });
    asio::post(own.executor(), [token] {});
  }
  CHECK(token.use_count() == 1);
}

}  // namespace background_test
