// Memory that a large message has taken, kept for a moment in case that the next one is as large: the
// kernel's time for new pages would be most of what such a message costs.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sesame::inline v0::net::detail {

/// What is smaller is no matter for spares: whoever has it keeps it, or gives it back.
inline constexpr std::size_t heavy = std::size_t{64} << 10;  // bytes

/// The spares of one thread, whatever they are.
class housekeeping {
 public:
  /// While one lives, its thread calls `let_go` several times a second. On other threads nothing is
  /// kept.
  housekeeping() noexcept : before_(std::exchange(here().calls, true)) {}
  housekeeping(const housekeeping&) = delete;
  housekeeping& operator=(const housekeeping&) = delete;
  ~housekeeping() {
    let_go();
    here().calls = before_;
  }

  /// Gives all spares of the calling thread back.
  static void let_go() noexcept {
    for (auto* each = here().first; each != nullptr; each = each->next_) each->drop();
  }

  class member {
   public:
    member(const member&) = delete;
    member& operator=(const member&) = delete;

   protected:
    member() noexcept : next_(std::exchange(here().first, this)) {}
    ~member() {
      auto** at = &here().first;
      while (*at != this) at = &(*at)->next_;
      *at = next_;
    }
    [[nodiscard]] static bool may_keep() noexcept { return here().calls; }

   private:
    friend class housekeeping;
    virtual void drop() noexcept = 0;
    member* next_;
  };

 private:
  struct state {
    member* first = nullptr;
    bool calls = false;
  };
  static state& here() noexcept {
    thread_local state own;
    return own;
  }
  bool before_;
};

/// The calling thread's spares of one kind, bounded by their weight in bytes.
template <class T>
class spares final : housekeeping::member {
 public:
  static spares& local() {
    thread_local spares own;
    return own;
  }

  /// Takes what was in use; one is kept however heavy it is.
  void keep(T item, std::size_t weight) {
    if (!may_keep() || (!kept_.empty() && weight_ + weight > most)) return;
    weight_ += weight;
    kept_.push_back({std::move(item), weight});
  }

  /// The one that was used last, if there is any.
  std::optional<T> take() {
    if (kept_.empty()) return std::nullopt;
    weight_ -= kept_.back().weight;
    std::optional<T> last{std::move(kept_.back().item)};
    kept_.pop_back();
    return last;
  }

 private:
  struct spare {
    T item;
    std::size_t weight;
  };
  static constexpr std::size_t most = std::size_t{8} << 20;

  void drop() noexcept override {
    kept_.clear();
    weight_ = 0;
  }

  std::vector<spare> kept_;
  std::size_t weight_ = 0;
};

/// Bytes whose number is known.
struct block {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;
};

/// A block of at least `size` bytes, a spare one if there is.
inline block take_block(std::size_t size) {
  if (size >= heavy)
    while (auto spare = spares<block>::local().take())
      if (spare->size >= size) return *std::move(spare);
  return {std::make_unique_for_overwrite<char[]>(size), size};
}

inline void give_back(block done) {
  const auto weight = done.size;
  if (weight >= heavy) spares<block>::local().keep(std::move(done), weight);
}

/// Empties a text, which keeps no more than `keep` bytes of memory.
inline void empty(std::string& text, std::size_t keep) {
  text.clear();
  if (text.capacity() <= keep) return;
  const auto weight = text.capacity();
  auto done = std::exchange(text, {});
  if (weight >= heavy) spares<std::string>::local().keep(std::move(done), weight);
}

}  // namespace sesame::inline v0::net::detail
