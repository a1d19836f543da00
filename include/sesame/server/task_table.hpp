// Requests that go on after they were answered: what is kept of each, and the table that they are
// found in by their ids (MCP extension io.modelcontextprotocol/tasks; core tasks of 2025-11-25).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/doorbell.hpp"
#include "sesame/net/event.hpp"
#include "sesame/server/cancellation.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/questions.hpp"

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
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// Where a task is. The last three are final. The names are those of the wire.
enum class task_status : std::uint8_t { working, input_required, completed, failed, cancelled };

[[nodiscard]] constexpr bool is_final(task_status status) noexcept {
  return status >= task_status::completed;
}

/// How a task ended: what its request would have been answered.
struct task_outcome {
  std::string text;         ///< the `result` or the `error`, as JSON text
  bool is_error = false;    ///< an error, and no result
  bool has_failed = false;  ///< an error, or the result of a tool that failed
};

/// A question of a task that waits for its answer.
struct task_question {
  task_question(client_question question, const asio::any_io_executor& executor)
      : asked(std::move(question)), answered(executor) {}
  client_question asked;
  net::event answered;
  std::string answer;                 ///< JSON text; read once `answered` is set
  std::atomic<bool> is_sent = false;  ///< where the client is asked by a request of its own
};

/// One task. May be used by several threads at once.
class background_task {
 public:
  using clock = std::chrono::system_clock;
  using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

  /// What of a task is told, at one moment.
  struct view {
    task_status status = task_status::working;
    std::uint64_t version = 0;  ///< how often it has changed
    std::string message;
    time_point updated;
    task_outcome outcome;
    std::vector<std::shared_ptr<task_question>> questions;  ///< that are open
  };

  background_task(std::string owner, const entry& item, std::chrono::milliseconds ttl,
                  std::shared_ptr<cancellation> cancel);

  /// 256 bits of chance: nobody finds a task that is not theirs.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  /// Whose task it is: nobody else may know that it exists.
  [[nodiscard]] const std::string& owner() const noexcept { return owner_; }
  [[nodiscard]] const entry& item() const noexcept { return item_; }
  [[nodiscard]] std::chrono::milliseconds ttl() const noexcept { return ttl_; }
  [[nodiscard]] time_point created() const noexcept { return created_; }
  [[nodiscard]] bool expired(time_point at) const noexcept { return at - created_ >= ttl_; }

  [[nodiscard]] view look() const;

  /// Says in words how far it is.
  void say(std::string message);

  /// Opens a question.
  void ask(const std::shared_ptr<task_question>& question);

  /// Takes a question back that found no answer in time.
  void forget(const std::shared_ptr<task_question>& question);

  /// Hands an answer to its question; what is not asked is dropped. The question has checked it.
  void answer(std::string_view key, std::string text);

  /// Notes how it ended; of several ends the first counts.
  void finish(task_status status, task_outcome outcome);

  /// Cancels it. False if it had ended.
  bool cancel();

  /// Notes that its work is gone without an end, with the thread that it ran on. Tells nobody: whoever
  /// watched it may be gone in the same way.
  void abandon();

  /// Has a bell rung at every change, for as long as it lives.
  class watch {
   public:
    watch(std::shared_ptr<background_task> watched, const net::doorbell& bell);
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;
    ~watch();
    [[nodiscard]] const background_task& watched() const noexcept { return *watched_; }

    /// What it is like now, if that is not what this told last, or what it was like at first.
    [[nodiscard]] std::optional<view> news();

   private:
    friend class background_task;
    std::shared_ptr<background_task> watched_;
    net::doorbell bell_;
    std::uint64_t told_;
  };

 private:
  static time_point now() { return std::chrono::floor<std::chrono::milliseconds>(clock::now()); }

  // False, and nothing done, where it has ended.
  template <class F>
  bool change(F&& f) {
    const std::scoped_lock lock{mutex_};
    if (is_final(seen_.status)) return false;
    f();
    seen_.updated = now();
    ++seen_.version;
    for (const auto* one : watches_) one->bell_.ring();
    return true;
  }

  void close(const std::shared_ptr<task_question>& question);

  const std::string id_;
  const std::string owner_;
  const entry& item_;
  const std::chrono::milliseconds ttl_;
  const time_point created_;
  const std::shared_ptr<cancellation> cancel_;

  mutable std::mutex mutex_;
  view seen_;
  std::vector<const watch*> watches_;
};

/// The tasks of a server, bounded in number and in time. May be used by several threads at once.
class task_table {
 public:
  task_table(std::size_t most, std::size_t most_of_one) : most_(most), most_of_one_(most_of_one) {}

  /// Takes a new task in. False where there are too many already, in all or of its owner.
  [[nodiscard]] bool add(std::shared_ptr<background_task> made);

  /// The task of that id, if it is the owner's and not too old. A stranger learns no more than that
  /// there is none.
  [[nodiscard]] std::shared_ptr<background_task> find(std::string_view id, std::string_view owner);

  /// All tasks of an owner, the oldest first.
  [[nodiscard]] std::vector<std::shared_ptr<background_task>> of(std::string_view owner);

  [[nodiscard]] std::size_t size() const;

 private:
  static background_task::time_point now() {
    return std::chrono::floor<std::chrono::milliseconds>(background_task::clock::now());
  }

  void drop_expired();

  const std::size_t most_;
  const std::size_t most_of_one_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<background_task>> tasks_;
  std::unordered_map<std::string, std::size_t> count_;  // of each owner
};

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/task_table.ipp"
#endif
