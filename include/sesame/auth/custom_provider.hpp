// A provider in one function: for callers that no other provider knows how to verify.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Lets `Decide` say who is calling: a function of the token and the moment that returns
/// `result<principal, auth_failure>`, or an `asio::awaitable` of it where it has to ask others.
///
///     const sesame::custom_provider provider{
///         [](std::string_view token, std::chrono::system_clock::time_point now)
///             -> sesame::result<sesame::principal, sesame::auth_failure> { ... }};
///
/// It is called by several threads at once. What it returns is held to what every provider owes: a
/// principal without issuer or subject, or one that has expired, is refused. What it throws becomes
/// `unavailable`, with the exception's text for the log alone: keep the token out of that text.
template <class Decide>
class custom_provider {
 public:
  using moment = std::chrono::system_clock::time_point;
  using answer = result<principal, auth_failure>;

  static constexpr bool asks =
      std::same_as<std::invoke_result_t<const Decide&, std::string_view, moment>,
                   asio::awaitable<answer>>;

  static_assert(
      asks || std::same_as<std::invoke_result_t<const Decide&, std::string_view, moment>, answer>,
      "sesame: a custom_provider's function returns result<principal, auth_failure>, or an "
      "asio::awaitable of it");

  /// `issuers`: where clients get their tokens (RFC 9728); none: they know it already.
  explicit custom_provider(Decide decide, std::vector<std::string> issuers = {})
      : decide_(std::move(decide)), issuers_(std::move(issuers)) {}

  [[nodiscard]] answer verify(std::string_view token, moment now) const {
    if constexpr (asks) {
      return failure{auth_failure{auth_error::unavailable, "not asked yet"}};
    } else {
      try {
        return checked(decide_(token, now), now);
      } catch (const std::exception& error) {
        return thrown(error.what());
      } catch (...) {
        return thrown("no std::exception");
      }
    }
  }

  [[nodiscard]] asio::awaitable<answer> look_up(std::string token, moment now) const
    requires asks
  {
    try {
      auto asked = decide_(std::string_view(token), now);
      co_return checked(co_await std::move(asked), now);
    } catch (const std::exception& error) {
      co_return thrown(error.what());
    } catch (...) {
      co_return thrown("no std::exception");
    }
  }

  [[nodiscard]] std::vector<std::string> issuers() const { return issuers_; }

 private:
  static answer checked(answer said, moment now) {
    if (!said) return said;
    if (said->issuer.empty() || !auth::is_identifying(said->subject))
      return auth::detail::malformed("a principal without issuer or subject");
    if (said->expires <= now) return auth::detail::malformed("a principal that has expired");
    return said;
  }

  static answer thrown(const char* text) {
    return auth::detail::refuse(auth_error::unavailable,
                                "the verifier threw " + auth::detail::quoted(text));
  }

  Decide decide_;
  std::vector<std::string> issuers_;
};

}  // namespace sesame::inline v0
