// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/caching.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <string>

namespace caching_test {

using namespace std::chrono_literals;

std::string written(const sesame::protocol::cache_hints& hints,
                    const sesame::protocol::revision& wire) {
  std::string text;
  sesame::protocol::reply reply{text, {}};
  reply.speak(wire);
  reply.begin();
  sesame::protocol::write(hints, reply);
  reply.end();
  return text;
}

TEST_CASE("hints go with the results of the stateless era, closed by default") {
  const auto& stateless = sesame::protocol::stateless_revision;
  CHECK(written({}, stateless).find(R"("ttlMs":0,"cacheScope":"private")") != std::string::npos);
  CHECK(written({2s, sesame::cache_scope::everybody}, stateless)
            .find(R"("ttlMs":2000,"cacheScope":"public")") != std::string::npos);
  CHECK(written({2s}, sesame::protocol::latest_session_revision) ==
        R"({"jsonrpc":"2.0","id":null,"result":{}})");
}

}  // namespace caching_test
