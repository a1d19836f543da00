// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/session.hpp"

#include <asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace session_test {

using namespace std::chrono_literals;
using sesame::detail::cancellation;
using sesame::detail::question;
using sesame::detail::session;
using sesame::detail::session_table;

std::shared_ptr<session> make(const std::string& id, const std::string& owner = {}) {
  return std::make_shared<session>(id, owner, sesame::protocol::latest_session_revision,
                                   sesame::client_capabilities{}, std::nullopt);
}

TEST_CASE("a session is found by its id and its owner") {
  session_table table{10, 60s};
  table.add(make("a", "ann"));
  CHECK(table.find("a", "ann") != nullptr);
  CHECK(table.find("a", "bob") == nullptr);
  CHECK(table.find("a", "") == nullptr);
  CHECK(table.find("b", "ann") == nullptr);
  CHECK(table.find("", "ann") == nullptr);
  CHECK(!table.remove("a", "bob"));
  CHECK(!table.remove("a", ""));
  CHECK(table.size() == 1);
  CHECK(table.remove("a", "ann"));
  CHECK(!table.remove("a", "ann"));
  CHECK(table.find("a", "ann") == nullptr);
  CHECK(table.size() == 0);
}

TEST_CASE("a session without an owner becomes the first one's who has a name") {
  session_table table{10, 60s};
  table.add(make("a"));
  CHECK(table.find("a", "") != nullptr);
  CHECK(table.find("a", "ann") != nullptr);
  CHECK(table.find("a", "") == nullptr);
  CHECK(table.find("a", "bob") == nullptr);
  CHECK(!table.remove("a", "bob"));
  CHECK(table.find("a", "ann") != nullptr);
}

TEST_CASE("of too many the one that has lain idle longest gives way, and is ended") {
  asio::io_context io;
  session_table table{3, 60s};
  const auto oldest = make("a");
  const auto stop = std::make_shared<cancellation>(io.get_executor());
  table.add(make("b"));
  table.add(make("c"));
  std::this_thread::sleep_for(2ms);
  table.add(oldest);
  CHECK(table.find("b", "") != nullptr);
  CHECK(table.find("c", "") != nullptr);
  table.add(make("d"));
  CHECK(table.size() == 3);
  CHECK(table.find("a", "") == nullptr);
  CHECK(table.find("b", "") != nullptr);
  CHECK(table.find("d", "") != nullptr);
}

TEST_CASE("a session in which something is being served does not count as idle") {
  asio::io_context io;
  session_table table{2, 1s};
  const auto working = make("a");
  const auto stop = std::make_shared<cancellation>(io.get_executor());
  working->started("1", stop);
  table.add(working);
  std::this_thread::sleep_for(1'100ms);
  table.add(make("b"));
  table.add(make("c"));
  CHECK(table.find("a", "") != nullptr);
  CHECK(table.find("b", "") == nullptr);
  CHECK(!stop->requested());
  // What it served has just ended: it is as fresh as after any other use.
  std::this_thread::sleep_for(1'100ms);
  working->finished("1", stop);
  CHECK(table.find("a", "") != nullptr);
  CHECK(table.find("c", "") == nullptr);
}

TEST_CASE("a session whose stream is read does not count as idle") {
  asio::io_context io;
  session_table table{10, 1s};
  const auto listening = make("a");
  table.add(listening);
  {
    const sesame::detail::stream_reader reader{
        std::shared_ptr<sesame::detail::session_streams>{listening, &listening->streams()},
        listening->streams().own(), sesame::net::doorbell{io.get_executor()}};
    std::this_thread::sleep_for(1'100ms);
    CHECK(listening->busy());
    CHECK(table.find("a", "") != nullptr);
  }
  CHECK(!listening->busy());
}

TEST_CASE("a session serves no more requests at once than it may, and none after its end") {
  asio::io_context io;
  session one{"a", {}, sesame::protocol::latest_session_revision, {}, {}, {.requests = 1}};
  const auto stop = std::make_shared<cancellation>(io.get_executor());
  CHECK(one.started("1", stop));
  CHECK(!one.started("2", std::make_shared<cancellation>(io.get_executor())));
  one.finished("1", stop);
  CHECK(one.started("2", stop));
  one.finished("2", stop);
  one.close();
  CHECK(!one.started("3", stop));
}

TEST_CASE("a session is kept under its caller's name and program, and under no token") {
  using sesame::detail::session_owner;
  CHECK(session_owner(nullptr).empty());
  const sesame::principal ann{.issuer = "i", .subject = "ann", .client_id = "app"};
  auto renewed = ann;
  renewed.expires = std::chrono::sys_seconds::max();
  renewed.claims = "{}";
  CHECK(session_owner(&ann) == session_owner(&renewed));
  auto other = ann;
  other.client_id = "other";
  CHECK(session_owner(&ann) != session_owner(&other));
  const sesame::principal odd{.issuer = "i", .subject = "b", .client_id = "a\n"};
  const sesame::principal even{.issuer = "i", .subject = "a\nb", .client_id = ""};
  CHECK(session_owner(&odd) != session_owner(&even));
}

TEST_CASE("what gives way ends what it serves") {
  asio::io_context io;
  session_table table{1, 60s};
  const auto working = make("a");
  const auto stop = std::make_shared<cancellation>(io.get_executor());
  working->started("1", stop);
  table.add(working);
  table.add(make("b"));
  CHECK(stop->requested());
  CHECK(table.size() == 1);
}

TEST_CASE("idle sessions go when others come") {
  session_table table{1'000, 1s};
  for (int i = 0; i < 100; ++i) table.add(make("old" + std::to_string(i)));
  std::this_thread::sleep_for(1'100ms);
  for (int i = 0; i < 64; ++i) table.add(make("new" + std::to_string(i)));
  CHECK(table.size() < 130);
  CHECK(table.find("old99", "") == nullptr);
  CHECK(table.find("new63", "") != nullptr);
}

TEST_CASE("a question takes one answer, under its own id") {
  asio::io_context io;
  const auto where = make("a");
  const auto first = std::make_shared<question>(io.get_executor());
  const auto second = std::make_shared<question>(io.get_executor());
  const auto one = where->ask(first);
  const auto two = where->ask(second);
  CHECK(one != two);
  where->answer("\"unknown\"", "x");
  where->answer(one.substr(1, one.size() - 2), "x");
  CHECK(!first->answered.is_set());
  CHECK(!second->answered.is_set());
  where->answer(two, "for the second");
  CHECK(second->response == "for the second");
  CHECK(!first->answered.is_set());
  where->answer(two, "again");
  CHECK(second->response == "for the second");
  where->forget(one);
  where->answer(one, "too late");
  CHECK(!first->answered.is_set());
  CHECK(first->response.empty());
  make("b")->answer(one, "of another session");
}

TEST_CASE("a question may be answered and given up at once, from two threads") {
  asio::io_context io;
  const auto where = make("a");
  for (int round = 0; round < 300; ++round) {
    const auto asked = std::make_shared<question>(io.get_executor());
    const auto id = where->ask(asked);
    std::thread answering{[&] { where->answer(id, "an answer that needs memory of its own"); }};
    where->forget(id);
    // As the asker does it: only once it is forgotten is the response read.
    const auto response = asked->response;
    CHECK((response.empty() || response == "an answer that needs memory of its own"));
    answering.join();
  }
  io.poll();
}

TEST_CASE("a session may be used, found and ended by several threads") {
  asio::io_context io;
  session_table table{8, 60s};
  std::atomic<std::size_t> found = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        const auto id = std::to_string(i % 16);
        if (t == 0) table.add(make(id + "-" + std::to_string(i)));
        if (t == 1) table.add(make(id));
        if (const auto here = table.find(id, t % 2 == 0 ? "" : "ann")) {
          ++found;
          const auto stop = std::make_shared<cancellation>(io.get_executor());
          here->started("1", stop);
          here->log_threshold = sesame::log_level::error;
          here->cancel("1");
          here->finished("1", stop);
        }
        if (t == 3 && i % 7 == 0) table.remove(id, "ann");
      }
    });
  for (auto& each : threads) each.join();
  CHECK(table.size() <= 8);
  io.poll();
}

}  // namespace session_test
