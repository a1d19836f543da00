// The bytes that have arrived on a connection and are not answered yet.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/spares.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace sesame::inline v0::net::detail {

/// One contiguous buffer that is filled at its end and consumed at its front. `prepare` may move
/// what it holds; everything else leaves it where it is.
class input_buffer {
 public:
  /// So many bytes may be read behind whatever it holds.
  static constexpr std::size_t padding = 64;

  /// Takes so many bytes of memory at first, when there is something to hold.
  explicit input_buffer(std::size_t first) noexcept : first_(first) {}

  [[nodiscard]] char* data() noexcept { return storage_.bytes.get() + begin_; }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  /// Makes room for at least `minimum` more bytes; `room()` tells for how many there is.
  char* prepare(std::size_t minimum) {
    if (room() < minimum) make_room(minimum);
    return storage_.bytes.get() + end_;
  }
  [[nodiscard]] std::size_t room() const noexcept {
    return storage_.size == 0 ? 0 : storage_.size - padding - end_;
  }

  void commit(std::size_t count) noexcept { end_ += count; }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
  }

  /// Drops `count` bytes at the front.
  void consume(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Drops all bytes after the first `count`.
  void truncate(std::size_t count) noexcept { end_ = begin_ + count; }

  /// Gives the memory back if nothing is held and there is more of it than `keep`.
  void release_above(std::size_t keep) noexcept {
    if (!empty() || storage_.size <= keep) return;
    give_back(std::exchange(storage_, {}));
    begin_ = end_ = 0;
  }

 private:
  void make_room(std::size_t minimum) {
    const auto held = size();
    if (storage_.size >= held + minimum + padding) {
      std::memmove(storage_.bytes.get(), data(), held);
    } else {
      auto larger = take_block(std::max({held + minimum + padding, storage_.size * 2, first_}));
      if (held != 0) std::memcpy(larger.bytes.get(), data(), held);
      give_back(std::exchange(storage_, std::move(larger)));
    }
    begin_ = 0;
    end_ = held;
  }

  std::size_t first_;
  block storage_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace sesame::inline v0::net::detail
