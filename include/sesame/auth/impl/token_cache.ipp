// What auth/token_cache.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/auth/token_cache.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/same_text.hpp"

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

namespace sesame::inline v0::auth::detail {

SESAME_INLINE token_hash::token_hash() {
  const auto bytes = random_bytes(sizeof(key_));
  std::memcpy(key_.data(), bytes.data(), sizeof(key_));
}

SESAME_INLINE std::uint64_t token_hash::operator()(std::string_view token) const noexcept {
  constexpr std::size_t end = 64;
  std::array<char, end> padded{};
  const char* at = padded.data();
  if (token.size() >= end)
    at = token.data() + (token.size() - end);
  else if (!token.empty())
    std::memcpy(padded.data(), token.data(), token.size());
  const auto word = [&](std::size_t i) {
    return sesame::detail::load_word<std::uint64_t>(at + i * sizeof(std::uint64_t));
  };
  // Two halves, of which neither waits for the other.
  std::uint64_t state = key_[0] ^ token.size();
  std::uint64_t other = key_[2];
  for (std::size_t i = 0; i < end / sizeof(std::uint64_t); i += 2) {
    state = std::rotl((state ^ word(i)) * (key_[1] | 1), 29);
    other = std::rotl((other ^ word(i + 1)) * (key_[3] | 1), 31);
  }
  state = (state ^ other ^ (state >> 32)) * (key_[1] | 1);
  return state ^ (state >> 29);
}

/// Compares whole tokens without leaving early, 32 bytes at a time (OpenSSL's comparison goes byte
/// by byte, which for a long token takes longer than all the rest).
SESAME_INLINE bool same_token(std::string_view one, std::string_view other) noexcept {
  if (one.size() != other.size()) return false;
  constexpr std::size_t step = 32;
  if (one.size() < step) {
    int difference = 0;
    for (std::size_t i = 0; i != one.size(); ++i) difference |= one[i] ^ other[i];
    return difference == 0;
  }
  std::array<std::uint64_t, step / sizeof(std::uint64_t)> differences{};
  const auto compare = [&](const char* left, const char* right) {
    for (auto& difference : differences) {
      using sesame::detail::load_word;
      difference |= load_word<std::uint64_t>(left) ^ load_word<std::uint64_t>(right);
      left += sizeof(difference);
      right += sizeof(difference);
    }
  };
  const auto last = one.size() - step;
  for (std::size_t at = 0; at < last; at += step) compare(one.data() + at, other.data() + at);
  compare(one.data() + last, other.data() + last);  // of which some may have been compared before
  return (differences[0] | differences[1] | differences[2] | differences[3]) == 0;
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0 {

SESAME_INLINE token_cache::token_cache(token_cache_settings settings)
    : entries_per_shard_((settings.entries + shards_.size() - 1) / shards_.size()),
      longest_(settings.longest) {
  using namespace std::chrono_literals;
  if (longest_ <= 0s || longest_ > 5min)
    throw configuration_error("longest", "must be positive and no more than 5 minutes");
}

SESAME_INLINE std::shared_ptr<const principal> token_cache::find(std::string_view token,
                                                                 time_point now) {
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

SESAME_INLINE std::shared_ptr<const principal> token_cache::remember(std::string_view token,
                                                                     principal caller,
                                                                     time_point now) {
  const auto moment = std::chrono::floor<std::chrono::seconds>(now);
  auto kept = std::make_shared<const principal>(std::move(caller));
  const auto until = std::min({kept->expires, kept->verified_until, moment + longest_});
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

SESAME_INLINE void token_cache::make_room(table& entries, std::size_t most,
                                          std::chrono::sys_seconds now) {
  if (entries.size() < most) return;
  std::erase_if(entries, [&](const auto& one) { return one.second.until <= now; });
  if (entries.size() < most) return;
  entries.erase(
      std::ranges::min_element(entries, {}, [](const auto& one) { return one.second.until; }));
}

SESAME_INLINE std::size_t token_cache::size() const {
  std::size_t total = 0;
  for (const auto& part : shards_) {
    const std::lock_guard lock(part.mutex);
    total += part.entries.size();
  }
  return total;
}

}  // namespace sesame::inline v0
