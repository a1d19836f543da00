// What server/event_bus.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/server/event_bus.hpp"
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

SESAME_INLINE void listener::join(const event_bus& bus) {
  among_ = bus.audience_;
  const std::scoped_lock lock{among_->mutex};
  among_->listeners.insert(this);
}

SESAME_INLINE void listener::leave() {
  const auto left = std::move(among_);
  if (!left) return;
  const std::scoped_lock lock{left->mutex};
  left->listeners.erase(this);
}

SESAME_INLINE void listener::want(change_kind list) {
  const std::scoped_lock lock{mutex_};
  wanted_.set(static_cast<std::size_t>(list));
}

SESAME_INLINE bool listener::watch(std::string_view uri, std::size_t most) {
  const std::scoped_lock lock{mutex_};
  if (watched_.contains(uri)) return true;
  if (watched_.size() >= most) return false;
  watched_.emplace(uri, false);
  return true;
}

SESAME_INLINE void listener::unwatch(std::string_view uri) {
  const std::scoped_lock lock{mutex_};
  const auto found = watched_.find(uri);
  if (found == watched_.end()) return;
  if (found->second) std::erase(updated_, &found->first);
  watched_.erase(found);
}

SESAME_INLINE void listener::expect(std::string_view id) {
  constexpr std::size_t most = 64;
  const std::scoped_lock lock{mutex_};
  if (expected_.size() == most) expected_.pop_front();
  expected_.emplace_back(id);
}

SESAME_INLINE void listener::on_change(std::function<void()> call) {
  const std::scoped_lock lock{mutex_};
  call_ = std::move(call);
  if (call_ && waiting()) call_();
}

SESAME_INLINE void listener::note(const change& what) {
  const std::scoped_lock lock{mutex_};
  const bool called = waiting();
  const auto place = static_cast<std::size_t>(what.kind);
  if (what.kind == change_kind::elicitation) {
    if (std::erase(expected_, what.uri) != 0) completed_.emplace_back(what.uri);
  } else if (what.kind != change_kind::resource) {
    if (wanted_.test(place)) changed_.set(place);
  } else if (const auto found = watched_.find(what.uri);
             found != watched_.end() && !std::exchange(found->second, true)) {
    updated_.push_back(&found->first);
  }
  if (!called && waiting() && call_) call_();
}

SESAME_INLINE void event_bus::publish(const change& what) const {
  const std::scoped_lock lock{audience_->mutex};
  for (auto* each : audience_->listeners) each->note(what);
}

SESAME_INLINE std::string notification_of(const change& what, std::string_view subscription) {
  std::string text = R"({"jsonrpc":"2.0","method":")";
  json::writer out{text};
  out.raw(row_of(what.kind).notification);
  out.raw('"');
  const bool is_page = what.kind == change_kind::elicitation;
  const bool names = is_page || what.kind == change_kind::resource;
  if (names || !subscription.empty()) out.raw(R"(,"params":{)");
  if (!subscription.empty()) {
    out.raw(R"("_meta":{"io.modelcontextprotocol/subscriptionId":)");
    out.raw(subscription);
    out.raw(names ? "}," : "}");
  }
  if (names) {
    out.raw(is_page ? R"("elicitationId":)" : R"("uri":)");
    out.string(what.uri);
  }
  if (names || !subscription.empty()) out.raw('}');
  out.raw('}');
  return text;
}

}  // namespace sesame::inline v0::detail
