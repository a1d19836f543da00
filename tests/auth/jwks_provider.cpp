// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwks_provider.hpp"

#include "sesame/auth/signing_key.hpp"
#include "sesame/auth/test_issuer.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "auth/support.hpp"
#include "net/support.hpp"
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace jwks_provider_test {

using namespace std::chrono_literals;
using namespace net_test;
namespace auth = sesame::auth;
namespace net = sesame::net;
using sesame::auth_error;
using clock = std::chrono::system_clock;
using decided = sesame::result<sesame::principal, sesame::auth_failure>;

constexpr auto audience = "https://server.example/mcp";

// An issuer on the web: what it publishes can be changed while it is asked.
struct published {
  std::mutex mutex;
  std::string keys;
  std::string cache_control;
  int status = 200;
  bool away = false;
  bool held = false;
  std::map<std::string, int> asked;
  happening begun;

  int count(std::string_view part) {
    const std::lock_guard lock(mutex);
    int all = 0;
    for (const auto& [url, times] : asked)
      if (url.find(part) != std::string::npos) all += times;
    return all;
  }
  template <class Change>
  void change(Change change) {
    const std::lock_guard lock(mutex);
    change(*this);
  }

  static asio::awaitable<net::fetch_result> answer(std::shared_ptr<published> self,
                                                   net::outgoing_request request) {
    const auto url = request.target.to_string();
    self->begun.raise();
    for (;;) {
      {
        const std::lock_guard lock(self->mutex);
        if (!self->held) break;
      }
      co_await asio::post(asio::use_awaitable);
    }
    const std::lock_guard lock(self->mutex);
    ++self->asked[url];
    if (self->away)
      co_return sesame::failure{net::fetch_error{net::fetch_error_code::timeout, "too slow"}};
    net::incoming_response response{.status = self->status, .fields = {}, .body = {}};
    if (url.ends_with("/jwks")) {
      response.body = self->keys;
      response.fields.push_back({"Cache-Control", self->cache_control});
    } else if (url.ends_with("oauth-authorization-server")) {
      response.body = R"({"issuer":"https://test.example","jwks_uri":"https://keys.example/jwks"})";
    } else {
      response.status = 404;
    }
    co_return response;
  }
};

std::string set_of(const std::vector<const sesame::test_issuer*>& issuers) {
  std::string text = R"({"keys":[)";
  for (const auto* one : issuers) {
    if (text.back() == '}') text += ',';
    text += one->key().public_jwk();
  }
  return text + "]}";
}

struct fixture {
  sesame::test_issuer issuer{sesame::jws_algorithm::es256, "https://test.example"};
  sesame::test_issuer rotated{sesame::jws_algorithm::es256, "https://test.example"};
  std::shared_ptr<published> web = std::make_shared<published>();

  fixture() { web->keys = set_of({&issuer}); }

  sesame::jwks_settings settings(auth::jwks_cache_settings cache = {}) const {
    return {.token = {.issuer = "https://test.example", .audiences = {audience}},
            .cache = cache,
            .fetch = [web = web](net::outgoing_request request) {
              return published::answer(web, std::move(request));
            }};
  }
  // As the engine does.
  decided ask(const sesame::jwks_provider& provider, const std::string& token,
              clock::time_point now = clock::now()) {
    auto first = provider.verify(token, now);
    if (first || first.error().code != auth_error::unavailable) return first;
    return auth_test::completed(provider.look_up(token, now));
  }
  static asio::awaitable<void> count(asio::awaitable<decided> look_up, std::atomic<int>& in) {
    const auto one = co_await std::move(look_up);
    in += one ? 1 : 0;
  }
  static std::optional<auth_error> refusal(const decided& one) {
    return one ? std::nullopt : std::optional{one.error().code};
  }
};

TEST_CASE_FIXTURE(fixture, "keys are found by the issuer's name, fetched, and kept") {
  const sesame::jwks_provider provider{settings()};
  CHECK(provider.issuers() == std::vector<std::string>{"https://test.example"});
  CHECK(web->asked.empty());
  const auto token = issuer.mint({.subject = "ann"});
  REQUIRE(refusal(provider.verify(token, clock::now())) == auth_error::unavailable);
  const auto caller = ask(provider, token);
  REQUIRE(caller);
  CHECK(caller->subject == "ann");
  CHECK(caller->issuer == "https://test.example");
  for (int i = 0; i < 3; ++i) CHECK(provider.verify(issuer.mint({}), clock::now()));
  CHECK(web->count("/jwks") == 1);
  CHECK(web->count("oauth-authorization-server") == 1);
}

TEST_CASE_FIXTURE(fixture, "where the place of the keys is told, nothing else is asked for") {
  auto told = settings();
  told.jwks_uri = "https://elsewhere.example/jwks";
  const sesame::jwks_provider provider{std::move(told)};
  CHECK(ask(provider, issuer.mint({})));
  CHECK(web->asked.size() == 1);
  CHECK(web->count("https://elsewhere.example/jwks") == 1);
}

TEST_CASE_FIXTURE(fixture, "nothing is fetched for a token that could never be let in") {
  const sesame::jwks_provider provider{settings()};
  const auto now = clock::now();
  const sesame::test_issuer other{sesame::jws_algorithm::es256, "https://other.example"};
  CHECK(refusal(provider.verify(other.mint({}), now)) == auth_error::verification_failed);
  CHECK(refusal(provider.verify("opaque", now)) == auth_error::invalid_token);
  auto only = settings();
  only.token.algorithms = {sesame::jws_algorithm::ps512};
  const sesame::jwks_provider strict{std::move(only)};
  CHECK(refusal(strict.verify(issuer.mint({}), now)) == auth_error::verification_failed);
  CHECK(web->asked.empty());
}

TEST_CASE_FIXTURE(fixture, "a new key is fetched when the first token of it comes") {
  const sesame::jwks_provider provider{settings({.cooldown = 0s})};
  CHECK(ask(provider, issuer.mint({})));
  web->change([&](auto& w) { w.keys = set_of({&rotated}); });
  CHECK(ask(provider, rotated.mint({})));
  CHECK(web->count("/jwks") == 2);
  // The old one is gone with the new set.
  CHECK(refusal(ask(provider, issuer.mint({}))) == auth_error::verification_failed);
}

TEST_CASE_FIXTURE(fixture,
                  "tokens of keys that nobody has do not have the issuer asked each time") {
  const sesame::jwks_provider provider{settings({.cooldown = 30s})};
  CHECK(ask(provider, issuer.mint({})));
  // It was asked a moment ago, so who knows; the token may come again.
  for (int i = 0; i < 5; ++i)
    CHECK(refusal(ask(provider, rotated.mint({}))) == auth_error::unavailable);
  CHECK(web->count("/jwks") == 1);
  const sesame::jwks_provider impatient{settings({.cooldown = 0s})};
  for (int i = 0; i < 5; ++i)
    CHECK(refusal(ask(impatient, rotated.mint({}))) == auth_error::verification_failed);
  CHECK(web->count("/jwks") == 2);
  CHECK(ask(impatient, issuer.mint({})));
}

TEST_CASE_FIXTURE(fixture, "an issuer that is away is no fault of the caller's") {
  web->away = true;
  const sesame::jwks_provider provider{settings({.cooldown = 0s})};
  const auto first = ask(provider, issuer.mint({}));
  REQUIRE(refusal(first) == auth_error::unavailable);
  CHECK(first.error().detail.find("too slow") != std::string::npos);
  web->change([](auto& w) { w.away = false; });
  CHECK(ask(provider, issuer.mint({})));
}

TEST_CASE_FIXTURE(fixture, "keys that are here are not lost to an issuer that fails") {
  const sesame::jwks_provider provider{settings({.shortest = 0s, .longest = 0s, .cooldown = 0s})};
  REQUIRE(ask(provider, issuer.mint({})));
  const auto fails = [&](auto change) {
    const auto before = web->count("");
    web->change(change);
    // Each of them is verified at once, and has the keys fetched behind its back.
    CHECK(provider.verify(issuer.mint({}), clock::now()));
    while (web->count("") == before) std::this_thread::yield();
    CHECK(refusal(ask(provider, rotated.mint({}))) == auth_error::unavailable);
    CHECK(provider.verify(issuer.mint({}), clock::now()));
  };
  fails([](auto& w) { w.away = true; });
  fails([](auto& w) { w.away = false, w.status = 500; });
  fails([](auto& w) { w.status = 200, w.keys = "<html>"; });
  fails([](auto& w) { w.keys = R"({"keys":[]})"; });
  fails([](auto& w) { w.keys = R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})"; });
}

TEST_CASE_FIXTURE(fixture, "many who wait for the keys at once have them fetched once") {
  web->held = true;
  const sesame::jwks_provider provider{settings()};
  std::vector<std::thread> threads;
  std::atomic<int> in = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, token = issuer.mint({})] {
      asio::io_context own{1};
      for (int n = 0; n < 4; ++n)
        asio::co_spawn(own, count(provider.look_up(token, clock::now()), in), asio::detached);
      own.run();
    });
  CHECK(web->begun.await());
  web->change([](auto& w) { w.held = false; });
  for (auto& one : threads) one.join();
  CHECK(in == 32);
  CHECK(web->count("/jwks") == 1);
}

TEST_CASE_FIXTURE(fixture, "keys can be fetched before the first token comes") {
  const sesame::jwks_provider provider{settings()};
  provider.prefetch();
  const auto token = issuer.mint({});
  while (!provider.verify(token, clock::now())) std::this_thread::yield();
  CHECK(web->count("/jwks") == 1);
}

TEST_CASE_FIXTURE(fixture, "a copy shares the keys, and a provider may go away while it waits") {
  web->held = true;
  asio::io_context own{1};
  std::atomic<int> in = 0;
  {
    const sesame::jwks_provider first{settings()};
    const auto second = first;
    asio::co_spawn(own, count(second.look_up(issuer.mint({}), clock::now()), in), asio::detached);
    own.poll();
    CHECK(web->begun.await());
  }
  web->change([](auto& w) { w.held = false; });
  own.run();
  CHECK(in == 1);
  CHECK(web->count("/jwks") == 1);
}

TEST_CASE("settings that make no sense are named") {
  const auto setting = [](sesame::jwks_settings settings) -> std::string {
    try {
      const sesame::jwks_provider provider{std::move(settings)};
    } catch (const sesame::configuration_error& wrong) {
      return wrong.setting();
    }
    return "";
  };
  const sesame::jwt_settings token{.issuer = "https://test.example", .audiences = {audience}};
  CHECK(setting({.token = token}).empty());
  auto changed = token;
  changed.keys.push_back(sesame::test_issuer{}.key().verifier());
  CHECK(setting({.token = changed}) == "keys");
  changed = token;
  changed.algorithms = {sesame::jws_algorithm::hs256};
  CHECK(setting({.token = changed}) == "algorithms");
  changed = token;
  changed.issuer = "test";
  CHECK(setting({.token = changed}) == "issuer");
  CHECK(setting({.token = changed, .jwks_uri = "https://test.example/jwks"}).empty());
  CHECK(setting({.token = token, .jwks_uri = "jwks"}) == "jwks_uri");
  changed = token;
  changed.audiences.clear();
  CHECK(setting({.token = changed}) == "audiences");
  CHECK(setting({.token = token, .cache = {.stale = -1s}}) == "stale");
}

}  // namespace jwks_provider_test
