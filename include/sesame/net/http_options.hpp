// Everything about an HTTP server that can be set: where it listens, and its bounds.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

/// The sizes of one request, in bytes unless it says otherwise.
struct http_limits {
  std::size_t request_line = std::size_t{8} << 10;  ///< without its line end; else 414
  std::size_t field_count = 64;                     ///< fields; else 431
  std::size_t fields_size = std::size_t{32} << 10;  ///< all field lines, with line ends; else 431
  std::size_t body = std::size_t{4} << 20;          ///< else 413
};

/// How long a peer may take.
struct http_timeouts {
  std::chrono::milliseconds header{10'000};  ///< for a TLS handshake, and for a request's head
  std::chrono::milliseconds body{30'000};    ///< from the end of the head to the end of the body
  std::chrono::milliseconds idle{75'000};    ///< between two requests on one connection
  std::chrono::milliseconds write{30'000};   ///< without taking a byte of what is sent to it
  std::chrono::milliseconds keep_alive_comment{15'000};  ///< of silence on an event stream
  std::chrono::milliseconds stop_grace{10'000};  ///< for what is in flight when the server stops
};

/// The PEM files of a server that speaks TLS.
struct tls_files {
  std::string certificate_chain;  ///< the server's own certificate first
  std::string private_key;
};

/// The settings of an `http_server`. Checked when the server is made.
struct http_options {
  std::string host = "127.0.0.1";  ///< an address, or a name that is resolved once
  std::uint16_t port = 8080;       ///< 0: one that is free, see `http_server::port`
  std::size_t threads = 1;         ///< each with its own io_context; a connection stays on one
  int backlog = 1024;
  /// Connections at a time. Further ones wait in the backlog, and idle ones are closed to make
  /// room.
  std::size_t max_connections = 1000;
  http_limits limits{};
  http_timeouts timeouts{};
  std::size_t stream_buffer = std::size_t{1} << 20;  ///< unsent bytes of a stream; more are refused
  std::size_t requests_per_connection = std::numeric_limits<std::size_t>::max();
  bool stop_on_signals = false;  ///< SIGINT and SIGTERM stop gracefully, the second one at once
  std::optional<tls_files> tls{};
  /// Told what a handler threw and what went wrong with the sockets; nothing of it reaches a peer.
  /// Called on any of the server's threads.
  std::function<void(std::string_view)> on_error = [](std::string_view what) {
    std::fprintf(stderr, "sesame: %.*s\n", static_cast<int>(what.size()), what.data());
  };
};

/// Throws `configuration_error`, which names the setting, if a value makes no sense.
inline void validate(const http_options& options) {
  const auto demand = [](bool fine, const char* setting, const char* problem) {
    if (!fine) throw configuration_error(setting, problem);
  };
  demand(!options.host.empty(), "host", "it is empty; name an address such as 127.0.0.1");
  demand(options.threads >= 1 && options.threads <= 1024, "threads", "it has to be 1 to 1024");
  demand(options.backlog >= 1, "backlog", "it has to be at least 1");
  demand(options.max_connections >= 1, "max_connections", "it has to be at least 1");
  demand(options.requests_per_connection >= 1, "requests_per_connection",
         "it has to be at least 1");
  demand(options.limits.request_line >= 64, "limits.request_line", "it has to be at least 64");
  demand(options.limits.field_count >= 1, "limits.field_count", "it has to be at least 1");
  demand(options.limits.fields_size >= 64, "limits.fields_size", "it has to be at least 64");
  // Offsets into a message's head are kept in 32 bits.
  demand(options.limits.request_line <= (std::size_t{1} << 30) &&
             options.limits.fields_size <= (std::size_t{1} << 30),
         "limits", "a head is limited to 1 GiB");
  demand(options.stream_buffer >= 1024, "stream_buffer", "it has to be at least 1024");
  const auto& timeouts = options.timeouts;
  const auto positive = [&](std::chrono::milliseconds value, const char* setting) {
    demand(value.count() > 0 && value < std::chrono::hours(24 * 365), setting,
           "it has to be positive and less than a year");
  };
  positive(timeouts.header, "timeouts.header");
  positive(timeouts.body, "timeouts.body");
  positive(timeouts.idle, "timeouts.idle");
  positive(timeouts.write, "timeouts.write");
  positive(timeouts.keep_alive_comment, "timeouts.keep_alive_comment");
  positive(timeouts.stop_grace, "timeouts.stop_grace");
  if (options.tls) {
    demand(!options.tls->certificate_chain.empty(), "tls.certificate_chain", "no file is named");
    demand(!options.tls->private_key.empty(), "tls.private_key", "no file is named");
  }
  demand(options.on_error != nullptr, "on_error", "it is empty");
}

}  // namespace sesame::inline v0::net
