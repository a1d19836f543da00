// Changes are published once, from any thread, and heard by everybody who asked for them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/service/change.hpp"

#include <bitset>
#include <cstddef>
#include <deque>
#include <functional>
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
  void join(const event_bus& bus) {
    among_ = bus.audience_;
    const std::scoped_lock lock{among_->mutex};
    among_->listeners.insert(this);
  }
  /// Hears of nothing any more, and calls nobody.
  void leave() {
    const auto left = std::move(among_);
    if (!left) return;
    const std::scoped_lock lock{left->mutex};
    left->listeners.erase(this);
  }

  /// Wants to hear of the changes of a list.
  void want(change_kind list) {
    const std::scoped_lock lock{mutex_};
    wanted_.set(static_cast<std::size_t>(list));
  }
  /// Wants to hear of the changes of a resource. False if it watches `most` others already.
  bool watch(std::string_view uri, std::size_t most) {
    const std::scoped_lock lock{mutex_};
    if (watched_.contains(uri)) return true;
    if (watched_.size() >= most) return false;
    watched_.emplace(uri, false);
    return true;
  }
  void unwatch(std::string_view uri) {
    const std::scoped_lock lock{mutex_};
    const auto found = watched_.find(uri);
    if (found == watched_.end()) return;
    if (found->second) std::erase(updated_, &found->first);
    watched_.erase(found);
  }

  /// Has `call` called when there is something to take, once until it is taken, and at once if
  /// there is something already. It is called under a lock and on whatever thread publishes, so it
  /// can do no more than pass that on. An empty one ends it.
  void on_change(std::function<void()> call) {
    const std::scoped_lock lock{mutex_};
    call_ = std::move(call);
    if (call_ && waiting()) call_();
  }

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
    while (!updated_.empty()) {
      const auto& uri = *updated_.front();
      if (!tell(change{change_kind::resource, uri})) return;
      watched_.find(uri)->second = false;
      updated_.pop_front();
    }
  }

 private:
  friend class event_bus;

  [[nodiscard]] bool waiting() const { return changed_.any() || !updated_.empty(); }

  void note(const change& what) {
    const std::scoped_lock lock{mutex_};
    const bool called = waiting();
    const auto place = static_cast<std::size_t>(what.kind);
    if (what.kind != change_kind::resource) {
      if (wanted_.test(place)) changed_.set(place);
    } else if (const auto found = watched_.find(what.uri);
               found != watched_.end() && !std::exchange(found->second, true)) {
      updated_.push_back(&found->first);
    }
    if (!called && waiting() && call_) call_();
  }

  std::shared_ptr<event_bus::audience> among_;
  std::mutex mutex_;
  std::bitset<change_table.size()> wanted_, changed_;
  std::map<std::string, bool, std::less<>> watched_;  // and whether it was updated
  std::deque<const std::string*> updated_;            // in the order of the updates
  std::function<void()> call_;
};

inline void event_bus::publish(const change& what) const {
  const std::scoped_lock lock{audience_->mutex};
  for (auto* each : audience_->listeners) each->note(what);
}

/// The notification of a change. `subscription` is the id of the request that asked for it, as JSON
/// text; empty in a session.
[[nodiscard]] inline std::string notification_of(const change& what,
                                                 std::string_view subscription = {}) {
  std::string text = R"({"jsonrpc":"2.0","method":")";
  json::writer out{text};
  out.raw(row_of(what.kind).notification);
  out.raw('"');
  const bool names = what.kind == change_kind::resource;
  if (names || !subscription.empty()) out.raw(R"(,"params":{)");
  if (!subscription.empty()) {
    out.raw(R"("_meta":{"io.modelcontextprotocol/subscriptionId":)");
    out.raw(subscription);
    out.raw(names ? "}," : "}");
  }
  if (names) {
    out.raw(R"("uri":)");
    out.string(what.uri);
  }
  if (names || !subscription.empty()) out.raw('}');
  out.raw('}');
  return text;
}

}  // namespace sesame::inline v0::detail
