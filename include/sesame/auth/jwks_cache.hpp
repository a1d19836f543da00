// The keys of an issuer as they were fetched last, and when to fetch them again. Nothing is fetched
// here: this is the memory of whoever does (auth/jwks_provider.hpp), and it decides by a clock that
// it is told.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::auth {

/// How long keys are good, and how often an issuer is asked for them.
struct jwks_cache_settings {
  /// The bounds of what the issuer's `Cache-Control: max-age` may say; where it says nothing, keys
  /// are fresh for `shortest`.
  std::chrono::seconds shortest{300};
  std::chrono::seconds longest{86'400};
  /// For how long keys that are no longer fresh are used while they cannot be fetched anew.
  std::chrono::seconds stale{86'400};
  /// Between two attempts, whatever came of the first: nobody can make us ask more often.
  std::chrono::seconds cooldown{30};
  /// How many names of keys that the issuer does not have are remembered, and for how long.
  std::size_t unknown_keys = 128;
  std::chrono::seconds unknown_for{300};
};

/// Used by several threads at once; holds its lock for no longer than a look.
class jwks_cache {
 public:
  using key_set = std::vector<verification_key>;
  using time_point = std::chrono::system_clock::time_point;

  /// What to do with a token.
  enum class advice : std::uint8_t {
    verify,              ///< its key is here
    verify_and_refresh,  ///< its key is here, and it is time to fetch the keys anew
    fetch,               ///< its key may be among those that the issuer has now
    wait,                ///< the same, but the issuer was asked a moment ago
    refuse,              ///< the issuer was asked for its key, and has none of that name
  };
  struct decision {
    jwks_cache::advice advice;
    std::shared_ptr<const key_set> keys;  ///< for `verify` and `verify_and_refresh`
  };

  /// Throws `configuration_error` for settings that are negative or contradict each other.
  explicit jwks_cache(jwks_cache_settings settings);

  [[nodiscard]] decision decide(const compact_jws& token, time_point now) const;

  /// Asks for the right to fetch; it is used up at once, not only when the fetch has succeeded.
  [[nodiscard]] bool attempt(time_point now);

  /// Takes fetched keys, and how long they are fresh. Never an empty set: that is a failed fetch.
  void store(key_set keys, std::optional<std::chrono::seconds> max_age, time_point now);

  /// How often keys have been stored.
  [[nodiscard]] std::size_t generation() const;

  /// Remembers that the issuer has no key for the token.
  void remember_unknown(const compact_jws& token, time_point now);

 private:
  static const std::string& name_of(const compact_jws& token);
  bool may_attempt(time_point now) const;

  jwks_cache_settings settings_;
  mutable std::mutex mutex_;
  std::shared_ptr<const key_set> keys_;
  std::size_t generation_ = 0;
  time_point due_{};  ///< when the keys are no longer fresh
  std::optional<time_point> attempted_;
  std::list<std::pair<std::string, time_point>> unknown_;  ///< the latest first
};

}  // namespace sesame::inline v0::auth

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/jwks_cache.ipp"
#endif
