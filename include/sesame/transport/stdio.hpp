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
#include <iostream>
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
  std::chrono::milliseconds stop_grace{2'000};  ///< for what is being served when the input ends:
                                                ///< then it is cancelled, and has as long again
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
  ~stdio_transport() { channel_->close(); }

  /// Returns when all is said.
  void run() {
    const pipe_signal ignored;
    asio::signal_set signals{io_, SIGINT, SIGTERM};
    signals.async_wait([this](const std::error_code& failed, int) {
      if (failed) return;
      stopping_ = true;
      input_.cancel();
      wake_.cancel();
    });
    channel_->on_finished([this] { wake_.cancel(); });
    asio::co_spawn(io_, serve(signals), asio::detached);
    io_.run();
  }

 private:
  // Standard output belongs to the protocol. Everybody else's writes go to standard error.
  class silence {
   public:
    explicit silence(int output)
        : output_(output == STDOUT_FILENO ? ::fcntl(output, F_DUPFD_CLOEXEC, 0) : -1) {
      if (output_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
    }
    silence(const silence&) = delete;
    silence& operator=(const silence&) = delete;
    ~silence() {
      if (output_ < 0) return;
      // What is still in a buffer would follow the last message otherwise.
      std::cout.flush();
      std::fflush(stdout);
      ::dup2(output_, STDOUT_FILENO);
      ::close(output_);
    }

   private:
    int output_;
  };

  // A peer that is gone shows by a write that fails, and not by a signal that ends the program.
  class pipe_signal {
   public:
    pipe_signal() {
      ::sigaction(SIGPIPE, nullptr, &before_);
      if (before_.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
    }
    pipe_signal(const pipe_signal&) = delete;
    pipe_signal& operator=(const pipe_signal&) = delete;
    ~pipe_signal() { ::sigaction(SIGPIPE, &before_, nullptr); }

   private:
    struct sigaction before_{};
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

  // Not for programs that a tool may start.
  static int owned_copy(int descriptor) {
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) throw std::system_error(errno, std::generic_category(), "stdio");
    return copy;
  }

  asio::awaitable<void> serve(asio::signal_set& signals) {
    std::string pending;
    std::array<char, 65536> chunk;
    std::error_code ended;
    bool skipping = false;
    while (!ended && !stopping_ && !broken_) {
      const auto n = co_await input_.async_read_some(
          asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, ended));
      std::string_view bytes{chunk.data(), n};
      while (!bytes.empty() && !stopping_ && !broken_) {
        bytes.remove_prefix(take(bytes, pending, skipping));
        while (outbox_.size() > options_.output_buffer && !stopping_ && !broken_)
          co_await pause(asio::steady_timer::time_point::max());
      }
    }
    // A last line without its end is a message too.
    if (!skipping && !stopping_ && !broken_) receive(pending);
    channel_->stop();
    co_await drain();
    signals.cancel();
    // What does not end by itself is left behind, and so is what goes on as a task.
    io_.stop();
  }

  // Waits for what is being served, which is cancelled after a while, and for what has to be
  // written. A peer that still has its end may take its time with that, unless the process is told to
  // stop.
  asio::awaitable<void> drain() {
    using clock = std::chrono::steady_clock;
    auto deadline = clock::now() + options_.stop_grace;
    bool cancelled = broken_;
    bool stopped = stopping_;
    while (channel_->pending() != 0 || (writing_ && !broken_)) {
      const bool bounded = channel_->pending() != 0 || stopping_ || broken_;
      co_await pause(bounded ? deadline : clock::time_point::max());
      if (stopping_ && !std::exchange(stopped, true)) deadline = clock::now() + options_.stop_grace;
      if (!bounded || clock::now() < deadline) continue;
      if (std::exchange(cancelled, true)) break;
      channel_->cancel();
      deadline = clock::now() + options_.stop_grace;
    }
  }

  // Until something happens.
  asio::awaitable<void> pause(asio::steady_timer::time_point end) {
    wake_.expires_at(end);
    std::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }

  // Takes one line, or what has come of it, and says how many bytes that were. A line that is too
  // long is refused, and skipped to its end.
  std::size_t take(std::string_view bytes, std::string& pending, bool& skipping) {
    const auto end = bytes.find('\n');
    if (!skipping) {
      pending.append(bytes.substr(0, end));
      if (pending.size() > limit_) {
        // The engine refuses it for its length, without looking at it.
        channel_->receive(pending);
        pending.clear();
        pending.shrink_to_fit();
        skipping = true;
      }
    }
    if (end == std::string_view::npos) return bytes.size();
    if (!skipping) receive(pending);
    skipping = false;
    pending.clear();
    return end + 1;
  }

  void receive(std::string_view line) {
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) channel_->receive(line);
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
      } else {
        channel_->tell_changes();
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
  bool stopping_ = false;  // by a signal
  bool writing_ = false;
  bool broken_ = false;  // the peer takes nothing any more
  std::shared_ptr<message_channel> channel_;
};

/// Serves one client over standard input and output; returns when it is gone.
template <class Server>
void serve_stdio(Server& server, stdio_options options = {}) {
  stdio_transport{server.engine(), options}.run();
}

}  // namespace sesame::inline v0
