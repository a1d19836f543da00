// A thread for work that no request should have to carry: what several wait for at once, and what
// is done before anybody has to wait for it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/thread_pool.hpp>

#include <memory>

namespace sesame::inline v0::net {

/// One thread with an executor of its own; it has sockets and timers as any io_context has. Ends,
/// and destroys what is still under way, with the last of its users, which must not be its own work.
class background {
 public:
  /// The one of this process, made when there is none. From any thread.
  [[nodiscard]] static std::shared_ptr<background> shared();

  background() : pool_(1) {}
  background(const background&) = delete;
  background& operator=(const background&) = delete;

  /// What is posted runs on the one thread.
  [[nodiscard]] asio::any_io_executor executor() { return pool_.get_executor(); }

 private:
  asio::thread_pool pool_;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/background.ipp"
#endif
