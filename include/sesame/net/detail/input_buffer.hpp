// The bytes that have arrived on a connection and are not answered yet.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace sesame::inline v0::net::detail {

/// One contiguous buffer that is filled at its end and consumed at its front. `prepare` may move
/// what it holds; everything else leaves it where it is.
class input_buffer {
 public:
  /// Takes so many bytes of memory at first, when there is something to hold.
  explicit input_buffer(std::size_t first) noexcept : first_(first) {}

  [[nodiscard]] char* data() noexcept { return storage_.get() + begin_; }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  /// Makes room for at least `minimum` more bytes; `room()` tells for how many there is.
  char* prepare(std::size_t minimum) {
    if (capacity_ - end_ < minimum) make_room(minimum);
    return storage_.get() + end_;
  }
  [[nodiscard]] std::size_t room() const noexcept { return capacity_ - end_; }

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
    if (!empty() || capacity_ <= keep) return;
    storage_.reset();
    begin_ = end_ = capacity_ = 0;
  }

 private:
  void make_room(std::size_t minimum) {
    const auto held = size();
    if (capacity_ >= held + minimum) {
      std::memmove(storage_.get(), data(), held);
    } else {
      const auto wanted = std::max({held + minimum, capacity_ * 2, first_});
      auto larger = std::make_unique_for_overwrite<char[]>(wanted);
      if (held != 0) std::memcpy(larger.get(), data(), held);
      storage_ = std::move(larger);
      capacity_ = wanted;
    }
    begin_ = 0;
    end_ = held;
  }

  std::size_t first_;
  std::unique_ptr<char[]> storage_;
  std::size_t begin_ = 0, end_ = 0, capacity_ = 0;
};

}  // namespace sesame::inline v0::net::detail
