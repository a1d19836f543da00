// The promises that an answer without suspension allocates nothing, and that what is open and silent
// holds little, counted.
// SPDX-License-Identifier: BSL-1.0

// ThreadSanitizer brings its own operator new, which cannot be replaced.
#if defined(__has_feature)
#  if __has_feature(thread_sanitizer)
#    define SESAME_TEST_FOREIGN_NEW
#  endif
#endif
#if !defined(SESAME_TEST_FOREIGN_NEW) && !defined(__SANITIZE_THREAD__)

#  include "sesame/net/http_server.hpp"

#  include <asio/redirect_error.hpp>
#  include <asio/steady_timer.hpp>
#  include <asio/use_awaitable.hpp>

#  include "support.hpp"
#  include <atomic>
#  include <cstddef>
#  include <cstdlib>
#  include <doctest/doctest.h>
#  include <malloc.h>
#  include <memory>
#  include <new>
#  include <string>
#  include <system_error>
#  include <vector>

namespace {
thread_local bool counting = false;
std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> held = 0;  // bytes, by what was allocated and given back while counting

void* allocate(std::size_t size) {
  auto* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  if (counting) {
    ++allocations;
    held += malloc_usable_size(memory);
  }
  return memory;
}
void give_back(void* memory) noexcept {
  if (counting && memory != nullptr) held -= malloc_usable_size(memory);
  std::free(memory);
}
}  // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}

TEST_CASE("a warm connection answers without allocating") {
  using namespace sesame;
  net_test::running<net::http_server<net_test::handler>> running(
      {}, [](const net::http_request& request, net::http_response& response) -> net_test::pending {
        counting = request.path == "/counted";
        if (request.path == "/plain") allocations = 0;
        response.add("Content-Type", "application/json");
        response.body.append(request.body);
        return {};
      });
  net_test::client peer(running.port());
  const auto round = [&](std::string_view target) {
    const std::string body(1000, 'x');
    peer.ask(net_test::post(target, body));
    peer.ask("POST " + std::string(target) +
             " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    peer.send(net_test::get(target) + net_test::get(target) + net_test::get(target));
    for (int i = 0; i < 3; ++i) REQUIRE(peer.read().status == 200);
  };
  for (int i = 0; i < 3; ++i) round("/plain");
  for (int i = 0; i < 50; ++i) round("/counted");
  CHECK(allocations == 0);
  // and the counter does count
  counting = true;
  delete new int(1);
  counting = false;
  CHECK(allocations == 1);
}

TEST_CASE("an idle connection holds 4 KiB, one with a silent event stream 6") {
  using namespace sesame;
  net_test::happening events;
  std::vector<net::http_response*> streams;
  const auto tell_all = [&] {
    for (auto* each : streams) each->write("data: " + std::string(5000, 'x') + "\n\n");
  };
  net_test::running<net::http_server<net_test::handler>> running(
      {}, [&](const net::http_request& request, net::http_response& response) -> net_test::pending {
        counting = true;
        if (request.path == "/now") {
          response.body = std::to_string(held);
          return {};
        }
        if (request.path == "/tell") {
          tell_all();
          return {};
        }
        return [](net::http_response& r, std::vector<net::http_response*>& all,
                  net_test::happening& begun) -> asio::awaitable<void> {
          asio::steady_timer end(r.executor(), asio::steady_timer::time_point::max());
          r.on_disconnect([&] { end.cancel(); });
          r.on_stop([&] { end.cancel(); });
          r.begin_stream("text/event-stream");
          all.push_back(&r);
          begun.raise();
          std::error_code cancelled;
          co_await end.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        }(response, streams, events);
      });
  constexpr std::size_t count = 32;
  net_test::client control(running.port());
  const auto now = [&] { return std::stoul(control.ask(net_test::get("/now")).body); };
  // The first answers bring the memory of what asks.
  for (int i = 0; i < 3; ++i) now();
  std::vector<std::unique_ptr<net_test::client>> peers;
  const auto connect = [&] {
    for (std::size_t i = 0; i < count; ++i) {
      peers.push_back(std::make_unique<net_test::client>(running.port()));
      peers.back()->ask(net_test::get("/now"));
    }
  };
  auto before = now();
  connect();
  CHECK((now() - before) / count < 4096);
  before = now() - (now() - before);
  for (auto& each : peers) each->send(net_test::get("/stream"));
  REQUIRE(events.await(count));
  control.ask(net_test::get("/tell"));
  for (auto& each : peers) each->read_until("xxx\n\n\r\n");
  CHECK((now() - before) / count < 6144);
}

#endif
