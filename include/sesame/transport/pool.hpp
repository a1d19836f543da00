// Workplaces that are used again, so that a warm server allocates nothing for a message.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// Keeps a bounded number of items of one kind for the thread that it belongs to. What is not given
/// back is deleted like anything else.
template <class T>
class pool {
 public:
  /// What an item may have grown to: the size of a message, of an answer.
  static constexpr std::size_t kept_memory = std::size_t{64} << 10;

  /// The calling thread's own pool.
  static pool& local() {
    thread_local pool own;
    return own;
  }

  /// One that was made for the same arguments, as `T::made_for` says, else a new one. The pool is
  /// shared by all servers of the program, and each has limits of its own.
  template <class... Arguments>
  std::unique_ptr<T> take(const Arguments&... arguments) {
    while (!free_.empty()) {
      auto item = std::move(free_.back());
      free_.pop_back();
      if (item->made_for(arguments...)) return item;
    }
    return std::make_unique<T>(arguments...);
  }

  /// What has grown with a large message is not kept: `T::light` says so.
  void give(std::unique_ptr<T> item) {
    if (free_.size() < most && item->light()) free_.push_back(std::move(item));
  }

 private:
  static constexpr std::size_t most = 64;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace sesame::inline v0::detail
