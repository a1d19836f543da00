// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/test_issuer_server.hpp"

#include "sesame/auth/jwks_provider.hpp"

#include "auth/support.hpp"
#include <array>
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <thread>
#include <vector>

namespace test_issuer_server_test {

using namespace std::chrono_literals;
using auth_test::completed;
using sesame::issuer_fault;
using sesame::jws_algorithm;

std::string outcome(const sesame::jwks_provider& provider, const std::string& token,
                    std::chrono::seconds later = 0s) {
  const auto now = std::chrono::system_clock::now() + later;
  auto known = provider.verify(token, now);
  if (!known && known.error().code == sesame::auth_error::unavailable)
    known = completed(provider.look_up(token, now));
  return known ? known->subject : std::string{describe(known.error().code).name};
}

sesame::jwks_provider impatient(const sesame::test_issuer_server& issuer,
                                std::chrono::milliseconds deadline = 10s) {
  auto settings = issuer.settings();
  settings.cache.cooldown = 0s;
  settings.client.deadline = deadline;
  return sesame::jwks_provider{std::move(settings)};
}

TEST_CASE("a provider finds the keys of an issuer by its name alone") {
  for (const auto algorithm : {jws_algorithm::es256, jws_algorithm::eddsa, jws_algorithm::rs256}) {
    const sesame::test_issuer_server issuer(algorithm);
    const sesame::jwks_provider provider{issuer.settings()};
    CHECK(outcome(provider, issuer.mint({.subject = "ann"})) == "ann");
    CHECK(outcome(provider, issuer.mint({.subject = "bob"})) == "bob");
    CHECK(issuer.asked("/jwks") == 1);
    CHECK(issuer.asked("oauth-authorization-server") == 1);
  }
}

TEST_CASE("keys are changed under load, and no good token is refused") {
  sesame::test_issuer_server issuer;
  const auto provider = impatient(issuer);
  CHECK(outcome(provider, issuer.mint()) == "alice");
  std::atomic<int> refused = 0;
  std::array<std::atomic<int>, 4> let_in{};
  std::atomic<bool> over = false;
  std::vector<std::thread> callers;
  for (auto& mine : let_in)
    callers.emplace_back([&] {
      while (!over) (outcome(provider, issuer.mint()) == "alice" ? mine : refused)++;
    });
  for (int i = 0; i < 5; ++i) {
    issuer.rotate(i % 2 == 0 ? jws_algorithm::eddsa : jws_algorithm::es256);
    // Nobody is left with a token of the key before the last: that is not published any more.
    for (auto& each : let_in)
      for (const int before = each; each < before + 2 && refused == 0;) std::this_thread::yield();
  }
  over = true;
  for (auto& each : callers) each.join();
  CHECK(refused == 0);
}

TEST_CASE("a key that is no longer published is good for nothing once the keys are fetched anew") {
  sesame::test_issuer_server issuer;
  const auto provider = impatient(issuer);
  const auto old = issuer.mint({.subject = "old"});
  CHECK(outcome(provider, old) == "old");
  issuer.rotate();
  CHECK(outcome(provider, issuer.mint()) == "alice");
  CHECK(outcome(provider, old) == "old");
  issuer.rotate();
  CHECK(outcome(provider, issuer.mint()) == "alice");
  CHECK(outcome(provider, old) == "VERIFICATION_FAILED");
}

TEST_CASE("an issuer that fails in any way is the reason for a 503, and forgiven") {
  for (const auto fault : {issuer_fault::silent, issuer_fault::server_error, issuer_fault::garbage,
                           issuer_fault::other_issuer}) {
    CAPTURE(static_cast<int>(fault));
    sesame::test_issuer_server issuer;
    const auto provider = impatient(issuer, fault == issuer_fault::silent ? 500ms : 10s);
    issuer.fail(fault);
    CHECK(outcome(provider, issuer.mint()) == "UNAVAILABLE");
    issuer.fail(issuer_fault::none);
    CHECK(outcome(provider, issuer.mint()) == "alice");
    // What is known is used on while the issuer is away.
    issuer.fail(fault);
    CHECK(outcome(provider, issuer.mint({.subject = "bob"})) == "bob");
    issuer.rotate();
    CHECK(outcome(provider, issuer.mint()) == "UNAVAILABLE");
    issuer.fail(issuer_fault::none);
    CHECK(outcome(provider, issuer.mint()) == "alice");
  }
}

TEST_CASE("keys of an issuer that stays away are used for so long, and no longer") {
  sesame::test_issuer_server issuer;
  auto settings = issuer.settings();
  settings.cache = {.shortest = 60s, .longest = 60s, .stale = 600s, .cooldown = 0s};
  const sesame::jwks_provider provider{std::move(settings)};
  const auto token = issuer.mint({.expires_in = 24h});
  CHECK(outcome(provider, token) == "alice");
  issuer.fail(issuer_fault::server_error);
  CHECK(outcome(provider, token, 300s) == "alice");
  CHECK(outcome(provider, token, 659s) == "alice");
  CHECK(outcome(provider, token, 661s) == "UNAVAILABLE");
}

}  // namespace test_issuer_server_test
