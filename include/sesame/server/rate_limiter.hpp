// How often each caller may do what is limited in its rate.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/service/policies.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sesame::inline v0::detail {

/// An account for each caller and thing, which says when it will be full again (the generic cell rate
/// algorithm: a token bucket that needs no clock of its own). An account that is full is forgotten, so
/// memory follows from the callers of the last while. Safe to use from several threads; an account
/// that is there is found without an allocation.
class rate_limiter {
 public:
  using clock = std::chrono::steady_clock;

  /// Takes one call of `what` from the account of `caller`, null for everybody who has no name; or
  /// says after how long there will be one to take.
  std::optional<clock::duration> take(const void* what, const principal* caller,
                                      const call_rate& rate, clock::time_point now);

  /// How many accounts are kept.
  [[nodiscard]] std::size_t size() const;

 private:
  struct account {
    const void* what;
    std::string issuer;
    std::string subject;
  };
  struct account_view {
    const void* what;
    std::string_view issuer;
    std::string_view subject;
  };
  static account_view view(const account& of) noexcept { return {of.what, of.issuer, of.subject}; }
  static account_view view(const account_view& of) noexcept { return of; }

  struct hash {
    using is_transparent = void;
    std::size_t operator()(const auto& of) const noexcept {
      const auto seen = view(of);
      // Not the issuer: few are trusted, so few can have made the same subject.
      constexpr std::size_t odd = 0x9e3779b97f4a7c15;
      return std::hash<const void*>{}(seen.what) * odd +
             std::hash<std::string_view>{}(seen.subject);
    }
  };
  struct equal {
    using is_transparent = void;
    bool operator()(const auto& one, const auto& other) const noexcept {
      const auto a = view(one);
      const auto b = view(other);
      return a.what == b.what && a.subject == b.subject && a.issuer == b.issuer;
    }
  };

  mutable std::mutex mutex_;
  std::unordered_map<account, clock::time_point, hash, equal> full_at_;
  std::size_t look_again_at_ = 1024;  // accounts, for such as can be forgotten
};

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/rate_limiter.ipp"
#endif
