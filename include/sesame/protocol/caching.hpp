// How long a client may keep what it was told, and whom it may show it to.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/protocol/reply.hpp"

#include <chrono>
#include <string_view>

namespace sesame::inline v0 {

/// Whether what a list or a resource says may be shown to others than the caller who asked (MCP,
/// caching). It protects nothing: that is what policies are for.
enum class cache_scope { only_caller, everybody };

namespace protocol {

/// The hints that go with a result.
struct cache_hints {
  std::chrono::milliseconds ttl{0};
  cache_scope scope = cache_scope::only_caller;
};

/// Writes the hints as members of the result, in the era that has them.
inline void write(const cache_hints& hints, reply& to) {
  if (to.wire().era != era::stateless) return;
  to.member("ttlMs");
  to.out().number(hints.ttl.count());
  to.member("cacheScope");
  to.out().raw(hints.scope == cache_scope::everybody ? std::string_view{R"("public")"}
                                                     : std::string_view{R"("private")"});
}

}  // namespace protocol
}  // namespace sesame::inline v0
