// MCP over standard input and output: one message a line, and nothing else on the output.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/secret.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"
#include "sesame/transport/stdio_options.hpp"

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

namespace sesame::inline v0 {

/// Serves one client over two file descriptors until the input ends or a SIGINT or SIGTERM comes.
///
/// While it runs, what the program itself prints to standard output goes to standard error: the
/// client would take it for messages. Throws `std::system_error` if a descriptor cannot be used, and
/// `configuration_error` naming the variable of `token_env` where it holds no token that is taken.
class stdio_transport {
 public:
  explicit stdio_transport(engine& engine, stdio_options options = {});
  stdio_transport(const stdio_transport&) = delete;
  stdio_transport& operator=(const stdio_transport&) = delete;
  ~stdio_transport() { channel_->close(); }

  /// Returns when all is said.
  void run();

 private:
  // Standard output belongs to the protocol. Everybody else's writes go to standard error.
  class silence {
   public:
    explicit silence(int output);
    silence(const silence&) = delete;
    silence& operator=(const silence&) = delete;
    ~silence();

   private:
    int output_;
  };

  // A peer that is gone shows by a write that fails, and not by a signal that ends the program.
  class pipe_signal {
   public:
    pipe_signal();
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

  // The token of the environment. Where nobody can tell whether it is good, the client is told so by
  // the answers to what it asks for.
  secret environment_token(engine& engine);

  static asio::awaitable<void> look_up(engine& engine, std::string token,
                                       detail::known_caller& caller);

  // Not for programs that a tool may start.
  static int owned_copy(int descriptor);

  asio::awaitable<void> serve(asio::signal_set& signals);

  // Waits for what is being served, which is cancelled after a while, and for what has to be
  // written. A peer that still has its end may take its time with that, unless the process is told to
  // stop.
  asio::awaitable<void> drain();

  // Until something happens.
  asio::awaitable<void> pause(asio::steady_timer::time_point end);

  // Takes one line, or what has come of it, and says how many bytes that were. A line that is too
  // long is refused, and skipped to its end.
  std::size_t take(std::string_view bytes, std::string& pending, bool& skipping);

  void receive(std::string_view line);

  bool put(std::string_view message, bool is_answer);

  asio::awaitable<void> write();

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

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/stdio.ipp"
#endif
