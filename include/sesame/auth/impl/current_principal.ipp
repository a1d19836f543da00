// What auth/current_principal.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/current_principal.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/linkage.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/execution.hpp>

#include <memory>
#include <utility>

namespace sesame::inline v0::detail {

/// Runs what another executor would, on behalf of a caller. A coroutine that is spawned on it goes
/// on through it each time, and so finds its caller again.
class principal_executor {
 public:
  principal_executor(asio::any_io_executor inner, std::shared_ptr<const principal> caller)
      : inner_(std::move(inner)), caller_(std::move(caller)) {}

  template <class Function>
  void execute(Function&& work) const {
    inner_.execute([caller = caller_, work = std::forward<Function>(work)]() mutable {
      const principal_scope scope(caller.get());
      std::move(work)();
    });
  }

  template <class Property>
    requires asio::can_query<const asio::any_io_executor&, Property>::value
  [[nodiscard]] decltype(auto) query(const Property& property) const {
    return asio::query(inner_, property);
  }
  template <class Property>
    requires asio::can_require<const asio::any_io_executor&, Property>::value
  [[nodiscard]] principal_executor require(const Property& property) const {
    return {asio::require(inner_, property), caller_};
  }
  template <class Property>
    requires asio::can_prefer<const asio::any_io_executor&, Property>::value
  [[nodiscard]] principal_executor prefer(const Property& property) const {
    return {asio::prefer(inner_, property), caller_};
  }

  friend bool operator==(const principal_executor& one, const principal_executor& other) noexcept {
    return one.inner_ == other.inner_ && one.caller_ == other.caller_;
  }

 private:
  asio::any_io_executor inner_;
  std::shared_ptr<const principal> caller_;
};

SESAME_INLINE asio::any_io_executor on_behalf_of(std::shared_ptr<const principal> caller,
                                                 asio::any_io_executor executor) {
  if (!caller) return executor;
  return principal_executor{std::move(executor), std::move(caller)};
}

}  // namespace sesame::inline v0::detail
