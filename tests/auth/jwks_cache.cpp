// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwks_cache.hpp"

#include "sesame/auth/signing_key.hpp"
#include "sesame/configuration.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace jwks_cache_test {

using namespace std::chrono_literals;
using sesame::auth::compact_jws;
using sesame::auth::jwks_cache;
using sesame::auth::jwks_cache_settings;
using advice = jwks_cache::advice;

struct fixture {
  sesame::auth::signing_key key = sesame::auth::signing_key::generate(sesame::jws_algorithm::es256);
  jwks_cache cache{{.shortest = 300s,
                    .longest = 86'400s,
                    .stale = 3600s,
                    .cooldown = 30s,
                    .unknown_keys = 3,
                    .unknown_for = 300s}};
  std::chrono::system_clock::time_point start{std::chrono::hours{24 * 365 * 55}};

  compact_jws named(std::string kid) const {
    return {.algorithm = sesame::jws_algorithm::es256, .kid = std::move(kid)};
  }
  compact_jws known() const { return named(key.kid()); }
  void store(std::optional<std::chrono::seconds> max_age, std::chrono::seconds after) {
    cache.store({key.verifier()}, max_age, start + after);
  }
  advice at(std::chrono::seconds after, const compact_jws& token) {
    return cache.decide(token, start + after).advice;
  }
};

TEST_CASE_FIXTURE(fixture, "keys are fetched once, and then used while they are fresh") {
  CHECK(at(0s, known()) == advice::fetch);
  CHECK(cache.attempt(start));
  CHECK(at(0s, known()) == advice::wait);
  store(600s, 0s);
  CHECK(at(0s, known()) == advice::verify);
  CHECK(at(599s, known()) == advice::verify);
  CHECK(at(600s, known()) == advice::verify_and_refresh);
  CHECK(cache.decide(known(), start).keys->size() == 1);
}

TEST_CASE_FIXTURE(fixture, "how long keys are fresh is what the issuer says, within bounds") {
  store(0s, 0s);
  CHECK(at(299s, known()) == advice::verify);
  CHECK(at(300s, known()) == advice::verify_and_refresh);
  store({}, 0s);
  CHECK(at(299s, known()) == advice::verify);
  CHECK(at(300s, known()) == advice::verify_and_refresh);
  store(100h, 0s);
  CHECK(at(24h - 1s, known()) == advice::verify);
  CHECK(at(24h, known()) == advice::verify_and_refresh);
}

TEST_CASE_FIXTURE(fixture, "keys that cannot be fetched anew are used on, but not for ever") {
  store(300s, 0s);
  CHECK(at(300s, known()) == advice::verify_and_refresh);
  CHECK(cache.attempt(start + 300s));
  // It failed: nothing is stored, and nothing forgotten.
  CHECK(at(301s, known()) == advice::verify);
  CHECK(at(330s, known()) == advice::verify_and_refresh);
  CHECK(at(3899s, known()) == advice::verify_and_refresh);
  CHECK(at(3900s, known()) == advice::fetch);
}

TEST_CASE_FIXTURE(fixture, "an attempt counts from its start, whatever becomes of it") {
  CHECK(cache.attempt(start));
  CHECK(!cache.attempt(start));
  CHECK(!cache.attempt(start + 29s));
  CHECK(at(29s, known()) == advice::wait);
  CHECK(at(30s, known()) == advice::fetch);
  CHECK(cache.attempt(start + 30s));
  CHECK(!cache.attempt(start + 31s));
}

TEST_CASE_FIXTURE(fixture, "a clock that is set back does not forbid to ask") {
  CHECK(cache.attempt(start));
  CHECK(cache.attempt(start - 10h));
}

TEST_CASE_FIXTURE(fixture, "a new key has the keys fetched, but nobody can ask for that at will") {
  CHECK(cache.attempt(start));
  store({}, 0s);
  CHECK(at(1s, named("new")) == advice::wait);
  CHECK(at(30s, named("new")) == advice::fetch);
  // Of others, the known key is none the worse.
  CHECK(at(30s, known()) == advice::verify);
}

TEST_CASE_FIXTURE(fixture, "a key that the issuer does not have is remembered, within bounds") {
  store({}, 0s);
  cache.remember_unknown(named("one"), start);
  CHECK(at(0s, named("one")) == advice::refuse);
  CHECK(at(299s, named("one")) == advice::refuse);
  CHECK(at(300s, named("one")) == advice::fetch);
  cache.remember_unknown(named("two"), start);
  cache.remember_unknown(named("three"), start);
  cache.remember_unknown(named("one"), start);
  cache.remember_unknown(named("four"), start);
  CHECK(at(0s, named("two")) == advice::fetch);  // the one that was longest unheard of
  for (const auto* kid : {"one", "three", "four"}) CHECK(at(0s, named(kid)) == advice::refuse);
  // Once it is there after all, it is there.
  cache.remember_unknown(known(), start);
  CHECK(at(0s, known()) == advice::verify);
}

TEST_CASE_FIXTURE(fixture, "a token that names no key is tried with each that fits") {
  store({}, 0s);
  compact_jws token{.algorithm = sesame::jws_algorithm::es256};
  CHECK(at(0s, token) == advice::verify);
  token.algorithm = sesame::jws_algorithm::rs256;
  CHECK(at(0s, token) == advice::fetch);
}

TEST_CASE("settings that make no sense are named") {
  const auto setting = [](const jwks_cache_settings& settings) -> std::string {
    try {
      const jwks_cache cache{settings};
    } catch (const sesame::configuration_error& wrong) {
      return wrong.setting();
    }
    return "";
  };
  CHECK(setting({}).empty());
  CHECK(setting({.shortest = -1s}) == "shortest, longest");
  CHECK(setting({.shortest = 10s, .longest = 9s}) == "shortest, longest");
  CHECK(setting({.stale = -1s}) == "stale");
  CHECK(setting({.cooldown = 2h}) == "cooldown");
  CHECK(setting({.unknown_for = 25h}) == "unknown_for");
}

}  // namespace jwks_cache_test
