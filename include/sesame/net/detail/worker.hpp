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
#include <functional>
#include <optional>
#include <string_view>
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
  ~connection_slot();

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

  worker(const http_options& settings, server_state& state, handler_reference handler);

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
  void run();

  void report(std::string_view what) const noexcept {
    try {
      options.on_error(what);
    } catch (...) {  // there is nobody left to tell
    }
  }

  /// To be called on the worker's thread. Twice is once.
  void stop();

  /// "Date: …" with its line end, as of this second.
  [[nodiscard]] std::string_view date_line();

 private:
  friend class worker_connection;

  void add(worker_connection& one);

  void remove(worker_connection& one) noexcept;

  /// Calls `what` for each connection; it may end any of them.
  template <class What>
  void for_each(What what) {
    for (auto* one = first_; one != nullptr; one = cursor_) {
      cursor_ = one->next_;
      const counted<worker_connection> kept(one);
      what(*one);
    }
  }

  void schedule_sweep();

  void sweep();

  /// How often deadlines are looked at: an eighth of the shortest of them.
  [[nodiscard]] std::chrono::milliseconds tick() const;

  // IMF-fixdate (RFC 9110, section 5.6.7)
  void write_date(std::time_t now);

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

}  // namespace sesame::inline v0::net::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/detail/impl/worker.ipp"
#endif
