// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/channel.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace channel_test {

using namespace server_test;

struct tools_of_test : sesame::service<> {
  std::string tell(sesame::context& call) const {
    call.progress(1);
    return "told";
  }
  sesame::task<std::string> wait() const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 1h};
    co_await timer.async_wait(asio::use_awaitable);
    co_return "waited";
  }
  using tools = sesame::tools<sesame::tool<&tools_of_test::tell, "-">,
                              sesame::tool<&tools_of_test::wait, "-">>;
};

struct fixture {
  sesame::server<tools_of_test> server{{.name = "channel", .version = "1"}, {}};
  asio::io_context io{1};
  std::vector<std::pair<std::string, bool>> out;
  std::shared_ptr<sesame::message_channel> channel = sesame::message_channel::open(
      server.engine(), io.get_executor(), [this](std::string_view message, bool is_answer) {
        out.emplace_back(message, is_answer);
        return true;
      });
};

TEST_CASE("answers are told from what is sent before them") {
  fixture f;
  f.channel->receive(call(1, "tell", "{}", meta("{}", R"("progressToken":1)")));
  REQUIRE(f.out.size() == 2);
  CHECK(!f.out[0].second);
  CHECK(f.out[1].second);
  CHECK(said(f.out[1].first) == "told");
}

TEST_CASE("what waits is counted, cancelled and reported when it is done") {
  fixture f;
  int finished = 0;
  f.channel->on_finished([&] { ++finished; });
  f.channel->receive(call(1, "wait"));
  f.channel->receive(call(2, "wait"));
  CHECK(f.channel->pending() == 2);
  f.io.poll();
  CHECK(f.channel->pending() == 2);
  f.channel->cancel();
  f.io.restart();
  f.io.run();
  CHECK(f.channel->pending() == 0);
  CHECK(finished == 2);
  CHECK(f.out.empty());
}

TEST_CASE("a channel lives as long as what it serves") {
  fixture f;
  f.channel->receive(call(1, "wait"));
  std::weak_ptr<sesame::message_channel> watched = f.channel;
  f.channel->cancel();
  f.channel.reset();
  CHECK(!watched.expired());
  f.io.run();
  CHECK(watched.expired());
}

}  // namespace channel_test
