// What transport/memory.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/transport/memory.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE memory_transport::~memory_transport() {
  channel_->close();
  io_.restart();
  io_.run_for(std::chrono::seconds{1});
}

SESAME_INLINE std::optional<std::string> memory_transport::receive(
    std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  // What changed is told also where nothing was asked for.
  io_.restart();
  io_.poll();
  while (inbox_.empty() && channel_->pending() != 0) {
    io_.restart();
    if (io_.run_one_until(until) == 0) break;
  }
  if (inbox_.empty()) return std::nullopt;
  auto message = std::move(inbox_.front());
  inbox_.pop_front();
  return message;
}

SESAME_INLINE std::optional<std::string> memory_transport::call(std::string_view message) {
  send(message);
  return receive();
}

}  // namespace sesame::inline v0
