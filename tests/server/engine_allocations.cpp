// The promises that a plain tool's call allocates nothing once it is warm, and that a session holds
// little, counted.
// SPDX-License-Identifier: BSL-1.0

// ThreadSanitizer brings its own operator new, which cannot be replaced.
#if defined(__has_feature)
#  if __has_feature(thread_sanitizer)
#    define SESAME_TEST_FOREIGN_NEW
#  endif
#endif
#if !defined(SESAME_TEST_FOREIGN_NEW) && !defined(__SANITIZE_THREAD__)

#  include "sesame/server/engine.hpp"

#  include "server/support.hpp"
#  include <chrono>
#  include <cstddef>
#  include <cstdlib>
#  include <doctest/doctest.h>
#  include <memory>
#  include <new>
#  include <string>
#  include <string_view>

namespace {
thread_local std::size_t allocations = 0;
thread_local std::size_t allocated = 0;  // bytes

void* allocate(std::size_t size) {
  ++allocations;
  allocated += size;
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
// simdjson's.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
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

namespace {

using namespace server_test;

struct addends {
  int a;
  int b;
  std::string_view note;
};
struct sums {
  int sum;
  int product;
};

struct calculating : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  int add(const addends& n) const { return n.a + n.b; }
  sums both(const addends& n, const sesame::principal&) const { return {n.a + n.b, n.a * n.b}; }
  using tools = sesame::tools<sesame::tool<&calculating::add, "-", sesame::anonymous>,
                              sesame::tool<&calculating::both, "-", sesame::scopes<"sums:read">>>;
};

TEST_CASE("a warm call of a plain tool allocates nothing, also for a known caller") {
  const sesame::test_issuer issuer;
  sesame::server server{{.name = "counted", .version = "1"}, calculating{}, issuer.provider()};
  const auto token = issuer.mint({.scopes = "sums:read"});
  direct client{server.engine()};
  const auto counted = [&](const std::string& message, const fields& with, bool known) {
    std::size_t last = 0;
    for (int i = 0; i < 5; ++i) {
      allocations = 0;
      std::shared_ptr<const sesame::principal> caller;
      if (known) caller = *server.engine().authenticate(token);
      client.begin(message, &with, std::move(caller));
      last = allocations;
    }
    CHECK(at(client.out, "/error").empty());
    return last;
  };
  const auto arguments = R"({"a":2,"b":3,"note":"a note that is longer than a short string"})";
  CHECK(counted(call(1, "add", arguments), fields::of("tools/call", "add"), false) == 0);
  CHECK(counted(call(1, "both", arguments), fields::of("tools/call", "both"), true) == 0);
}

TEST_CASE("an idle session takes about 1 KiB") {
  sesame::detail::session_table table{1000, std::chrono::seconds{60}};
  allocated = 0;
  table.add(std::make_shared<sesame::detail::session>(
      std::string(32, 'x'), "", sesame::protocol::latest_session_revision,
      sesame::client_capabilities{}, sesame::implementation{.name = "client", .version = "1"}));
  CHECK(allocated < 1100);
}

}  // namespace

#endif
