// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/stdio.hpp"

#include "sesame/transport/run.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <iostream>
#include <memory>
#include <poll.h>
#include <pthread.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace stdio_test {

using namespace server_test;

struct words {
  std::string text;
};
struct amount {
  int bytes;
};

struct talking : sesame::service<> {
  std::shared_ptr<std::atomic<int>> ended = std::make_shared<std::atomic<int>>(0);

  std::string echo(const words& given) const { return given.text; }
  std::string much(const amount& asked) const {
    return std::string(static_cast<std::size_t>(asked.bytes), 'm');
  }
  std::string print() const {
    std::cout << "printed to cout\n";
    std::printf("printed to stdout\n");  // without its flush
    return "printed";
  }
  sesame::task<std::string> soon() const {
    co_await pause(30ms);
    ++*ended;
    co_return "soon";
  }
  sesame::task<std::string> wait() const {
    const auto kept = ended;
    struct at_end {
      std::shared_ptr<std::atomic<int>> count;
      ~at_end() { ++*count; }
    };
    const at_end counts{kept};
    co_await pause(1h);
    co_return "waited";
  }
  sesame::task<std::string> stubborn() const {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await pause(1h);
    co_return "waited";
  }

  using tools =
      sesame::tools<sesame::tool<&talking::echo, "-">, sesame::tool<&talking::much, "-">,
                    sesame::tool<&talking::print, "-">, sesame::tool<&talking::soon, "-">,
                    sesame::tool<&talking::wait, "-">, sesame::tool<&talking::stubborn, "-">>;

 private:
  static sesame::task<> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
  }
};

struct pipe_ends {
  pipe_ends() { REQUIRE(::pipe(ends.data()) == 0); }
  ~pipe_ends() {
    close_read();
    close_write();
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  void close_read() { close(0); }
  void close_write() { close(1); }
  std::array<int, 2> ends{-1, -1};

 private:
  void close(std::size_t which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
};

/// The client's end of a pipe: lines, or nothing within the time.
class lines {
 public:
  explicit lines(int descriptor) : descriptor_(descriptor) {}
  std::optional<std::string> next(std::chrono::milliseconds patience = 10s) {
    for (;;) {
      if (const auto end = held_.find('\n'); end != std::string::npos) {
        auto line = held_.substr(0, end);
        held_.erase(0, end + 1);
        return line;
      }
      pollfd readable{descriptor_, POLLIN, 0};
      if (::poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
      std::array<char, 65536> some;
      const auto n = ::read(descriptor_, some.data(), some.size());
      if (n <= 0) return std::nullopt;
      held_.append(some.data(), static_cast<std::size_t>(n));
    }
  }
  /// All that is left until the other end is closed.
  std::string rest() {
    std::string all;
    while (auto line = next()) all += *line + '\n';
    return all + std::exchange(held_, {});
  }

 private:
  int descriptor_;
  std::string held_;
};

/// A server on two pipes, on a thread of its own.
struct running {
  explicit running(sesame::stdio_options options = {}, sesame::json::limits limits = {})
      : server{{.name = "stdio", .version = "1", .message = limits}, tools} {
    options.input = in.ends[0];
    options.output = out.ends[1];
    thread = std::thread{[this, options] {
      sesame::serve_stdio(server, options);
      // The peer sees the end when the process would end.
      out.close_write();
      returned = true;
    }};
  }
  ~running() {
    in.close_write();
    out.close_read();
    if (thread.joinable()) thread.join();
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::write(in.ends[1], bytes.data(), bytes.size());
      REQUIRE(n > 0);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  /// Once it answers, its signals are caught.
  void is_up() {
    send(request(0, "ping") + "\n");
    REQUIRE(at(client.next(), "/id") == "0");
  }

  /// To the server's own thread: Asio sets its signals up there, and reads that from the handler.
  void raise(int signal) { REQUIRE(::pthread_kill(thread.native_handle(), signal) == 0); }

  talking tools;
  sesame::server<talking> server;
  pipe_ends in, out;
  lines client{out.ends[0]};
  std::atomic<bool> returned = false;
  std::thread thread;
};

std::string echo(int id, std::string_view text) {
  return call(id, "echo", R"({"text":)" + json_string(text) + "}");
}

TEST_CASE("one message a line goes in and comes out") {
  running server;
  server.send(echo(1, "tea") + "\n" + echo(2, "two\nlines") + "\n");
  CHECK(said(server.client.next()) == "tea");
  CHECK(said(server.client.next()) == "two\nlines");
  server.send(notification("notifications/initialized") + "\n" + echo(3, "three") + "\n");
  CHECK(at(server.client.next(), "/id") == "3");
  server.in.close_write();
  CHECK(server.client.rest().empty());
}

TEST_CASE("lines may come in pieces, with any white space around them") {
  running server;
  for (const char c : echo(1, "tea") + "\n") server.send({&c, 1});
  CHECK(said(server.client.next()) == "tea");
  server.send("\n\r\n  \t\r\n" + echo(2, "tea") + "\r\n \t" + echo(3, "tea") + "  \r\n");
  CHECK(at(server.client.next(), "/id") == "2");
  CHECK(at(server.client.next(), "/id") == "3");
}

TEST_CASE("a broken line is refused, and the next one read") {
  running server;
  server.send("{\n" + echo(1, "tea") + "\n\xff\xfe\n" + echo(2, "tea") + "\n");
  CHECK(at(server.client.next(), "/error/code") == "-32700");
  CHECK(at(server.client.next(), "/id") == "1");
  CHECK(at(server.client.next(), "/error/code") == "-32700");
  CHECK(at(server.client.next(), "/id") == "2");
}

TEST_CASE("a line that is too long is refused once, and skipped to its end") {
  running server{{}, {.size = 10'000}};
  const std::string lengthy(500'000, 'x');
  std::thread writing{[&] { server.send(lengthy + "\n" + echo(1, "tea") + "\n"); }};
  const auto refusal = server.client.next();
  CHECK(at(refusal, "/error/code") == "-32700");
  CHECK(text_at(refusal, "/error/message").find("too long") != std::string::npos);
  CHECK(at(server.client.next(), "/id") == "1");
  writing.join();
  // Without an end, too.
  server.send(std::string(20'000, 'y'));
  CHECK(at(server.client.next(), "/error/code") == "-32700");
  server.in.close_write();
  CHECK(server.client.rest().empty());
}

TEST_CASE("a last line without its end is a message too") {
  running server;
  server.send(echo(1, "tea"));
  server.in.close_write();
  CHECK(said(server.client.next()) == "tea");
  CHECK(server.client.rest().empty());
}

TEST_CASE("white space at the end of the input is no message") {
  running server;
  server.send(echo(1, "tea") + "\n \r");
  server.in.close_write();
  CHECK(said(server.client.next()) == "tea");
  CHECK(server.client.rest().empty());
}

TEST_CASE("at the end of the input, what is being served has a while to end") {
  running server{{.stop_grace = 10s}};
  server.send(call(1, "soon") + "\n");
  server.in.close_write();
  CHECK(said(server.client.next()) == "soon");
  CHECK(server.client.rest().empty());
  CHECK(*server.tools.ended == 1);
}

TEST_CASE("then it is cancelled") {
  running server{{.stop_grace = 20ms}};
  server.send(call(1, "wait") + "\n" + call(2, "wait") + "\n");
  server.in.close_write();
  CHECK(server.client.rest().empty());
  server.thread.join();
  CHECK(*server.tools.ended == 2);
}

TEST_CASE("and then left behind") {
  running server{{.stop_grace = 20ms}};
  server.send(call(1, "stubborn") + "\n" + echo(2, "tea") + "\n");
  server.in.close_write();
  CHECK(at(server.client.next(), "/id") == "2");
  CHECK(server.client.rest().empty());
}

TEST_CASE("a request and its cancellation may come in one piece") {
  running server;
  server.send(call(1, "wait") + "\n" + cancelled(1) + "\n" + call(2, "soon") + "\n");
  CHECK(at(server.client.next(), "/id") == "2");
  server.in.close_write();
  CHECK(server.client.rest().empty());
}

TEST_CASE("a slow reader gets all, in order, and holds up the input meanwhile") {
  running server{{.output_buffer = 1'000}};
  constexpr int count = 200;
  std::atomic<int> written = 0;
  std::thread writing{[&] {
    for (int i = 0; i < count; ++i) {
      server.send(call(i, "much", R"({"bytes":20000})") + "\n");
      ++written;
    }
  }};
  // Nobody reads: at some time nothing more is taken. Pipes hold some 64 KiB each.
  auto before = -1;
  while (written != before || written == 0) {
    before = written;
    std::this_thread::sleep_for(50ms);
  }
  for (int i = 0; i < count; ++i) {
    const auto answer = server.client.next();
    REQUIRE(at(answer, "/id") == std::to_string(i));
    REQUIRE(said(answer).size() == 20'000);
  }
  writing.join();
}

TEST_CASE("many answers to one piece of input do not pile up") {
  running server{{.output_buffer = 1'000}};
  // Each line of some hundred bytes asks for a megabyte; all of them fit into one read.
  std::string burst;
  for (int i = 0; i < 100; ++i) burst += call(i, "much", R"({"bytes":1000000})") + "\n";
  REQUIRE(burst.size() < 65'536);
  server.send(burst);
  for (int i = 0; i < 100; ++i) REQUIRE(at(server.client.next(), "/id") == std::to_string(i));
}

TEST_CASE("a reader that is gone ends it, without a signal") {
  running server;
  server.is_up();
  server.out.close_read();
  server.send(call(1, "wait") + "\n" + call(2, "much", R"({"bytes":100000})") + "\n" +
              call(3, "much", R"({"bytes":100000})") + "\n");
  server.thread.join();
  CHECK(server.returned);
  CHECK(*server.tools.ended == 1);
}

TEST_CASE("a signal ends it while it waits for input") {
  for (const int signal : {SIGTERM, SIGINT}) {
    running server;
    server.is_up();
    server.raise(signal);
    server.thread.join();
    CHECK(server.returned);
    CHECK(server.client.rest().empty());
  }
}

TEST_CASE("a signal ends it while something is being served, or half a line has come") {
  running server{{.stop_grace = 20ms}};
  server.is_up();
  server.send(call(1, "wait") + "\n" + R"({"jsonrpc")");
  server.send("");
  server.raise(SIGTERM);
  server.thread.join();
  CHECK(server.client.rest().empty());
}

TEST_CASE("a signal ends it while nobody reads") {
  for (const bool input_ends : {false, true}) {
    CAPTURE(input_ends);
    running server{{.output_buffer = 1'000, .stop_grace = 20ms}};
    server.is_up();
    server.send(call(1, "much", R"({"bytes":1000000})") + "\n" + echo(2, "tea") + "\n");
    if (input_ends) server.in.close_write();
    std::this_thread::sleep_for(50ms);
    CHECK(!server.returned);
    server.raise(SIGTERM);
    server.thread.join();
    CHECK(server.returned);
  }
}

TEST_CASE("the modes of the descriptors are as before") {
  pipe_ends in;
  pipe_ends out;
  const auto before = ::fcntl(in.ends[0], F_GETFL);
  CHECK((before & O_NONBLOCK) == 0);
  in.close_write();
  sesame::server server{{.name = "stdio", .version = "1"}, talking{}};
  sesame::serve_stdio(server, {.input = in.ends[0], .output = out.ends[1]});
  CHECK(::fcntl(in.ends[0], F_GETFL) == before);
  CHECK((::fcntl(out.ends[1], F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("a descriptor that is none is refused") {
  sesame::server server{{.name = "stdio", .version = "1"}, talking{}};
  CHECK_THROWS_AS(sesame::serve_stdio(server, {.input = -1}), std::system_error);
}

TEST_CASE("files serve as input and output") {
  char name[] = "/tmp/sesame-stdio-XXXXXX";
  const int file = ::mkstemp(name);
  REQUIRE(file >= 0);
  ::unlink(name);
  const auto text = echo(1, "tea") + "\n" + echo(2, "tea");
  REQUIRE(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::lseek(file, 0, SEEK_SET);
  pipe_ends out;
  sesame::server server{{.name = "stdio", .version = "1"}, talking{}};
  sesame::serve_stdio(server, {.input = file, .output = out.ends[1]});
  out.close_write();
  lines client{out.ends[0]};
  CHECK(at(client.next(), "/id") == "1");
  CHECK(at(client.next(), "/id") == "2");
  ::close(file);
}

TEST_CASE("what the program prints does not come among the messages") {
  pipe_ends in;
  pipe_ends out;
  pipe_ends errors;
  std::fflush(stdout);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(in.ends[0], STDIN_FILENO);
    ::dup2(out.ends[1], STDOUT_FILENO);
    ::dup2(errors.ends[1], STDERR_FILENO);
    for (auto* pipe : {&in, &out, &errors}) {
      pipe->close_read();
      pipe->close_write();
    }
    sesame::server server{{.name = "stdio", .version = "1"}, talking{}};
    sesame::serve_stdio(server);
    std::printf("afterwards\n");
    std::fflush(stdout);
    ::_exit(0);
  }
  in.close_read();
  out.close_write();
  errors.close_write();
  const auto text = call(1, "print") + "\n" + call(2, "print") + "\n";
  REQUIRE(::write(in.ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  lines client{out.ends[0]};
  CHECK(said(client.next()) == "printed");
  CHECK(said(client.next()) == "printed");
  in.close_write();
  CHECK(client.rest() == "afterwards\n");
  const auto printed = lines{errors.ends[0]}.rest();
  CHECK(printed.find("printed to cout") != std::string::npos);
  CHECK(printed.find("printed to stdout") != std::string::npos);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
}

}  // namespace stdio_test
