// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/rate_limiter.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <utility>

namespace rate_limiter_test {

using namespace sesame;
using namespace std::chrono_literals;
using detail::rate_limiter;

principal named(std::string subject, std::string issuer = "https://issuer.example") {
  return {.issuer = std::move(issuer), .subject = std::move(subject)};
}

struct fixture {
  std::optional<rate_limiter::clock::duration> take(const principal* caller = nullptr) {
    return limiter.take(this, caller, {.calls = 3, .seconds = 6}, now);
  }
  rate_limiter limiter;
  rate_limiter::clock::time_point now = rate_limiter::clock::now();
};

TEST_CASE("all calls of a time may come at once, and then one by one") {
  fixture f;
  for (int i = 0; i < 3; ++i) CHECK(!f.take());
  CHECK(f.take() == 2s);
  f.now += 1s;
  // Who asks in vain is not put off any longer by that.
  CHECK(f.take() == 1s);
  CHECK(f.take() == 1s);
  f.now += 1s;
  CHECK(!f.take());
  CHECK(f.take() == 2s);
  f.now += 60s;
  for (int i = 0; i < 3; ++i) CHECK(!f.take());
  CHECK(f.take() == 2s);
}

TEST_CASE("each caller has an account for each thing") {
  fixture f;
  const auto ann = named("ann");
  const auto other_ann = named("ann", "https://other.example");
  for (const auto* const caller : {&ann, &other_ann, static_cast<const principal*>(nullptr)}) {
    for (int i = 0; i < 3; ++i) CHECK(!f.take(caller));
    CHECK(f.take(caller));
  }
  CHECK(!f.limiter.take(&f.now, &ann, {.calls = 1, .seconds = 1}, f.now));
  CHECK(f.limiter.size() == 4);
}

TEST_CASE("accounts that are full again are forgotten, and others are not") {
  fixture f;
  const auto ann = named("ann");
  const auto come = [&](int first, int last) {
    for (int i = first; i < last; ++i) {
      const auto caller = named(std::to_string(i));
      CHECK(!f.take(&caller));
    }
  };
  come(0, 500);
  f.now += 2s;
  for (int i = 0; i < 3; ++i) CHECK(!f.take(&ann));
  come(1'000, 1'600);
  CHECK(f.limiter.size() < 700);
  CHECK(f.take(&ann));
}

}  // namespace rate_limiter_test
