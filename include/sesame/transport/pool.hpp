// Workplaces that are used again, so that a warm server allocates nothing for a message.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/spares.hpp"

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

  /// One that was made for the same arguments, as `T::made_for` says, else a new one. The pool is
  /// shared by all servers of the program, and each has limits of its own.
  template <class... Arguments>
  std::unique_ptr<T> take(const Arguments&... arguments) {
    while (auto item = heavy_or_light())
      if (item->made_for(arguments...)) return item;
    return std::make_unique<T>(arguments...);
  }

  /// What has grown with a large message, as `T::weight` tells, is only kept for a moment.
  void give(std::unique_ptr<T> item) {
    if (const auto weight = item->weight(); weight > light)
      heavies::local().keep(std::move(item), weight);
    else if (free_.size() < most)
      free_.push_back(std::move(item));
  }

 private:
  // What a message of 64 KiB makes of a workplace, about.
  static constexpr std::size_t light = std::size_t{256} << 10;
  using heavies = net::detail::spares<std::unique_ptr<T>>;

  std::unique_ptr<T> heavy_or_light() {
    if (auto spare = heavies::local().take()) return *std::move(spare);
    if (free_.empty()) return nullptr;
    auto item = std::move(free_.back());
    free_.pop_back();
    return item;
  }

  static constexpr std::size_t most = 64;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace sesame::inline v0::detail
