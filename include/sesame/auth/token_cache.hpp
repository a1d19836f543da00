// Remembers which tokens were verified, so that a caller's next request costs a look into a table
// instead of a signature.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

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
  token_hash() {
    const auto bytes = random_bytes(sizeof(key_));
    std::memcpy(key_.data(), bytes.data(), sizeof(key_));
  }

  std::uint64_t operator()(std::string_view token) const noexcept {
    constexpr std::size_t end = 64;
    std::array<std::uint64_t, end / sizeof(std::uint64_t)> words{};
    const auto size = std::min(token.size(), end);
    if (size != 0) std::memcpy(words.data(), token.data() + token.size() - size, size);
    std::uint64_t state = key_[0] ^ token.size();
    for (const auto word : words) state = std::rotl((state ^ word) * (key_[1] | 1), 29) ^ key_[2];
    state = (state ^ (state >> 32)) * (key_[3] | 1);
    return state ^ (state >> 29);
  }

 private:
  std::array<std::uint64_t, 4> key_{};
};

/// Compares whole tokens without leaving early, eight bytes at a time (OpenSSL's comparison goes
/// byte by byte, which for a long token takes longer than all the rest).
inline bool same_token(std::string_view one, std::string_view other) noexcept {
  if (one.size() != other.size()) return false;
  const auto word = [](const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof(bytes));
    return bytes;
  };
  const char* left = one.data();
  const char* right = other.data();
  std::uint64_t difference = 0;
  std::size_t rest = one.size();
  for (; rest >= 16; rest -= 16, left += 16, right += 16)
    difference |= (word(left) ^ word(right)) | (word(left + 8) ^ word(right + 8));
  for (; rest != 0; --rest, ++left, ++right)
    difference |= static_cast<std::uint64_t>(static_cast<unsigned char>(*left ^ *right));
  return difference == 0;
}

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

  /// Forgets every caller for whom `revoked(const principal&)` is true.
  template <class Predicate>
  void forget_if(Predicate revoked);

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

inline token_cache::token_cache(token_cache_settings settings)
    : entries_per_shard_((settings.entries + shards_.size() - 1) / shards_.size()),
      longest_(settings.longest) {
  using namespace std::chrono_literals;
  if (longest_ <= 0s || longest_ > 5min)
    throw configuration_error("longest", "must be positive and no more than 5 minutes");
}

inline std::shared_ptr<const principal> token_cache::find(std::string_view token, time_point now) {
  const auto moment = std::chrono::floor<std::chrono::seconds>(now);
  const auto place = hash_(token);
  auto& part = shard_of(place);
  const std::lock_guard lock(part.mutex);
  const auto found = part.entries.find(place);
  if (found == part.entries.end()) return nullptr;
  const auto& known = found->second;
  if (!auth::detail::same_token(known.token.reveal(), token)) return nullptr;
  if (moment >= known.since && moment < known.until) return known.caller;
  part.entries.erase(found);
  return nullptr;
}

inline std::shared_ptr<const principal> token_cache::remember(std::string_view token,
                                                              principal caller, time_point now) {
  const auto moment = std::chrono::floor<std::chrono::seconds>(now);
  auto kept = std::make_shared<const principal>(std::move(caller));
  const auto until = std::min(kept->expires, moment + longest_);
  if (entries_per_shard_ == 0 || until <= moment) return kept;
  entry fresh{.token = secret(std::string(token)), .caller = kept, .since = moment, .until = until};
  const auto place = hash_(token);
  auto& part = shard_of(place);
  const std::lock_guard lock(part.mutex);
  if (!part.entries.contains(place)) make_room(part.entries, entries_per_shard_, moment);
  // Two tokens in one place are all but impossible; the later one takes it.
  part.entries.insert_or_assign(place, std::move(fresh));
  return kept;
}

inline void token_cache::make_room(table& entries, std::size_t most, std::chrono::sys_seconds now) {
  if (entries.size() < most) return;
  std::erase_if(entries, [&](const auto& one) { return one.second.until <= now; });
  if (entries.size() < most) return;
  entries.erase(
      std::ranges::min_element(entries, {}, [](const auto& one) { return one.second.until; }));
}

template <class Predicate>
void token_cache::forget_if(Predicate revoked) {
  for (auto& part : shards_) {
    const std::lock_guard lock(part.mutex);
    std::erase_if(part.entries, [&](const auto& one) { return revoked(*one.second.caller); });
  }
}

inline std::size_t token_cache::size() const {
  std::size_t total = 0;
  for (const auto& part : shards_) {
    const std::lock_guard lock(part.mutex);
    total += part.entries.size();
  }
  return total;
}

}  // namespace sesame::inline v0
