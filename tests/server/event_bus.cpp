// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/event_bus.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <string>
#include <thread>
#include <vector>

namespace event_bus_test {

using sesame::detail::change;
using sesame::detail::change_kind;
using sesame::detail::event_bus;
using sesame::detail::listener;
using sesame::detail::notification_of;

std::vector<std::string> taken(listener& from) {
  std::vector<std::string> all;
  from.take([&](const change& what) {
    all.push_back(std::string{row_of(what.kind).asked_by} + std::string{what.uri});
    return true;
  });
  return all;
}
using texts = std::vector<std::string>;

TEST_CASE("one hears of what one wants to hear of, from the moment one joins") {
  event_bus bus;
  listener one;
  listener two;
  one.want(change_kind::tools);
  one.watch("a:1", 10);
  two.want(change_kind::prompts);
  bus.publish({change_kind::tools});
  one.join(bus);
  two.join(bus);
  CHECK(taken(one).empty());
  bus.publish({change_kind::tools});
  bus.publish({change_kind::prompts});
  bus.publish({change_kind::resources});
  bus.publish({change_kind::resource, "a:1"});
  bus.publish({change_kind::resource, "a:2"});
  CHECK(taken(one) == texts{"toolsListChanged", "resourceSubscriptionsa:1"});
  CHECK(taken(two) == texts{"promptsListChanged"});
  CHECK(taken(one).empty());
  one.leave();
  bus.publish({change_kind::tools});
  CHECK(taken(one).empty());
}

TEST_CASE("equal changes that wait are one, in the order of the first") {
  event_bus bus;
  listener one;
  one.want(change_kind::tools);
  one.watch("a", 10);
  one.watch("b", 10);
  one.join(bus);
  for (int i = 0; i < 1000; ++i) {
    bus.publish({change_kind::resource, "b"});
    bus.publish({change_kind::tools});
    bus.publish({change_kind::resource, "a"});
  }
  CHECK(taken(one) ==
        texts{"toolsListChanged", "resourceSubscriptionsb", "resourceSubscriptionsa"});
  bus.publish({change_kind::resource, "a"});
  CHECK(taken(one) == texts{"resourceSubscriptionsa"});
}

TEST_CASE("what cannot be taken waits on") {
  event_bus bus;
  listener one;
  one.want(change_kind::tools);
  one.watch("a", 10);
  one.join(bus);
  bus.publish({change_kind::tools});
  bus.publish({change_kind::resource, "a"});
  int offered = 0;
  one.take([&](const change&) { return ++offered < 2; });
  CHECK(offered == 2);
  CHECK(taken(one) == texts{"resourceSubscriptionsa"});
}

TEST_CASE("no more is watched than may be, and what is let go of is not told") {
  event_bus bus;
  listener one;
  one.join(bus);
  CHECK(one.watch("a", 2));
  CHECK(one.watch("b", 2));
  CHECK(one.watch("a", 2));
  CHECK(!one.watch("c", 2));
  bus.publish({change_kind::resource, "a"});
  bus.publish({change_kind::resource, "b"});
  one.unwatch("a");
  one.unwatch("nothing");
  CHECK(one.watch("c", 2));
  CHECK(taken(one) == texts{"resourceSubscriptionsb"});
}

TEST_CASE("a listener is called once until what is there is taken") {
  event_bus bus;
  listener one;
  one.want(change_kind::tools);
  one.want(change_kind::prompts);
  one.join(bus);
  int called = 0;
  one.on_change([&] { ++called; });
  CHECK(called == 0);
  bus.publish({change_kind::resources});
  CHECK(called == 0);
  bus.publish({change_kind::tools});
  bus.publish({change_kind::prompts});
  bus.publish({change_kind::tools});
  CHECK(called == 1);
  taken(one);
  bus.publish({change_kind::tools});
  CHECK(called == 2);
  // One who comes later learns that there is something.
  int later = 0;
  one.on_change([&] { ++later; });
  CHECK(later == 1);
  one.on_change({});
  taken(one);
  bus.publish({change_kind::tools});
  CHECK(called == 2);
  CHECK(later == 1);
}

TEST_CASE("changes are published while listeners come and go") {
  event_bus bus;
  std::atomic<bool> done = false;
  std::vector<std::thread> publishers;
  for (int i = 0; i < 2; ++i)
    publishers.emplace_back([&] {
      while (!done) {
        bus.publish({change_kind::tools});
        bus.publish({change_kind::resource, "a"});
      }
    });
  std::atomic<int> called = 0;
  for (int i = 0; i < 2000; ++i) {
    listener one;
    one.want(change_kind::tools);
    one.watch("a", 1);
    one.on_change([&] { ++called; });
    one.join(bus);
    taken(one);
    one.unwatch("a");
  }
  listener last;
  last.want(change_kind::tools);
  last.join(bus);
  while (taken(last).empty()) std::this_thread::yield();
  done = true;
  for (auto& each : publishers) each.join();
}

TEST_CASE("a listener may be let go of after the bus") {
  listener one;
  {
    const event_bus bus;
    one.want(change_kind::tools);
    one.join(bus);
    bus.publish({change_kind::tools});
  }
  CHECK(taken(one) == texts{"toolsListChanged"});
  one.leave();
}

TEST_CASE("a change is told with what names it, and no more") {
  CHECK(notification_of({change_kind::tools}) ==
        R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
  CHECK(notification_of({change_kind::resource, "a\"b"}) ==
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a\"b"}})");
  CHECK(
      notification_of({change_kind::prompts}, "\"x\"") ==
      R"({"jsonrpc":"2.0","method":"notifications/prompts/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"x"}}})");
  CHECK(
      notification_of({change_kind::resource, "a"}, "7") ==
      R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7},"uri":"a"}})");
}

}  // namespace event_bus_test
