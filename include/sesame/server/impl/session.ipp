// What server/session.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/event.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/server/cancellation.hpp"
#include "sesame/server/event_bus.hpp"
#include "sesame/server/session.hpp"
#include "sesame/server/session_streams.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE std::string session_owner(const principal* caller) {
  if (caller == nullptr) return {};
  return std::to_string(caller->client_id.size()) + ':' + caller->client_id + caller->key();
}

SESAME_INLINE session::session(std::string id, std::string owner, const protocol::revision& wire,
                               client_capabilities capabilities,
                               const std::optional<implementation>& client, session_limits limits)
    : id_(std::move(id)),
      owner_(std::move(owner)),
      wire_(wire),
      capabilities_(capabilities),
      most_requests_(limits.requests),
      streams_(limits.replay_bytes, limits.replay_events) {
  changes_.on_change([this] { streams_.ring_own(); });
  if (!client) return;
  json::writer out{client_};
  protocol::write(*client, protocol::stateless_revision, out);
  client_.shrink_to_fit();
}

SESAME_INLINE std::optional<implementation> session::client() const {
  json::document document{{.size = std::max(client_.size(), std::size_t{1024})}};
  const auto read = document.parse(client_);
  return read ? protocol::read_implementation(*read) : std::nullopt;
}

SESAME_INLINE bool session::admits(std::string_view caller) {
  if (owner_.empty() && !caller.empty()) {
    owner_ = caller;
    // Nobody without a name reads on what is somebody's now.
    streams_.dismiss_readers();
  }
  return owner_ == caller;
}

SESAME_INLINE void session::gather_changes() {
  changes_.take([&](const change& what) {
    streams_.append(*streams_.own(), notification_of(what));
    return true;
  });
}

SESAME_INLINE bool session::started(std::string request, std::shared_ptr<cancellation> cancel) {
  const std::scoped_lock lock{mutex_};
  if (closed_ || in_flight_.size() >= most_requests_) return false;
  in_flight_.insert_or_assign(std::move(request), std::move(cancel));
  return true;
}

SESAME_INLINE void session::finished(const std::string& request,
                                     const std::shared_ptr<cancellation>& cancel) {
  const std::scoped_lock lock{mutex_};
  const auto found = in_flight_.find(request);
  // A client that used its id twice has only the later request under it.
  if (found != in_flight_.end() && found->second == cancel) in_flight_.erase(found);
  touch();
}

SESAME_INLINE std::string session::ask(const std::shared_ptr<question>& asked) {
  const std::scoped_lock lock{mutex_};
  auto id = '"' + std::string{"sesame-"} + std::to_string(++asked_) + '"';
  questions_.emplace(id, asked);
  return id;
}

SESAME_INLINE void session::forget(const std::string& id) {
  const std::scoped_lock lock{mutex_};
  questions_.erase(id);
}

SESAME_INLINE void session::answer(const std::string& id, std::string_view response) {
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

SESAME_INLINE void session::close() {
  std::vector<std::shared_ptr<cancellation>> all;
  {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    for (auto& [id, cancel] : in_flight_) all.push_back(cancel);
  }
  for (const auto& cancel : all) cancel->request();
  streams_.close();
}

SESAME_INLINE bool session::busy() const {
  if (streams_.being_read()) return true;
  const std::scoped_lock lock{mutex_};
  return !in_flight_.empty();
}

SESAME_INLINE std::shared_ptr<cancellation> session::find(const std::string& request) {
  const std::scoped_lock lock{mutex_};
  const auto found = in_flight_.find(request);
  return found == in_flight_.end() ? nullptr : found->second;
}

SESAME_INLINE void session_table::add(const std::shared_ptr<session>& opened) {
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

SESAME_INLINE std::shared_ptr<session> session_table::find(std::string_view id,
                                                           std::string_view owner) {
  const std::scoped_lock lock{mutex_};
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return nullptr;
  const auto now = session::clock::now();
  if (expired(*found->second, now)) {
    sessions_.erase(found);
    return nullptr;
  }
  if (!found->second->admits(owner)) return nullptr;
  found->second->touch(now);
  return found->second;
}

SESAME_INLINE bool session_table::remove(std::string_view id, std::string_view owner) {
  std::shared_ptr<session> ended;
  {
    const std::scoped_lock lock{mutex_};
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || !found->second->admits(owner)) return false;
    ended = found->second;
    sessions_.erase(found);
  }
  ended->close();
  return true;
}

SESAME_INLINE std::size_t session_table::size() const {
  const std::scoped_lock lock{mutex_};
  return sessions_.size();
}

SESAME_INLINE void session_table::drop_idle() {
  if (++added_ % 64 != 0 && sessions_.size() < limit_) return;
  const auto now = session::clock::now();
  std::erase_if(sessions_, [&](const auto& entry) { return expired(*entry.second, now); });
}

}  // namespace sesame::inline v0::detail
