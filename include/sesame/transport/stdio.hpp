// MCP over standard input and output: one message a line, and nothing else on the output.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sesame::inline v0 {

/// The settings of the stdio transport.
struct stdio_options {
  int input = STDIN_FILENO;
  int output = STDOUT_FILENO;
  std::size_t output_buffer = std::size_t{1} << 20;  ///< unread bytes, beyond which input waits
  std::chrono::milliseconds stop_grace{2'000};  ///< for what is being served when the input ends
};

/// Serves one client over two file descriptors until the input ends or a SIGINT or SIGTERM comes.
///
/// While it runs, what the program itself prints to standard output goes to standard error: the
/// client would take it for messages. Throws `std::system_error` if a descriptor cannot be used.
class stdio_transport {
 public:
  explicit stdio_transport(engine& engine, stdio_options options = {})
      : options_(options),
        limit_(engine.options().message.size),
        input_(io_, owned_copy(options.input)),
        output_(io_, owned_copy(options.output)),
        silence_(options.output),
        wake_(io_, asio::steady_timer::time_point::max()),
        channel_(message_channel::open(
            engine, io_.get_executor(),
            [this](std::string_view message, bool is_answer) { return put(message, is_answer); })) {
  }
  stdio_transport(const stdio_transport&) = delete;
  stdio_transport& operator=(const stdio_transport&) = delete;

  /// Returns when all is said.
  void run() {
    asio::signal_set signals{io_, SIGINT, SIGTERM};
    signals.async_wait([this](const std::error_code& failed, int) {
      if (!failed) input_.cancel();
    });
    channel_->on_finished([this] { wake_.cancel(); });
    asio::co_spawn(io_, serve(signals), asio::detached);
    io_.run();
  }

 private:
  // Standard output belongs to the protocol. Everybody else's writes go to standard error.
  class silence {
   public:
    explicit silence(int output) : output_(output == STDOUT_FILENO ? ::dup(output) : -1) {
      if (output_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
    }
    silence(const silence&) = delete;
    silence& operator=(const silence&) = delete;
    ~silence() {
      if (output_ < 0) return;
      ::dup2(output_, STDOUT_FILENO);
      ::close(output_);
    }

   private:
    int output_;
  };

  // Asio makes its descriptors non-blocking, a mode that outlives this object and is shared with
  // whoever else holds the same pipe or terminal: it is put back.
  class mode {
   public:
    explicit mode(int descriptor) : descriptor_(descriptor), flags_(::fcntl(descriptor, F_GETFL)) {}
    mode(const mode&) = delete;
    mode& operator=(const mode&) = delete;
    ~mode() {
      if (flags_ >= 0) ::fcntl(descriptor_, F_SETFL, flags_);
    }

   private:
    int descriptor_;
    int flags_;
  };

  static int owned_copy(int descriptor) {
    const int copy = ::dup(descriptor);
    if (copy < 0) throw std::system_error(errno, std::generic_category(), "stdio");
    return copy;
  }

  asio::awaitable<void> serve(asio::signal_set& signals) {
    std::string pending;
    std::array<char, 65536> chunk;
    std::error_code ended;
    bool skipping = false;
    while (!ended) {
      const auto n = co_await input_.async_read_some(
          asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, ended));
      take({chunk.data(), n}, pending, skipping);
      while (!ended && outbox_.size() > options_.output_buffer && !broken_) co_await pause(ended);
      if (broken_) break;
    }
    // A last line without its end is a message too.
    if (!pending.empty() && !skipping) channel_->receive(pending);

    asio::steady_timer grace{io_, options_.stop_grace};
    grace.async_wait([this](const std::error_code& stopped) {
      if (!stopped) channel_->cancel();
    });
    while (!broken_ && (channel_->pending() != 0 || writing_)) {
      std::error_code woken;
      co_await pause(woken);
    }
    grace.cancel();
    signals.cancel();
  }

  asio::awaitable<void> pause(std::error_code&) {
    std::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }

  // Cuts what has come into lines. One that is too long is refused, and skipped to its end.
  void take(std::string_view bytes, std::string& pending, bool& skipping) {
    while (!bytes.empty()) {
      const auto end = bytes.find('\n');
      const auto part = bytes.substr(0, end);
      if (!skipping) {
        pending.append(part);
        if (pending.size() > limit_) {
          // The engine refuses it for its length, without looking at it.
          channel_->receive(pending);
          pending.clear();
          pending.shrink_to_fit();
          skipping = true;
        }
      }
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end + 1);
      if (!skipping && pending.find_first_not_of(" \t\r") != std::string::npos)
        channel_->receive(pending);
      skipping = false;
      pending.clear();
    }
  }

  bool put(std::string_view message, bool is_answer) {
    if (broken_ || (!is_answer && outbox_.size() > options_.output_buffer)) return false;
    outbox_.append(message) += '\n';
    if (!writing_) {
      writing_ = true;
      asio::co_spawn(io_, write(), asio::detached);
    }
    return true;
  }

  asio::awaitable<void> write() {
    std::string leaving;
    while (!outbox_.empty() && !broken_) {
      leaving.clear();
      leaving.swap(outbox_);
      std::error_code failed;
      co_await asio::async_write(output_, asio::buffer(leaving),
                                 asio::redirect_error(asio::use_awaitable, failed));
      if (failed) {
        broken_ = true;
        channel_->cancel();
        input_.cancel();
      }
      wake_.cancel();
    }
    writing_ = false;
    wake_.cancel();
  }

  stdio_options options_;
  std::size_t limit_;
  asio::io_context io_{1};
  mode input_mode_{options_.input};
  mode output_mode_{options_.output};
  asio::posix::stream_descriptor input_;
  asio::posix::stream_descriptor output_;
  silence silence_;
  asio::steady_timer wake_;
  std::string outbox_;
  bool writing_ = false;
  bool broken_ = false;
  std::shared_ptr<message_channel> channel_;
};

/// Serves one client over standard input and output; returns when it is gone.
template <class Server>
void serve_stdio(Server& server, stdio_options options = {}) {
  stdio_transport{server.engine(), options}.run();
}

}  // namespace sesame::inline v0
