// What server/task_table.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/event.hpp"
#include "sesame/server/cancellation.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/service/entry.hpp"

#include <algorithm>
#include <chrono>
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

SESAME_INLINE background_task::background_task(std::string owner, const entry& item,
                                               std::chrono::milliseconds ttl,
                                               std::shared_ptr<cancellation> cancel)
    : id_(auth::random_token()),
      owner_(std::move(owner)),
      item_(item),
      ttl_(ttl),
      created_(now()),
      cancel_(std::move(cancel)) {
  seen_.updated = created_;
}

SESAME_INLINE background_task::view background_task::look() const {
  const std::scoped_lock lock{mutex_};
  return seen_;
}

SESAME_INLINE void background_task::say(std::string message) {
  change([&] { seen_.message = std::move(message); });
}

SESAME_INLINE void background_task::ask(const std::shared_ptr<task_question>& question) {
  change([&] {
    seen_.questions.push_back(question);
    seen_.status = task_status::input_required;
  });
}

SESAME_INLINE void background_task::forget(const std::shared_ptr<task_question>& question) {
  change([&] { close(question); });
}

SESAME_INLINE void background_task::answer(std::string_view key, std::string text) {
  std::shared_ptr<task_question> answered;
  change([&] {
    const auto found = std::ranges::find_if(seen_.questions,
                                            [&](const auto& one) { return one->asked.key == key; });
    if (found == seen_.questions.end()) return;
    answered = *found;
    answered->answer = std::move(text);
    close(answered);
  });
  if (answered) answered->answered.set();
}

SESAME_INLINE void background_task::finish(task_status status, task_outcome outcome) {
  change([&] {
    seen_.status = status;
    seen_.outcome = std::move(outcome);
    seen_.questions.clear();
  });
}

SESAME_INLINE bool background_task::cancel() {
  const bool was_open = change([&] {
    seen_.status = task_status::cancelled;
    seen_.questions.clear();
  });
  if (was_open) cancel_->request();
  return was_open;
}

SESAME_INLINE void background_task::abandon() {
  const std::scoped_lock lock{mutex_};
  if (is_final(seen_.status)) return;
  seen_.status = task_status::cancelled;
  seen_.questions.clear();
}

SESAME_INLINE background_task::watch::watch(std::shared_ptr<background_task> watched,
                                            const net::doorbell& bell)
    : watched_(std::move(watched)), bell_(bell), told_(watched_->look().version) {
  const std::scoped_lock lock{watched_->mutex_};
  watched_->watches_.push_back(this);
}

SESAME_INLINE background_task::watch::~watch() {
  const std::scoped_lock lock{watched_->mutex_};
  std::erase(watched_->watches_, this);
}

SESAME_INLINE std::optional<background_task::view> background_task::watch::news() {
  auto seen = watched_->look();
  if (std::exchange(told_, seen.version) == seen.version) return std::nullopt;
  return seen;
}

SESAME_INLINE void background_task::close(const std::shared_ptr<task_question>& question) {
  std::erase(seen_.questions, question);
  if (seen_.questions.empty()) seen_.status = task_status::working;
}

SESAME_INLINE bool task_table::add(std::shared_ptr<background_task> made) {
  const std::scoped_lock lock{mutex_};
  drop_expired();
  if (tasks_.size() >= most_) return false;
  auto& own = count_[made->owner()];
  if (own >= most_of_one_) return false;
  ++own;
  auto id = made->id();
  tasks_.emplace(std::move(id), std::move(made));
  return true;
}

SESAME_INLINE std::shared_ptr<background_task> task_table::find(std::string_view id,
                                                                std::string_view owner) {
  const std::scoped_lock lock{mutex_};
  const auto found = tasks_.find(std::string{id});
  if (found == tasks_.end() || found->second->owner() != owner || found->second->expired(now()))
    return nullptr;
  return found->second;
}

SESAME_INLINE std::vector<std::shared_ptr<background_task>> task_table::of(std::string_view owner) {
  std::vector<std::shared_ptr<background_task>> all;
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& [id, one] : tasks_)
      if (one->owner() == owner && !one->expired(now())) all.push_back(one);
  }
  std::ranges::sort(all, {}, [](const auto& one) {
    return std::pair{one->created(), std::string_view{one->id()}};
  });
  return all;
}

SESAME_INLINE std::size_t task_table::size() const {
  const std::scoped_lock lock{mutex_};
  return tasks_.size();
}

SESAME_INLINE void task_table::drop_expired() {
  const auto at = now();
  std::erase_if(tasks_, [&](const auto& entry) {
    const auto& one = entry.second;
    if (!one->expired(at)) return false;
    one->cancel();
    if (const auto own = count_.find(one->owner()); --own->second == 0) count_.erase(own);
    return true;
  });
}

}  // namespace sesame::inline v0::detail
