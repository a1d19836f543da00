// Changes are published once, from any thread, and heard by everybody who asked for them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/service/change.hpp"

#include <bitset>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace sesame::inline v0::detail {

class listener;

/// Where changes are published.
class event_bus {
 public:
  /// Tells everybody who wants to hear of it; from any thread.
  void publish(const change& what) const;

 private:
  friend class listener;
  struct audience {
    std::mutex mutex;
    std::unordered_set<listener*> listeners;
  };
  // A listener may be let go of later than the server.
  std::shared_ptr<audience> audience_ = std::make_shared<audience>();
};

/// One who listens: what it wants to hear of, and what it has not taken yet. Equal changes that
/// wait are one, so no more waits than is wanted. May be used by several threads at once.
class listener {
 public:
  listener() = default;
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener() { leave(); }

  /// Hears of what is published from now on. Not while another thread joins or leaves.
  void join(const event_bus& bus);
  /// Hears of nothing any more, and calls nobody.
  void leave();

  /// Wants to hear of the changes of a list.
  void want(change_kind list);
  /// Wants to hear of the changes of a resource. False if it watches `most` others already.
  bool watch(std::string_view uri, std::size_t most);
  void unwatch(std::string_view uri);
  /// Waits to hear that the page of that id has been visited; of the last 64 such pages.
  void expect(std::string_view id);

  /// Has `call` called when there is something to take, once until it is taken, and at once if
  /// there is something already. It is called under a lock and on whatever thread publishes, so it
  /// can do no more than pass that on. An empty one ends it.
  void on_change(std::function<void()> call);

  /// Hands what waits to `tell`, change by change, until that says false: then the change waits on.
  /// It may not come back to this object.
  template <class Tell>
  void take(Tell&& tell) {
    const std::scoped_lock lock{mutex_};
    for (const auto& row : change_table) {
      const auto place = static_cast<std::size_t>(row.kind);
      if (!changed_.test(place)) continue;
      if (!tell(change{row.kind, {}})) return;
      changed_.reset(place);
    }
    while (!completed_.empty()) {
      if (!tell(change{change_kind::elicitation, completed_.front()})) return;
      completed_.pop_front();
    }
    while (!updated_.empty()) {
      const auto& uri = *updated_.front();
      if (!tell(change{change_kind::resource, uri})) return;
      watched_.find(uri)->second = false;
      updated_.pop_front();
    }
  }

 private:
  friend class event_bus;

  [[nodiscard]] bool waiting() const {
    return changed_.any() || !updated_.empty() || !completed_.empty();
  }

  void note(const change& what);

  std::shared_ptr<event_bus::audience> among_;
  std::mutex mutex_;
  std::bitset<change_table.size()> wanted_, changed_;
  std::map<std::string, bool, std::less<>> watched_;  // and whether it was updated
  // Lists, for most stay empty, and an empty deque takes half a kilobyte.
  std::list<const std::string*> updated_;        // in the order of the updates
  std::list<std::string> expected_, completed_;  // pages, the oldest first
  std::function<void()> call_;
};

/// The notification of a change. `subscription` is the id of the request that asked for it, as JSON
/// text; empty in a session.
[[nodiscard]] std::string notification_of(const change& what, std::string_view subscription = {});

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/event_bus.ipp"
#endif
