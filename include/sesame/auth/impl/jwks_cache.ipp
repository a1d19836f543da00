// What auth/jwks_cache.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwks_cache.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace sesame::inline v0::auth {

SESAME_INLINE jwks_cache::jwks_cache(jwks_cache_settings settings) : settings_(settings) {
  using namespace std::chrono_literals;
  constexpr auto most = 24h * 366;
  if (settings_.shortest < 0s || settings_.shortest > settings_.longest || settings_.longest > most)
    throw configuration_error("shortest, longest",
                              "must not be negative, nor the first greater than the second, nor "
                              "the second greater than a year");
  if (settings_.stale < 0s || settings_.stale > most)
    throw configuration_error("stale", "must lie between 0 and a year");
  if (settings_.cooldown < 0s || settings_.cooldown > 1h)
    throw configuration_error("cooldown", "must lie between 0 and an hour");
  if (settings_.unknown_for < 0s || settings_.unknown_for > 24h)
    throw configuration_error("unknown_for", "must lie between 0 and a day");
}

// A token without a name for its key is told from others by nothing.
SESAME_INLINE const std::string& jwks_cache::name_of(const compact_jws& token) {
  static const std::string nameless;
  return token.kid ? *token.kid : nameless;
}

SESAME_INLINE bool jwks_cache::may_attempt(time_point now) const {
  // A clock that was set back must not forbid it for as long as it was set back.
  return !attempted_ || now >= *attempted_ + settings_.cooldown || now < *attempted_;
}

SESAME_INLINE jwks_cache::decision jwks_cache::decide(const compact_jws& token,
                                                      time_point now) const {
  const std::lock_guard lock(mutex_);
  const auto ask = may_attempt(now) ? advice::fetch : advice::wait;
  if (!keys_ || now >= due_ + settings_.stale) return {ask, nullptr};
  if (!select_keys(*keys_, token).empty())
    return {now >= due_ && ask == advice::fetch ? advice::verify_and_refresh : advice::verify,
            keys_};
  const auto known = std::ranges::find(unknown_, name_of(token),
                                       [](const auto& one) -> const auto& { return one.first; });
  if (known != unknown_.end() && now < known->second + settings_.unknown_for)
    return {advice::refuse, nullptr};
  return {ask, nullptr};
}

SESAME_INLINE bool jwks_cache::attempt(time_point now) {
  const std::lock_guard lock(mutex_);
  if (!may_attempt(now)) return false;
  attempted_ = now;
  return true;
}

SESAME_INLINE void jwks_cache::store(key_set keys, std::optional<std::chrono::seconds> max_age,
                                     time_point now) {
  auto kept = std::make_shared<const key_set>(std::move(keys));
  const auto fresh =
      std::clamp(max_age.value_or(settings_.shortest), settings_.shortest, settings_.longest);
  const std::lock_guard lock(mutex_);
  keys_ = std::move(kept);
  due_ = now + fresh;
  ++generation_;
}

SESAME_INLINE std::size_t jwks_cache::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

SESAME_INLINE void jwks_cache::remember_unknown(const compact_jws& token, time_point now) {
  const auto& name = name_of(token);
  const std::lock_guard lock(mutex_);
  std::erase_if(unknown_, [&](const auto& one) { return one.first == name; });
  unknown_.emplace_front(name, now);
  if (unknown_.size() > settings_.unknown_keys) unknown_.pop_back();
}

}  // namespace sesame::inline v0::auth
