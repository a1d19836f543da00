// The main function of a server program: serves as its command line says.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/transport/http_transport_options.hpp"
#include "sesame/transport/stdio_options.hpp"

#include <functional>
#include <span>
#include <string>
#include <utility>

namespace sesame::inline v0 {

class engine;

/// Is told the endpoint's URL once a server listens.
using on_listening = std::function<void(const std::string& url)>;

namespace detail {

struct command_line {
  bool stdio = false;
  bool http = false;
  bool help = false;
  stdio_options stdio_settings{};
  http_transport_options options;
};

// Throws `configuration_error` for what it does not understand.
command_line read_command_line(std::span<char*> arguments, http_transport_options options = {});

void serve_http(engine& served, http_transport_options options, const on_listening& listening);
void serve_stdio(engine& served, stdio_options options);
int run(engine& served, int argc, char** argv, const on_listening& listening,
        http_transport_options options);

}  // namespace detail

/// Serves over HTTP until SIGINT or SIGTERM. `listening` is called once the server listens, with
/// the endpoint's URL. Throws `configuration_error` for options that make no sense, or where the
/// address cannot be listened on.
template <class Server>
void serve_http(Server& server, http_transport_options options, const on_listening& listening) {
  detail::serve_http(server.engine(), std::move(options), listening);
}

/// Serves one client over standard input and output; returns when it is gone.
template <class Server>
void serve_stdio(Server& server, stdio_options options = {}) {
  detail::serve_stdio(server.engine(), std::move(options));
}

/// Serves as the command line says: `--stdio`, or `--http HOST:PORT` and its options (`--help`
/// lists them). Returns what `main` should return: 0, 1 for settings that do not work, 2 for a
/// command line that makes no sense. Says on standard error where it listens; `listening`, if
/// given, is called with the URL then. `options` hold for what the command line does not say.
template <class Server>
int run(Server& server, int argc, char** argv, const on_listening& listening = {},
        http_transport_options options = {}) {
  return detail::run(server.engine(), argc, argv, listening, std::move(options));
}

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/run.ipp"
#endif
