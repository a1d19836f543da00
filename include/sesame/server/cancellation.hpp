// How a request that is being served is told that nobody waits for it any more.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <memory>
#include <stop_token>
#include <utility>

namespace sesame::inline v0::detail {

/// Cancels one request: its Asio operations by their slot, other work by a stop token. Shared
/// between the request and whoever may cancel it, of whatever thread.
class cancellation : public std::enable_shared_from_this<cancellation> {
 public:
  explicit cancellation(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// From any thread, any number of times.
  void request() {
    if (requested_.exchange(true)) return;
    stop_.request_stop();
    asio::post(executor_, [self = shared_from_this()] {
      self->signal_.emit(asio::cancellation_type::terminal);
    });
  }

  [[nodiscard]] bool requested() const noexcept { return requested_.load(); }
  [[nodiscard]] std::stop_token stop_token() const { return stop_.get_token(); }

  /// For the operation that is cancelled; on the executor.
  [[nodiscard]] asio::cancellation_slot slot() noexcept { return signal_.slot(); }

 private:
  asio::any_io_executor executor_;
  asio::cancellation_signal signal_;
  std::stop_source stop_;
  std::atomic<bool> requested_ = false;
};

}  // namespace sesame::inline v0::detail
