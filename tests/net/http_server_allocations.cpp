// The promise that an answer without suspension allocates nothing, counted.
// SPDX-License-Identifier: BSL-1.0

// ThreadSanitizer brings its own operator new, which cannot be replaced.
#if defined(__has_feature)
#  if __has_feature(thread_sanitizer)
#    define SESAME_TEST_FOREIGN_NEW
#  endif
#endif
#if !defined(SESAME_TEST_FOREIGN_NEW) && !defined(__SANITIZE_THREAD__)

#  include "sesame/net/http_server.hpp"

#  include "support.hpp"
#  include <atomic>
#  include <cstddef>
#  include <cstdlib>
#  include <doctest/doctest.h>
#  include <new>
#  include <string>

namespace {
thread_local bool counting = false;
std::atomic<std::size_t> allocations = 0;

void* allocate(std::size_t size) {
  if (counting) ++allocations;
  if (auto* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
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

#endif
