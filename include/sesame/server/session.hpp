// The state that the session revisions keep between requests.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/net/event.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/server/cancellation.hpp"
#include "sesame/server/event_bus.hpp"
#include "sesame/server/session_streams.hpp"
#include "sesame/service/context.hpp"

#include <asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sesame::inline v0::detail {

/// A request to the client that waits for its response.
struct question {
  explicit question(const asio::any_io_executor& executor) : answered(executor) {}
  net::event answered;
  std::string response;  ///< the whole message; read once the question is forgotten
};

/// Under whose name a session is kept: that of the caller and of the program in use; empty for a
/// caller without a token. New tokens of the same two change nothing.
[[nodiscard]] std::string session_owner(const principal* caller);

/// How much a session may hold.
struct session_limits {
  std::size_t requests = 256;                         ///< that are being served at once
  std::size_t replay_bytes = std::size_t{256} << 10;  ///< of events that are kept
  std::size_t replay_events = 1'000;
};

/// One session. What a client said when it opened it does not change; the rest is guarded, since
/// requests of one session may be served on several threads.
class session {
 public:
  using clock = std::chrono::steady_clock;

  session(std::string id, std::string owner, const protocol::revision& wire,
          client_capabilities capabilities, const std::optional<implementation>& client,
          session_limits limits = {});

  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// Whose session it is: the `session_owner` who opened it. Having a session's id proves nothing.
  [[nodiscard]] const std::string& owner() const noexcept { return owner_; }

  /// Whether `caller` may use the session. One that was opened without a token belongs to the first
  /// caller who comes with one: that is how a client goes on after it was asked to sign in. Called
  /// under the table's lock.
  bool admits(std::string_view caller);
  [[nodiscard]] const protocol::revision& wire() const noexcept { return wire_; }
  [[nodiscard]] client_capabilities capabilities() const noexcept { return capabilities_; }
  /// What the client calls itself, if it has said so; kept as text, as few ask.
  [[nodiscard]] std::optional<implementation> client() const;

  std::atomic<log_level> log_threshold = log_level::info;

  /// What the client wants to hear of, once it is initialized.
  [[nodiscard]] listener& changes() noexcept { return changes_; }

  /// Its event streams, over HTTP.
  [[nodiscard]] session_streams& streams() noexcept { return streams_; }

  /// Puts the changes that wait on the session's own stream.
  void gather_changes();

  void touch(clock::time_point now = clock::now()) noexcept {
    last_used_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  }
  [[nodiscard]] clock::time_point last_used() const noexcept {
    return clock::time_point{clock::duration{last_used_.load(std::memory_order_relaxed)}};
  }

  /// Notes a request that is being served, under its id, so that it can be cancelled by it. False
  /// if there are too many, or if the session has ended.
  bool started(std::string request, std::shared_ptr<cancellation> cancel);
  void finished(const std::string& request, const std::shared_ptr<cancellation>& cancel);
  void cancel(const std::string& request) {
    if (const auto found = find(request)) found->request();
  }

  /// Opens a question and names the id to ask it under.
  std::string ask(const std::shared_ptr<question>& asked);
  /// Takes a question back: from here on nothing is written to it.
  void forget(const std::string& id);
  /// Hands a response to the question it answers; the id is JSON text. Others are dropped.
  void answer(const std::string& id, std::string_view response);

  /// Ends all that is being served in the session, and its streams.
  void close();

  [[nodiscard]] bool busy() const;

  /// When it was used last, which is now while something is being served in it.
  [[nodiscard]] clock::time_point idle_since() const { return busy() ? clock::now() : last_used(); }

 private:
  std::shared_ptr<cancellation> find(const std::string& request);

  std::string id_;
  std::string owner_;
  const protocol::revision& wire_;
  client_capabilities capabilities_;
  std::string client_;  // as JSON; empty for none
  std::size_t most_requests_;
  std::atomic<clock::rep> last_used_ = clock::now().time_since_epoch().count();
  session_streams streams_;
  listener changes_;

  mutable std::mutex mutex_;
  bool closed_ = false;
  std::unordered_map<std::string, std::shared_ptr<cancellation>> in_flight_;
  std::unordered_map<std::string, std::shared_ptr<question>> questions_;
  std::uint64_t asked_ = 0;
};

/// The sessions of a server that are reached by their id, bounded in number and in idle time.
class session_table {
 public:
  session_table(std::size_t limit, std::chrono::seconds idle) : limit_(limit), idle_(idle) {}

  /// Takes a new session in. If there are too many, the one that has lain idle longest gives way.
  void add(const std::shared_ptr<session>& opened);

  /// The session of that id, if it is there and belongs to `owner`. A stranger learns no more than
  /// that there is none.
  [[nodiscard]] std::shared_ptr<session> find(std::string_view id, std::string_view owner);

  /// Ends a session; false if there was none of that owner.
  bool remove(std::string_view id, std::string_view owner);

  [[nodiscard]] std::size_t size() const;

 private:
  // Most are asked soon after they were used, which is told without a look at what they do.
  bool expired(const session& s, session::clock::time_point now) const {
    return now - s.last_used() > idle_ && !s.busy();
  }

  // Looks at all of them only now and then, so that opening one costs the same with many.
  void drop_idle();

  std::size_t limit_;
  std::chrono::seconds idle_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string_view, std::shared_ptr<session>> sessions_;  // by their own ids
  std::uint64_t added_ = 0;
};

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/session.ipp"
#endif
