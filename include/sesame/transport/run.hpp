// The main function of a server program: serves as its command line says.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/net/tls.hpp"
#include "sesame/transport/http.hpp"
#include "sesame/transport/stdio.hpp"

#include <cstddef>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

/// Serves over HTTP until SIGINT or SIGTERM. `listening` is called once the server listens, with
/// the endpoint's URL. Throws `configuration_error` for options that make no sense, or where the
/// address cannot be listened on.
template <class Server, class Listening>
void serve_http(Server& server, http_transport_options options, Listening&& listening) {
  options.server.stop_on_signals = true;
  const bool secure = options.server.tls.has_value();
  const auto path = options.path;
  auto settings = options.server;
  settings.on_error = [&engine = server.engine()](std::string_view what) { engine.report(what); };
  http_endpoint endpoint{server.engine(), options};
  net::tls_http_server http{std::move(settings), [&endpoint](const net::http_request& request,
                                                             net::http_response& response) {
                              return endpoint(request, response);
                            }};
  if (endpoint.url().empty()) {
    auto host = options.server.host;
    if (host.find(':') != std::string::npos && !host.starts_with('[')) host = '[' + host + ']';
    endpoint.published_at((secure ? "https://" : "http://") + host + ':' +
                          std::to_string(http.port()) + path);
  }
  listening(endpoint.url());
  http.run();
}

namespace detail {

inline constexpr std::string_view usage =
    "usage: %s --stdio\n"
    "       %s --http HOST:PORT [options]\n"
    "\n"
    "  --stdio             serve one client over standard input and output\n"
    "  --token-env NAME    with --stdio: the environment variable with the client's access token\n"
    "  --http HOST:PORT    serve over HTTP at http://HOST:PORT/mcp; port 0 takes a free one\n"
    "  --public-url URL    the endpoint's URL as clients see it, behind a proxy\n"
    "  --host NAME         answer to this Host too (may be repeated)\n"
    "  --origin ORIGIN     let pages of this origin call from browsers (may be repeated)\n"
    "  --sse PATH          also serve clients of HTTP+SSE (2024-11-05) at this path\n"
    "  --threads N         serve on N threads\n"
    "  --tls-cert FILE     PEM certificate chain; with --tls-key, serve HTTPS\n"
    "  --tls-key FILE      PEM private key\n";

struct command_line {
  bool stdio = false;
  bool http = false;
  bool help = false;
  stdio_options stdio_settings{};
  http_transport_options options;
};

// Throws `configuration_error` for what it does not understand.
command_line read_command_line(std::span<char*> arguments, http_transport_options options = {});

}  // namespace detail

/// Serves as the command line says: `--stdio`, or `--http HOST:PORT` and its options (`--help`
/// lists them). Returns what `main` should return: 0, 1 for settings that do not work, 2 for a
/// command line that makes no sense. Says on standard error where it listens; `listening`, if
/// given, is called with the URL then. `options` hold for what the command line does not say.
template <class Server>
int run(Server& server, int argc, char** argv,
        const std::function<void(const std::string& url)>& listening = {},
        http_transport_options options = {}) {
  const std::span<char*> arguments{argv, static_cast<std::size_t>(argc)};
  const char* program = argc > 0 ? argv[0] : "server";
  detail::command_line line;
  try {
    line = detail::read_command_line(arguments, std::move(options));
  } catch (const configuration_error& wrong) {
    std::fprintf(stderr, "%s: %s\n", program, wrong.what());
    std::fprintf(stderr, detail::usage.data(), program, program);
    return 2;
  }
  try {
    if (line.help) {
      std::printf(detail::usage.data(), program, program);
    } else if (line.stdio) {
      serve_stdio(server, line.stdio_settings);
    } else {
      serve_http(server, std::move(line.options), [&](const std::string& url) {
        std::fprintf(stderr, "listening on %s\n", url.c_str());
        if (listening) listening(url);
      });
    }
    return 0;
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "%s: %s\n", program, wrong.what());
    return 1;
  }
}

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/run.ipp"
#endif
