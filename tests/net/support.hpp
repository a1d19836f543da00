// What the tests of servers need: a server on a thread of its own, and a plain blocking client.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <functional>
#include <mutex>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace net_test {

using pending = std::optional<asio::awaitable<void>>;
using handler =
    std::function<pending(const sesame::net::http_request&, sesame::net::http_response&)>;

/// Something that happens on one thread and is awaited on another, for at most thirty seconds.
class happening {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool await(int count = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return count_ >= count; });
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

/// What a server reports.
class reports {
 public:
  std::function<void(std::string_view)> sink() {
    return [this](std::string_view what) {
      {
        const std::lock_guard lock(mutex_);
        all_.emplace_back(what);
      }
      came.raise();
    };
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  happening came;

 private:
  std::mutex mutex_;
  std::vector<std::string> all_;
};

/// A server that runs from construction to destruction, on a port of its own.
template <class Server>
class running {
 public:
  running(sesame::net::http_options options, handler answer)
      : server(on_free_port(std::move(options)), std::move(answer)), thread_([this] {
          server.run();
          ended.raise();
        }) {}
  ~running() {
    server.stop();
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return server.port(); }

  Server server;
  happening ended;

 private:
  static sesame::net::http_options on_free_port(sesame::net::http_options options) {
    options.port = 0;
    return options;
  }
  std::thread thread_;
};

struct answer {
  int status = 0;
  std::string head, body;

  [[nodiscard]] std::optional<std::string> field(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return std::nullopt;
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// Reads answers from whatever `Stream` reads and writes synchronously.
template <class Stream>
class basic_client {
 public:
  template <class... Args>
  explicit basic_client(Args&&... args) : stream(std::forward<Args>(args)...) {}

  void send(std::string_view bytes) { asio::write(stream, asio::buffer(bytes)); }

  /// Whether `count` bytes have come; fewer if the peer closed, or was silent beyond `patience`.
  bool fill(std::size_t count) {
    while (held.size() < count) {
      char some[16384];
      std::error_code failed;
      if constexpr (std::is_same_v<Stream, asio::ip::tcp::socket>) {
        pollfd readable{stream.native_handle(), POLLIN, 0};
        if (poll(&readable, 1, static_cast<int>(patience.count())) <= 0) {
          ended = std::make_error_code(std::errc::timed_out);
          return false;
        }
      }
      const auto size = stream.read_some(asio::buffer(some), failed);
      held.append(some, size);
      if (failed) {
        ended = failed;
        return false;
      }
    }
    return true;
  }

  /// Everything up to and with `end`; what there is if that never comes.
  std::string read_until(std::string_view end) {
    auto at = held.find(end);
    while (at == std::string::npos) {
      if (!fill(held.size() + 1)) return std::exchange(held, {});
      at = held.find(end);
    }
    return take(at + end.size());
  }

  std::string take(std::size_t count) {
    auto taken = held.substr(0, count);
    held.erase(0, taken.size());
    return taken;
  }

  /// One answer; status 0 if there is none.
  answer read(bool to_head = false) {
    answer got;
    got.head = read_until("\r\n\r\n");
    if (!got.head.starts_with("HTTP/1.1 ")) return got;
    got.status = std::stoi(got.head.substr(9, 3));
    if (to_head || got.status < 200) return got;
    if (const auto length = got.field("Content-Length")) {
      fill(std::stoul(*length));
      got.body = take(std::stoul(*length));
    } else if (got.field("Transfer-Encoding")) {
      while (auto chunk = read_chunk()) got.body += *chunk;
    } else if (got.status != 204 && got.status != 304) {
      got.body = rest();
    }
    return got;
  }

  /// One chunk; nothing for the last one, and if the stream breaks off (then `ended` is set).
  std::optional<std::string> read_chunk() {
    const auto line = read_until("\r\n");
    std::size_t size = 0;
    std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (!fill(size + 2)) return std::nullopt;
    auto chunk = take(size);
    take(2);
    if (size == 0) return std::nullopt;
    return chunk;
  }

  answer ask(std::string_view request) {
    send(request);
    return read(request.starts_with("HEAD "));
  }

  /// What comes until the peer closes. `ended` is eof if it closed in order.
  std::string rest() {
    while (fill(held.size() + 1)) {
    }
    return std::exchange(held, {});
  }
  bool closed_in_order() {
    rest();
    return ended == asio::error::eof;
  }

  Stream stream;
  std::string held;
  std::error_code ended;  // set when the peer closed or was silent for too long
  std::chrono::milliseconds patience{30'000};
};

inline asio::io_context& client_context() {
  static asio::io_context context;
  return context;
}

inline asio::ip::tcp::socket connect_to(std::uint16_t port, int receive_buffer = 0) {
  asio::ip::tcp::socket socket(client_context());
  socket.open(asio::ip::tcp::v4());
  if (receive_buffer != 0)
    socket.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
  socket.connect({asio::ip::address_v4::loopback(), port});
  socket.set_option(asio::ip::tcp::no_delay(true));
  return socket;
}

class client : public basic_client<asio::ip::tcp::socket> {
 public:
  explicit client(std::uint16_t port, int receive_buffer = 0)
      : basic_client(connect_to(port, receive_buffer)) {}

  void stop_sending() { stream.shutdown(asio::socket_base::shutdown_send); }
  void close() { stream.close(); }
  /// Leaves with RST.
  void reset() {
    stream.set_option(asio::socket_base::linger(true, 0));
    stream.close();
  }
};

inline std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) +
         "\r\n";
}
inline std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

}  // namespace net_test
