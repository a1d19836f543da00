// Who is calling, for code that is too far from the handler to be told.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"

#include <asio/any_io_executor.hpp>

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

/// `executor`, for what is done on behalf of `caller`; for nobody, it is enough as it is.
[[nodiscard]] asio::any_io_executor on_behalf_of(std::shared_ptr<const principal> caller,
                                                 asio::any_io_executor executor);

}  // namespace detail
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/current_principal.ipp"
#endif
