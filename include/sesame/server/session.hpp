// The state that the session revisions keep between requests.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/net/event.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/server/cancellation.hpp"
#include "sesame/service/context.hpp"

#include <algorithm>
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
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// A request to the client that waits for its response.
struct question {
  explicit question(const asio::any_io_executor& executor) : answered(executor) {}
  net::event answered;
  std::string response;  ///< the whole message; read once the question is forgotten
};

/// One session. What a client said when it opened it does not change; the rest is guarded, since
/// requests of one session may be served on several threads.
class session {
 public:
  using clock = std::chrono::steady_clock;

  session(std::string id, std::string owner, const protocol::revision& wire,
          client_capabilities capabilities, std::optional<implementation> client)
      : id_(std::move(id)),
        owner_(std::move(owner)),
        wire_(wire),
        capabilities_(capabilities),
        client_(std::move(client)) {}

  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// Whose session it is: the key of the principal that opened it, or empty. Having a session's id
  /// proves nothing.
  [[nodiscard]] const std::string& owner() const noexcept { return owner_; }

  /// Whether `caller` may use the session. One that was opened without a token belongs to the first
  /// caller who comes with one: that is how a client goes on after it was asked to sign in. Called
  /// under the table's lock.
  bool admits(std::string_view caller) {
    if (owner_.empty()) owner_ = caller;
    return owner_ == caller;
  }
  [[nodiscard]] const protocol::revision& wire() const noexcept { return wire_; }
  [[nodiscard]] client_capabilities capabilities() const noexcept { return capabilities_; }
  [[nodiscard]] const std::optional<implementation>& client() const noexcept { return client_; }

  std::atomic<log_level> log_threshold = log_level::info;

  void touch() noexcept { last_used_.store(clock::now().time_since_epoch().count()); }
  [[nodiscard]] clock::time_point last_used() const noexcept {
    return clock::time_point{clock::duration{last_used_.load()}};
  }

  /// Notes a request that is being served, under its id, so that it can be cancelled by it.
  void started(std::string request, std::shared_ptr<cancellation> cancel) {
    const std::scoped_lock lock{mutex_};
    in_flight_.insert_or_assign(std::move(request), std::move(cancel));
  }
  void finished(const std::string& request, const std::shared_ptr<cancellation>& cancel) {
    const std::scoped_lock lock{mutex_};
    const auto found = in_flight_.find(request);
    // A client that used its id twice has only the later request under it.
    if (found != in_flight_.end() && found->second == cancel) in_flight_.erase(found);
    touch();
  }
  void cancel(const std::string& request) {
    if (const auto found = find(request)) found->request();
  }

  /// Opens a question and names the id to ask it under.
  std::string ask(const std::shared_ptr<question>& asked) {
    const std::scoped_lock lock{mutex_};
    auto id = '"' + std::string{"sesame-"} + std::to_string(++asked_) + '"';
    questions_.emplace(id, asked);
    return id;
  }
  /// Takes a question back: from here on nothing is written to it.
  void forget(const std::string& id) {
    const std::scoped_lock lock{mutex_};
    questions_.erase(id);
  }
  /// Hands a response to the question it answers; the id is JSON text. Others are dropped.
  void answer(const std::string& id, std::string_view response) {
    std::shared_ptr<question> asked;
    {
      const std::scoped_lock lock{mutex_};
      const auto found = questions_.find(id);
      if (found == questions_.end()) return;
      asked = std::move(found->second);
      questions_.erase(found);
      asked->response = response;
    }
    asked->answered.set();
  }

  /// Ends all that is being served in the session.
  void close() {
    std::vector<std::shared_ptr<cancellation>> all;
    {
      const std::scoped_lock lock{mutex_};
      for (auto& [id, cancel] : in_flight_) all.push_back(cancel);
    }
    for (const auto& cancel : all) cancel->request();
  }

  [[nodiscard]] bool busy() const {
    const std::scoped_lock lock{mutex_};
    return !in_flight_.empty();
  }

  /// When it was used last, which is now while something is being served in it.
  [[nodiscard]] clock::time_point idle_since() const { return busy() ? clock::now() : last_used(); }

 private:
  std::shared_ptr<cancellation> find(const std::string& request) {
    const std::scoped_lock lock{mutex_};
    const auto found = in_flight_.find(request);
    return found == in_flight_.end() ? nullptr : found->second;
  }

  std::string id_;
  std::string owner_;
  const protocol::revision& wire_;
  client_capabilities capabilities_;
  std::optional<implementation> client_;
  std::atomic<clock::rep> last_used_ = clock::now().time_since_epoch().count();

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<cancellation>> in_flight_;
  std::unordered_map<std::string, std::shared_ptr<question>> questions_;
  std::uint64_t asked_ = 0;
};

/// The sessions of a server that are reached by their id, bounded in number and in idle time.
class session_table {
 public:
  session_table(std::size_t limit, std::chrono::seconds idle) : limit_(limit), idle_(idle) {}

  /// Takes a new session in. If there are too many, the one that has lain idle longest gives way.
  void add(const std::shared_ptr<session>& opened) {
    std::shared_ptr<session> dropped;
    {
      const std::scoped_lock lock{mutex_};
      drop_idle();
      if (sessions_.size() >= limit_) {
        const auto oldest = std::ranges::min_element(
            sessions_, {}, [](const auto& entry) { return entry.second->idle_since(); });
        dropped = oldest->second;
        sessions_.erase(oldest);
      }
      sessions_.emplace(opened->id(), opened);
    }
    if (dropped) dropped->close();
  }

  /// The session of that id, if it is there and belongs to `owner`. A stranger learns no more than
  /// that there is none.
  [[nodiscard]] std::shared_ptr<session> find(std::string_view id, std::string_view owner) {
    const std::scoped_lock lock{mutex_};
    const auto found = sessions_.find(std::string{id});
    if (found == sessions_.end() || !found->second->admits(owner)) return nullptr;
    if (expired(*found->second)) {
      sessions_.erase(found);
      return nullptr;
    }
    found->second->touch();
    return found->second;
  }

  /// Ends a session; false if there was none of that owner.
  bool remove(std::string_view id, std::string_view owner) {
    std::shared_ptr<session> ended;
    {
      const std::scoped_lock lock{mutex_};
      const auto found = sessions_.find(std::string{id});
      if (found == sessions_.end() || !found->second->admits(owner)) return false;
      ended = found->second;
      sessions_.erase(found);
    }
    ended->close();
    return true;
  }

  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock{mutex_};
    return sessions_.size();
  }

 private:
  bool expired(const session& s) const { return session::clock::now() - s.idle_since() > idle_; }

  // Looks at all of them only now and then, so that opening one costs the same with many.
  void drop_idle() {
    if (++added_ % 64 != 0 && sessions_.size() < limit_) return;
    std::erase_if(sessions_, [&](const auto& entry) { return expired(*entry.second); });
  }

  std::size_t limit_;
  std::chrono::seconds idle_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<session>> sessions_;
  std::uint64_t added_ = 0;
};

}  // namespace sesame::inline v0::detail
