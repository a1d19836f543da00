// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/task_table.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <doctest/doctest.h>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace task_table_test {

using namespace sesame;
using namespace std::chrono_literals;
using detail::background_task;
using detail::task_status;

const detail::entry some_tool{};

struct fixture {
  std::shared_ptr<background_task> make(std::string owner, std::chrono::milliseconds ttl = 1h) {
    return std::make_shared<background_task>(
        std::move(owner), some_tool, ttl,
        std::make_shared<detail::cancellation>(io.get_executor()));
  }
  std::shared_ptr<detail::task_question> question(std::string key) {
    return std::make_shared<detail::task_question>(
        detail::client_question{std::move(key), "roots/list", "{}", {}, nullptr},
        io.get_executor());
  }
  asio::io_context io{1};
};

TEST_CASE("a task is found by its id and its owner, and by nobody else") {
  fixture f;
  detail::task_table table{10, 10};
  const auto made = f.make("ann");
  REQUIRE(table.add(made));
  CHECK(table.find(made->id(), "ann") == made);
  CHECK(table.find(made->id(), "bob") == nullptr);
  CHECK(table.find(made->id(), "") == nullptr);
  CHECK(table.find("", "ann") == nullptr);
  CHECK(table.find(made->id() + "x", "ann") == nullptr);
}

TEST_CASE("no two ids are alike, and each is too long to be guessed") {
  fixture f;
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    const auto made = f.make("ann");
    CHECK(made->id().size() >= 43);
    CHECK(ids.insert(made->id()).second);
  }
}

TEST_CASE("there is room for so many tasks, in all and for each owner") {
  fixture f;
  detail::task_table table{3, 2};
  CHECK(table.add(f.make("ann")));
  CHECK(table.add(f.make("ann")));
  CHECK(!table.add(f.make("ann")));
  CHECK(table.add(f.make("bob")));
  CHECK(!table.add(f.make("cid")));
  CHECK(table.size() == 3);
}

TEST_CASE("an old task is no longer found, is cancelled, and makes room") {
  fixture f;
  detail::task_table table{1, 1};
  const auto old = f.make("ann", 0ms);
  REQUIRE(table.add(old));
  CHECK(table.find(old->id(), "ann") == nullptr);
  CHECK(table.of("ann").empty());
  CHECK(table.add(f.make("ann")));
  CHECK(old->look().status == task_status::cancelled);
  CHECK(table.size() == 1);
}

TEST_CASE("an owner's tasks are listed, the oldest first") {
  fixture f;
  detail::task_table table{10, 10};
  std::vector<std::shared_ptr<background_task>> made;
  for (int i = 0; i < 3; ++i) {
    made.push_back(f.make("ann"));
    REQUIRE(table.add(made.back()));
    // Times are told in milliseconds.
    const auto until = std::chrono::system_clock::now() + 2ms;
    while (std::chrono::system_clock::now() < until) std::this_thread::yield();
  }
  REQUIRE(table.add(f.make("bob")));
  CHECK(table.of("ann") == made);
}

TEST_CASE("of several ends the first counts") {
  fixture f;
  const auto made = f.make("ann");
  CHECK(made->look().status == task_status::working);
  made->finish(task_status::completed, {"{}", false, false});
  made->finish(task_status::failed, {"[]", true, true});
  CHECK(!made->cancel());
  made->say("too late");
  CHECK(made->look().status == task_status::completed);
  CHECK(made->look().outcome.text == "{}");
  CHECK(made->look().message.empty());
}

TEST_CASE("a cancelled task stays cancelled, and its work is told") {
  fixture f;
  const auto cancel = std::make_shared<detail::cancellation>(f.io.get_executor());
  const auto made = std::make_shared<background_task>("ann", some_tool, 1h, cancel);
  CHECK(made->cancel());
  CHECK(cancel->requested());
  made->finish(task_status::completed, {"{}", false, false});
  CHECK(made->look().status == task_status::cancelled);
}

TEST_CASE("a task whose work is gone has ended, and cannot be reached any more") {
  fixture f;
  const auto made = f.make("ann");
  made->ask(f.question("one"));
  made->abandon();
  CHECK(made->look().status == task_status::cancelled);
  CHECK(made->look().questions.empty());
  CHECK(!made->cancel());
}

TEST_CASE("a task needs input until its last question is answered") {
  fixture f;
  const auto made = f.make("ann");
  const auto one = f.question("one");
  const auto two = f.question("two");
  made->ask(one);
  made->ask(two);
  CHECK(made->look().status == task_status::input_required);
  made->answer("three", "5");
  made->answer("one", R"({"roots":[]})");
  made->answer("one", "again");
  CHECK(one->answered.is_set());
  CHECK(one->answer == R"({"roots":[]})");
  CHECK(made->look().status == task_status::input_required);
  CHECK(made->look().questions.size() == 1);
  made->forget(two);
  CHECK(!two->answered.is_set());
  CHECK(made->look().status == task_status::working);
}

TEST_CASE("whoever watches is told of every change, as long as they watch") {
  fixture f;
  const auto made = f.make("ann");
  const net::doorbell bell{f.io.get_executor()};
  const auto rung = [&] {
    bool heard = false;
    asio::co_spawn(
        f.io,
        [&]() -> asio::awaitable<void> {
          heard = co_await bell.rung(std::chrono::steady_clock::now());
        },
        asio::detached);
    f.io.restart();
    f.io.run();
    return heard;
  };
  {
    const background_task::watch watch{made, bell};
    CHECK(!rung());
    made->say("half");
    CHECK(rung());
    CHECK(!rung());
    made->finish(task_status::completed, {});
    CHECK(rung());
  }
  const auto other = f.make("ann");
  {
    const background_task::watch watch{other, bell};
  }
  other->say("nobody listens");
  CHECK(!rung());
}

}  // namespace task_table_test
