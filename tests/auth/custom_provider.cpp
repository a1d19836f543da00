// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/custom_provider.hpp"

#include "auth/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace custom_provider_test {

using namespace sesame;
using moment = std::chrono::system_clock::time_point;
using answer = result<principal, auth_failure>;

const moment now{std::chrono::seconds{1'000'000}};

answer decide(std::string_view token, moment) {
  if (token == "throw") throw std::runtime_error("database is away\n");
  if (token == "throw a number") throw 7;  // NOLINT(hicpp-exception-baseclass)
  if (token == "bad") return failure{auth_failure{auth_error::invalid_token, "bad"}};
  principal caller{.issuer = "https://cave.example", .subject = "ali"};
  caller.expires = std::chrono::sys_seconds{std::chrono::seconds{1'000'060}};
  if (token == "nobody") caller.subject.clear();
  if (token == "nowhere") caller.issuer.clear();
  if (token == "old") caller.expires = std::chrono::sys_seconds{std::chrono::seconds{1'000'000}};
  return caller;
}

asio::awaitable<answer> ask(std::string_view token, moment at) {
  co_return decide(token, at);
}

struct direct {
  answer operator()(std::string_view token, moment at) const { return decide(token, at); }
};
struct asking {
  asio::awaitable<answer> operator()(std::string_view token, moment at) const {
    return ask(token, at);
  }
};

static_assert(provider<custom_provider<direct>>);
static_assert(!asking_provider<custom_provider<direct>>);
static_assert(asking_provider<custom_provider<asking>>);

answer look_up(const custom_provider<asking>& provider, std::string token) {
  return auth_test::completed(provider.look_up(std::move(token), now));
}

template <class Verify>
void check_answers(const Verify& verify) {
  CHECK(verify("good")->subject == "ali");
  CHECK(verify("bad").error().detail == "bad");
  for (const char* token : {"nobody", "nowhere", "old"}) {
    CAPTURE(token);
    const answer said = verify(token);
    REQUIRE(!said);
    CHECK(said.error().code == auth_error::invalid_token);
  }
  const answer thrown = verify("throw");
  REQUIRE(!thrown);
  CHECK(thrown.error().code == auth_error::unavailable);
  CHECK(thrown.error().detail == "the verifier threw 'database is away?'");
  CHECK(verify("throw a number").error().code == auth_error::unavailable);
}

TEST_CASE("a function is a provider, and is held to what providers owe") {
  const custom_provider provider{direct{}};
  check_answers([&](const char* token) { return provider.verify(token, now); });
}

TEST_CASE("a function that asks others is held to the same, and decides nothing before") {
  const custom_provider provider{asking{}};
  CHECK(provider.verify("good", now).error().code == auth_error::unavailable);
  check_answers([&](const char* token) { return look_up(provider, token); });
}

TEST_CASE("a custom provider names the issuers it was given") {
  CHECK(custom_provider{direct{}}.issuers().empty());
  CHECK(custom_provider{direct{}, {"https://cave.example"}}.issuers().size() == 1);
}

}  // namespace custom_provider_test
