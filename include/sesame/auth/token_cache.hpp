// Remembers which tokens were verified, so that a caller's next request costs a look into a table
// instead of a signature.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace sesame::inline v0 {

struct token_cache_settings {
  std::size_t entries = 4096;        ///< the most tokens remembered; 0 remembers none
  std::chrono::seconds longest{60};  ///< how late a revocation may be noticed; 5 minutes at most
};

namespace auth::detail {

/// Places tokens in a table. The end of a token, where its signature or its randomness is, is mixed
/// with a key that only this process knows, so nobody can choose where a token goes. It does not
/// tell tokens apart: whoever looks one up compares it whole.
class token_hash {
 public:
  token_hash();

  std::uint64_t operator()(std::string_view token) const noexcept;

 private:
  std::array<std::uint64_t, 4> key_{};
};

}  // namespace auth::detail

/// Verified tokens and their principals. Refused tokens are not remembered, a remembered one is
/// forgotten when it expires or after `longest`, and a full cache drops what would expire first.
/// Safe to use from several threads; finding a token allocates nothing.
class token_cache {
 public:
  using time_point = std::chrono::system_clock::time_point;

  /// Throws `configuration_error` for `longest`.
  explicit token_cache(token_cache_settings settings = {});

  /// Who presents the token; null where it is not remembered, or no longer valid at `now`. A clock
  /// that was set back forgets too.
  [[nodiscard]] std::shared_ptr<const principal> find(std::string_view token, time_point now);

  /// Remembers what verifying the token at `now` yielded, and returns it for use.
  std::shared_ptr<const principal> remember(std::string_view token, principal caller,
                                            time_point now);

  /// How many are remembered, expired ones included.
  [[nodiscard]] std::size_t size() const;

 private:
  struct entry {
    secret token;
    std::shared_ptr<const principal> caller;
    std::chrono::sys_seconds since;
    std::chrono::sys_seconds until;
  };
  using table = std::unordered_map<std::uint64_t, entry>;

  // A cache line apart, so that threads at work on different tokens do not slow each other down.
  struct alignas(64) shard {
    mutable std::mutex mutex;
    table entries;
  };

  shard& shard_of(std::uint64_t place) noexcept { return shards_[place % shards_.size()]; }
  static void make_room(table& entries, std::size_t most, std::chrono::sys_seconds now);

  auth::detail::token_hash hash_;
  std::array<shard, 16> shards_;
  std::size_t entries_per_shard_;
  std::chrono::seconds longest_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/token_cache.ipp"
#endif
