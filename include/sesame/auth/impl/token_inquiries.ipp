// What auth/token_inquiries.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/token_inquiries.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/background.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/single_flight.hpp"

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sesame::inline v0::auth {

/// What came of a question. All that the question itself holds on to: the last of a flight's owners
/// must not be its own thread.
struct token_inquiries::outcome {
  std::mutex mutex;
  std::optional<answer> said;

  std::optional<answer> get() {
    const std::lock_guard lock(mutex);
    return said;
  }
};

struct token_inquiries::flight {
  std::shared_ptr<outcome> told = std::make_shared<outcome>();
  net::single_flight question;

  flight(std::shared_ptr<const token_inquiries::question> ask, std::string token, moment now)
      : question([ask = std::move(ask), told = told, token = std::move(token), now] {
          return run(ask, told, token, now);
        }) {}
};

struct token_inquiries::state {
  struct refusal {
    auth_failure why;
    moment since, until;
  };

  std::shared_ptr<const question> ask;
  token_inquiry_settings settings;
  std::shared_ptr<net::background> thread = net::background::shared();  ///< kept between questions
  std::mutex mutex;
  std::unordered_map<std::string, std::shared_ptr<flight>> flights;  ///< guarded, by token hash
  std::unordered_map<std::string, refusal> refusals;                 ///< guarded, by token hash

  std::optional<auth_failure> refused(const std::string& token, moment now) {
    const std::lock_guard lock(mutex);
    const auto found = refusals.find(token);
    if (found == refusals.end()) return std::nullopt;
    if (now >= found->second.since && now < found->second.until) return found->second.why;
    refusals.erase(found);
    return std::nullopt;
  }

  /// The question about this token that is under way, or a new one; null where there are too many.
  std::shared_ptr<flight> board(const std::string& hash, const std::string& token, moment now) {
    const std::lock_guard lock(mutex);
    // Those that nobody waits for any more are still here.
    std::erase_if(flights, [](const auto& one) { return one.second->told->get().has_value(); });
    if (const auto found = flights.find(hash); found != flights.end()) return found->second;
    if (flights.size() >= settings.at_once) return nullptr;
    auto fresh = std::make_shared<flight>(ask, token, now);
    flights.emplace(hash, fresh);
    return fresh;
  }

  void leave(const std::string& hash, const std::shared_ptr<flight>& left) {
    const std::lock_guard lock(mutex);
    if (const auto found = flights.find(hash); found != flights.end() && found->second == left)
      flights.erase(found);
  }

  void remember(const std::string& hash, const auth_failure& why, moment now) {
    if (why.code == auth_error::unavailable || settings.refusals == 0) return;
    const std::lock_guard lock(mutex);
    if (refusals.size() >= settings.refusals)
      std::erase_if(refusals, [&](const auto& one) { return one.second.until <= now; });
    if (refusals.size() >= settings.refusals)
      refusals.erase(
          std::ranges::min_element(refusals, {}, [](const auto& one) { return one.second.until; }));
    refusals.insert_or_assign(hash, refusal{why, now, now + settings.refused});
  }
};

SESAME_INLINE bool is_bearer_token(std::string_view text) {
  constexpr token_limits limits;
  return !text.empty() && text.size() <= limits.token && std::ranges::all_of(text, [](char c) {
    return net::detail::is(c, net::detail::unreserved_character) || c == '+' || c == '/' ||
           c == '=';
  });
}

SESAME_INLINE token_inquiries::token_inquiries(question ask, token_inquiry_settings settings)
    : state_(std::make_shared<state>()) {
  using namespace std::chrono_literals;
  if (settings.longest <= 0s || settings.longest > 5min)
    throw configuration_error("longest", "must be positive and no more than 5 minutes");
  if (settings.refused < 0s || settings.refused > 5min)
    throw configuration_error("refused", "must lie between 0 and 5 minutes");
  if (settings.at_once == 0)
    throw configuration_error("at_once", "allow at least one question at a time");
  state_->ask = std::make_shared<const question>(std::move(ask));
  state_->settings = settings;
}

SESAME_INLINE token_inquiries::answer token_inquiries::known(std::string_view token,
                                                             moment now) const {
  if (!is_bearer_token(token)) return detail::malformed("no token has such characters, or so many");
  if (auto why = state_->refused(sha256(token), now)) return failure{*std::move(why)};
  return detail::refuse(auth_error::unavailable, "nobody was asked about the token yet");
}

SESAME_INLINE asio::awaitable<token_inquiries::answer> token_inquiries::look_up(std::string token,
                                                                                moment now) const {
  return wait(state_, std::move(token), now);
}

SESAME_INLINE asio::awaitable<token_inquiries::answer> token_inquiries::wait(
    std::shared_ptr<state> kept, std::string token, moment now) {
  if (!is_bearer_token(token))
    co_return detail::malformed("no token has such characters, or so many");
  const auto hash = sha256(token);
  if (auto why = kept->refused(hash, now)) co_return failure{*std::move(why)};
  const auto boarded = kept->board(hash, token, now);
  if (!boarded)
    co_return detail::refuse(auth_error::unavailable, "too many tokens are asked about at once");
  co_await boarded->question.join();
  kept->leave(hash, boarded);
  auto said = boarded->told->get();
  if (!said)
    co_return detail::refuse(auth_error::unavailable, "the question about the token was dropped");
  if (!*said) {
    kept->remember(hash, said->error(), now);
  } else {
    auto& caller = **said;
    const auto again = std::chrono::floor<std::chrono::seconds>(now) + kept->settings.longest;
    caller.verified_until = std::min(caller.verified_until, again);
  }
  co_return *std::move(said);
}

SESAME_INLINE asio::awaitable<void> token_inquiries::run(std::shared_ptr<const question> ask,
                                                         std::shared_ptr<outcome> told,
                                                         std::string token, moment now) {
  // Whoever comes between the answer and the end of its flight is not to ask again.
  if (told->get()) co_return;
  answer said = detail::refuse(auth_error::unavailable, "the question about the token failed");
  try {
    said = co_await (*ask)(std::move(token), now);
  } catch (...) {  // NOLINT(bugprone-empty-catch): who knows what the exception's text quotes
  }
  const std::lock_guard lock(told->mutex);
  told->said = std::move(said);
}

}  // namespace sesame::inline v0::auth
