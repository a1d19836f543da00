// Questions about tokens to somebody else: for providers of tokens that say nothing themselves.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

struct token_inquiry_settings {
  /// After how long the issuer is asked again about a token that it knows; 5 minutes at most. So
  /// late may a revocation be noticed. A server keeps no answer for more than a minute.
  std::chrono::seconds longest{60};

  /// How long a token that was refused stays so without a question; 5 minutes at most.
  std::chrono::seconds refused{10};

  std::size_t refusals = 1024;  ///< the most refused tokens remembered
  std::size_t at_once = 64;     ///< the most questions under way; what is beyond is `unavailable`
};

namespace auth {

/// Whether a text could be a token: of the characters of RFC 6750, section 2.1, and bounded.
[[nodiscard]] bool is_bearer_token(std::string_view text);

/// Asks about each token once at a time, however many callers present it, and remembers refusals
/// for a while. Who is let in is remembered by the server's `token_cache`. Of a token no more than
/// its SHA-256 hash is kept. Safe to use from several threads; copies share what is under way.
class token_inquiries {
 public:
  using moment = std::chrono::system_clock::time_point;
  using answer = result<principal, auth_failure>;
  using question = std::function<asio::awaitable<answer>(std::string token, moment now)>;

  /// `ask` runs on the background thread, and may be under way for several tokens at once. What it
  /// throws becomes `unavailable`. Throws `configuration_error` for a setting that makes no sense.
  token_inquiries(question ask, token_inquiry_settings settings);

  /// What can be said without a question: a refusal, where it was remembered or where the text could
  /// be no token; or `unavailable`.
  [[nodiscard]] answer known(std::string_view token, moment now) const;

  /// The answer to the question, which goes on where whoever waits for it goes away. A caller who is
  /// let in is `verified_until` as the settings say.
  [[nodiscard]] asio::awaitable<answer> look_up(std::string token, moment now) const;

 private:
  struct outcome;
  struct flight;
  struct state;

  static asio::awaitable<void> run(std::shared_ptr<const question> ask,
                                   std::shared_ptr<outcome> told, std::string token, moment now);
  static asio::awaitable<answer> wait(std::shared_ptr<state> kept, std::string token, moment now);

  std::shared_ptr<state> state_;
};

}  // namespace auth
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/token_inquiries.ipp"
#endif
