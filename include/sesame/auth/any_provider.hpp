// Any provider, its type forgotten: for programs that choose theirs while they run.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/provider.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Holds one provider of any type, and does what that does. Cheap to copy; copies share it.
///
///     const sesame::any_provider staff{in_the_cloud ? sesame::any_provider{auth0} : keycloak};
class any_provider {
 public:
  using moment = std::chrono::system_clock::time_point;
  using answer = result<principal, auth_failure>;

  template <provider Provider>
    requires(!std::derived_from<Provider, any_provider>)
  any_provider(Provider held)  // NOLINT(google-explicit-constructor)
      : held_(std::make_shared<const holder<Provider>>(std::move(held))) {}

  [[nodiscard]] answer verify(std::string_view token, moment now) const {
    return held_->verify(token, now);
  }

  /// A provider that has to ask nobody decides at once.
  [[nodiscard]] asio::awaitable<answer> look_up(std::string token, moment now) const {
    return held_->look_up(held_, std::move(token), now);
  }

  [[nodiscard]] std::vector<std::string> issuers() const { return held_->issuers(); }

  /// Whether the provider is for development alone.
  [[nodiscard]] bool for_development() const { return held_->for_development(); }

  /// Begins to fetch what the provider needs, where it does such a thing.
  void prefetch() const { held_->prefetch(); }

 private:
  class base {
   public:
    base() = default;
    base(const base&) = delete;
    base& operator=(const base&) = delete;
    virtual ~base() = default;
    [[nodiscard]] virtual answer verify(std::string_view token, moment now) const = 0;
    [[nodiscard]] virtual asio::awaitable<answer> look_up(std::shared_ptr<const base> self,
                                                          std::string token, moment now) const = 0;
    [[nodiscard]] virtual std::vector<std::string> issuers() const = 0;
    [[nodiscard]] virtual bool for_development() const = 0;
    virtual void prefetch() const = 0;
  };

  template <class Provider>
  class holder final : public base {
   public:
    explicit holder(Provider held) : held_(std::move(held)) {}
    [[nodiscard]] answer verify(std::string_view token, moment now) const override {
      return held_.verify(token, now);
    }
    // `self` keeps the provider here while somebody waits, and with a name of its own outlives it.
    [[nodiscard]] asio::awaitable<answer> look_up(std::shared_ptr<const base> self,
                                                  std::string token, moment now) const override {
      const auto kept = std::move(self);
      if constexpr (asking_provider<Provider>) {
        co_return co_await held_.look_up(std::move(token), now);
      } else {
        co_return held_.verify(token, now);
      }
    }
    [[nodiscard]] std::vector<std::string> issuers() const override { return held_.issuers(); }
    [[nodiscard]] bool for_development() const override { return sesame::for_development(held_); }
    void prefetch() const override {
      if constexpr (requires { held_.prefetch(); }) held_.prefetch();
    }

   private:
    Provider held_;
  };

  std::shared_ptr<const base> held_;
};

static_assert(asking_provider<any_provider>);

}  // namespace sesame::inline v0
