// One thread of an HTTP server: an io_context, the connections that live on it, one timer for all
// their deadlines, and the Date of this second.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"

#include <asio/awaitable.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
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
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sesame::inline v0::net::detail {

using steady_time = std::chrono::steady_clock::time_point;
inline constexpr steady_time never = steady_time::max();

/// A socket without type erasure: it knows that its executor is an io_context.
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// A user's handler, its type forgotten: connections are compiled once for all handlers.
struct handler_reference {
  void* handler;
  std::optional<asio::awaitable<void>> (*call)(void*, const http_request&, http_response&);
};

/// What the threads of one server share.
struct server_state {
  std::atomic<std::size_t> connections = 0;
  std::atomic<bool> crowded = false;      // the limit of connections is reached
  std::atomic<bool> dismantling = false;  // the server is being destroyed
  std::function<void()> accept_again;     // thread-safe
};

/// The right to be one of `max_connections`, given back on destruction.
class connection_slot {
 public:
  explicit connection_slot(server_state& state) : state_(&state) { ++state.connections; }
  connection_slot(connection_slot&& other) noexcept
      : state_(std::exchange(other.state_, nullptr)) {}
  connection_slot& operator=(connection_slot&&) = delete;
  ~connection_slot() {
    if (state_ == nullptr) return;
    --state_->connections;
    if (!state_->dismantling && state_->crowded.exchange(false)) state_->accept_again();
  }

 private:
  server_state* state_;
};

class worker;

/// A connection as its worker sees it. Counted by hand: all its owners are on one thread.
class worker_connection {
 public:
  worker_connection(const worker_connection&) = delete;
  worker_connection& operator=(const worker_connection&) = delete;

  virtual void tick(steady_time now) = 0;  ///< looks at its deadlines
  virtual void stop() = 0;                 ///< the server begins to stop
  virtual void abort() = 0;                ///< the grace is over

 protected:
  explicit worker_connection(worker& owner);
  virtual ~worker_connection();

  worker& worker_;

 private:
  friend class worker;
  template <class>
  friend class counted;

  std::size_t owners_ = 0;
  worker_connection *next_ = nullptr, *previous_ = nullptr;
};

/// Keeps a connection alive.
template <class Connection>
class counted {
 public:
  explicit counted(Connection* connection) noexcept : connection_(connection) { acquire(); }
  counted(const counted& other) noexcept : connection_(other.connection_) { acquire(); }
  counted(counted&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  counted& operator=(counted other) noexcept {
    std::swap(connection_, other.connection_);
    return *this;
  }
  ~counted() {
    if (connection_ == nullptr) return;
    worker_connection* base = connection_;
    if (--base->owners_ == 0) delete base;
  }
  Connection* operator->() const noexcept { return connection_; }

 private:
  void acquire() noexcept {
    worker_connection* base = connection_;
    if (base != nullptr) ++base->owners_;
  }
  Connection* connection_;
};

class worker {
 public:
  using adopt_function = void (*)(worker&, tcp_socket, const asio::ip::tcp::endpoint&,
                                  connection_slot);

  worker(const http_options& settings, server_state& state, handler_reference handler)
      : options(settings),
        shared(state),
        handle(handler),
        sweep_timer_(context_),
        busy_(context_.get_executor()) {}

  ~worker() { dismantling_ = true; }

  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  const http_options& options;
  server_state& shared;
  const handler_reference handle;
  void* tls_context = nullptr;  // asio::ssl::context, if the server speaks TLS

  [[nodiscard]] asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] bool stopping() const noexcept { return stopping_; }

  /// Runs until stopped. What handlers let escape on the io_context is reported.
  void run() {
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

  void report(std::string_view what) const noexcept {
    try {
      options.on_error(what);
    } catch (...) {  // there is nobody left to tell
    }
  }

  /// To be called on the worker's thread. Twice is once.
  void stop() {
    if (std::exchange(stopping_, true)) return;
    abort_at_ = std::chrono::steady_clock::now() + options.timeouts.stop_grace;
    for_each([](worker_connection& each) { each.stop(); });
    if (first_ == nullptr)
      context_.stop();
    else
      sweep();
  }

  /// "Date: …" with its line end, as of this second.
  [[nodiscard]] std::string_view date_line() {
    const auto now = std::time(nullptr);
    if (now != date_second_) {
      date_second_ = now;
      write_date(now);
    }
    return {date_.data(), date_size_};
  }

 private:
  friend class worker_connection;

  void add(worker_connection& one) {
    one.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &one;
    first_ = &one;
    if (!sweeping_) schedule_sweep();
  }

  void remove(worker_connection& one) noexcept {
    (one.previous_ != nullptr ? one.previous_->next_ : first_) = one.next_;
    if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
    if (cursor_ == &one) cursor_ = one.next_;
    if (first_ == nullptr && stopping_ && !dismantling_) context_.stop();
  }

  /// Calls `what` for each connection; it may end any of them.
  template <class What>
  void for_each(What what) {
    for (auto* one = first_; one != nullptr; one = cursor_) {
      cursor_ = one->next_;
      const counted<worker_connection> kept(one);
      what(*one);
    }
  }

  void schedule_sweep() {
    sweeping_ = true;
    sweep_timer_.expires_after(stopping_ ? std::min(tick(), std::chrono::milliseconds(20))
                                         : tick());
    sweep_timer_.async_wait([this](const std::error_code& cancelled) {
      sweeping_ = false;
      if (!cancelled) sweep();
    });
  }

  void sweep() {
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

  /// How often deadlines are looked at: an eighth of the shortest of them.
  [[nodiscard]] std::chrono::milliseconds tick() const {
    const auto& times = options.timeouts;
    const auto shortest = std::min({times.header, times.body, times.idle, times.write,
                                    times.keep_alive_comment, times.stop_grace});
    return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
  }

  // IMF-fixdate (RFC 9110, section 5.6.7)
  void write_date(std::time_t now) {
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

  // The list outlives the io_context, whose end ends the connections.
  worker_connection *first_ = nullptr, *cursor_ = nullptr;
  bool stopping_ = false, aborted_ = false, sweeping_ = false, dismantling_ = false;
  steady_time abort_at_ = never;
  std::time_t date_second_ = -1;
  std::array<char, 96> date_{};
  std::size_t date_size_ = 0;
  asio::io_context context_{1};
  asio::steady_timer sweep_timer_;
  asio::executor_work_guard<asio::io_context::executor_type> busy_;
};

inline worker_connection::worker_connection(worker& owner) : worker_(owner) {
  owner.add(*this);
}
inline worker_connection::~worker_connection() {
  worker_.remove(*this);
}

}  // namespace sesame::inline v0::net::detail
