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
  /// The calling thread's own pool.
  static pool& local() {
    thread_local pool own;
    return own;
  }

  template <class... Arguments>
  std::unique_ptr<T> take(const Arguments&... arguments) {
    if (free_.empty()) return std::make_unique<T>(arguments...);
    auto item = std::move(free_.back());
    free_.pop_back();
    return item;
  }

  void give(std::unique_ptr<T> item) {
    if (free_.size() < most) free_.push_back(std::move(item));
  }

 private:
  static constexpr std::size_t most = 64;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace sesame::inline v0::detail
