// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/any_provider.hpp"

#include "sesame/auth/custom_provider.hpp"
#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/test_issuer.hpp"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "auth/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace any_provider_test {

using namespace std::chrono_literals;
using clock = std::chrono::system_clock;
using decided = sesame::result<sesame::principal, sesame::auth_failure>;

static_assert(std::is_copy_constructible_v<sesame::any_provider>);
static_assert(!std::is_constructible_v<sesame::any_provider, int>);

// A provider that has to ask, and can be told to fetch.
struct slow {
  std::string issuer = "https://slow.example";
  int* fetched = nullptr;

  static decided verify(std::string_view, clock::time_point) {
    return sesame::auth::detail::refuse(sesame::auth_error::unavailable, "not yet");
  }
  asio::awaitable<decided> look_up(std::string token, clock::time_point now) const {
    co_await asio::post(asio::use_awaitable);
    co_return sesame::principal{.issuer = issuer, .subject = token, .expires = ending(now)};
  }
  static std::chrono::sys_seconds ending(clock::time_point now) {
    return std::chrono::floor<std::chrono::seconds>(now) + 1h;
  }
  std::vector<std::string> issuers() const { return {issuer}; }
  void prefetch() const { ++*fetched; }
};
static_assert(sesame::asking_provider<slow>);

TEST_CASE("a provider whose type is forgotten is still that provider") {
  const sesame::test_issuer issuer;
  const sesame::any_provider provider{issuer.provider()};
  const auto now = clock::now();
  const auto token = issuer.mint({.subject = "ann"});
  const auto caller = provider.verify(token, now);
  REQUIRE(caller);
  CHECK(caller->subject == "ann");
  CHECK(provider.issuers() == std::vector<std::string>{"https://issuer.example"});
  const auto asked = auth_test::completed(provider.look_up(token, now));
  REQUIRE(asked);
  CHECK(asked->subject == "ann");
  const auto refused = auth_test::completed(provider.look_up("opaque", now));
  REQUIRE(!refused);
  CHECK(refused.error().code == sesame::auth_error::invalid_token);
  provider.prefetch();
}

TEST_CASE("one that has to ask is asked, and is kept while somebody waits") {
  int fetched = 0;
  std::optional provider{sesame::any_provider{slow{.fetched = &fetched}}};
  provider->prefetch();
  CHECK(fetched == 1);
  const auto now = clock::now();
  const auto first = provider->verify("ann", now);
  REQUIRE(!first);
  CHECK(first.error().code == sesame::auth_error::unavailable);
  auto waiting = provider->look_up("ann", now);
  provider.reset();
  const auto caller = auth_test::completed(std::move(waiting));
  REQUIRE(caller);
  CHECK(caller->subject == "ann");
  CHECK(caller->issuer == "https://slow.example");
}

TEST_CASE("a copy shares the provider, and a variable can hold first one and then another") {
  const sesame::test_issuer one;
  const sesame::test_issuer other{sesame::jws_algorithm::es256, "https://other.example"};
  sesame::any_provider chosen{one.provider()};
  const auto kept = chosen;
  chosen = other.provider();
  CHECK(kept.verify(one.mint(), clock::now()));
  CHECK(!chosen.verify(one.mint(), clock::now()));
  CHECK(chosen.verify(other.mint(), clock::now()));
}

}  // namespace any_provider_test
