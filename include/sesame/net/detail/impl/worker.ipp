// What net/detail/worker.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/detail/spares.hpp"
#include "sesame/net/detail/worker.hpp"
#include "sesame/net/http_options.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

namespace sesame::inline v0::net::detail {

SESAME_INLINE connection_slot::~connection_slot() {
  if (state_ == nullptr) return;
  --state_->connections;
  if (!state_->dismantling && state_->crowded.exchange(false)) state_->accept_again();
}

SESAME_INLINE worker::worker(const http_options& settings, server_state& state,
                             handler_reference handler)
    : options(settings),
      shared(state),
      handle(handler),
      sweep_timer_(context_),
      busy_(context_.get_executor()) {}

SESAME_INLINE void worker::run() {
  const housekeeping keeps_spares;
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& thrown) {
      report(thrown.what());
    } catch (...) {
      report("something that is no std::exception was thrown on the server's thread");
    }
  }
}

SESAME_INLINE void worker::stop() {
  if (std::exchange(stopping_, true)) return;
  abort_at_ = std::chrono::steady_clock::now() + options.timeouts.stop_grace;
  for_each([](worker_connection& each) { each.stop(); });
  if (first_ == nullptr)
    context_.stop();
  else
    sweep();
}

SESAME_INLINE std::string_view worker::date_line() {
  const auto now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    write_date(now);
  }
  return {date_.data(), date_size_};
}

SESAME_INLINE void worker::add(worker_connection& one) {
  one.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &one;
  first_ = &one;
  if (!sweeping_) schedule_sweep();
}

SESAME_INLINE void worker::remove(worker_connection& one) noexcept {
  (one.previous_ != nullptr ? one.previous_->next_ : first_) = one.next_;
  if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
  if (cursor_ == &one) cursor_ = one.next_;
  if (first_ == nullptr && stopping_ && !dismantling_) context_.stop();
}

SESAME_INLINE void worker::schedule_sweep() {
  sweeping_ = true;
  sweep_timer_.expires_after(stopping_ ? std::min(tick(), std::chrono::milliseconds(20)) : tick());
  sweep_timer_.async_wait([this](const std::error_code& cancelled) {
    sweeping_ = false;
    if (!cancelled) sweep();
  });
}

SESAME_INLINE void worker::sweep() {
  housekeeping::let_go();
  const auto now = std::chrono::steady_clock::now();
  if (stopping_ && now >= abort_at_) {
    // Handlers that were told now have a moment to unwind before their thread ends.
    if (std::exchange(aborted_, true)) return context_.stop();
    for_each([](worker_connection& each) { each.abort(); });
    abort_at_ = now + std::chrono::milliseconds(250);
  } else {
    for_each([now](worker_connection& each) { each.tick(now); });
  }
  if (first_ != nullptr && !sweeping_) schedule_sweep();
}

SESAME_INLINE std::chrono::milliseconds worker::tick() const {
  const auto& times = options.timeouts;
  const auto shortest = std::min({times.header, times.body, times.idle, times.write,
                                  times.keep_alive_comment, times.stop_grace});
  return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

SESAME_INLINE void worker::write_date(std::time_t now) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  using namespace std::chrono;
  const sys_seconds time{seconds(now)};
  const auto day = floor<std::chrono::days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const auto size = std::snprintf(
      date_.data(), date_.size(), "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
      days[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
      months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  date_size_ = static_cast<std::size_t>(size);
}

SESAME_INLINE worker_connection::worker_connection(worker& owner) : worker_(owner) {
  owner.add(*this);
}

SESAME_INLINE worker_connection::~worker_connection() {
  worker_.remove(*this);
}

}  // namespace sesame::inline v0::net::detail
