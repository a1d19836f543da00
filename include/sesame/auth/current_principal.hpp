// Who is calling, for code that is too far from the handler to be told.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/execution.hpp>

#include <memory>
#include <utility>

namespace sesame::inline v0 {

namespace detail {

inline thread_local constinit const principal* ambient_principal = nullptr;

}  // namespace detail

/// The verified caller on whose behalf this code runs, or null: outside a call, and in one that
/// nobody has signed in for. It follows a handler through its coroutines, each time that one goes
/// on, on whatever thread; it never shows the caller of another call. It does not follow to threads
/// and executors that the handler starts itself: see `principal_scope`.
///
/// What a handler takes as a `const principal&` is checked by the compiler, and the better choice
/// where there is one. The pointer is good for as long as the call.
[[nodiscard]] inline const principal* current_principal() noexcept {
  return detail::ambient_principal;
}

/// Makes a principal the current one of this thread until the end of the scope. For work that a
/// handler hands to another thread; `caller` outlives the scope. Not across a `co_await`.
class principal_scope {
 public:
  explicit principal_scope(const principal* caller) noexcept
      : before_(std::exchange(detail::ambient_principal, caller)) {}
  ~principal_scope() { detail::ambient_principal = before_; }
  principal_scope(const principal_scope&) = delete;
  principal_scope& operator=(const principal_scope&) = delete;

 private:
  const principal* before_;
};

namespace detail {

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

/// `executor`, for what is done on behalf of `caller`; for nobody, it is enough as it is.
[[nodiscard]] inline asio::any_io_executor on_behalf_of(std::shared_ptr<const principal> caller,
                                                        asio::any_io_executor executor) {
  if (!caller) return executor;
  return principal_executor{std::move(executor), std::move(caller)};
}

}  // namespace detail
}  // namespace sesame::inline v0
