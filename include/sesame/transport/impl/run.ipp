// What transport/run.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/tls.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/http.hpp"
#include "sesame/transport/run.hpp"
#include "sesame/transport/stdio.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::detail {

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

SESAME_INLINE command_line read_command_line(std::span<char*> arguments,
                                             http_transport_options options) {
  command_line line{.options = std::move(options)};
  net::tls_files files;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string name = arguments[i];
    const auto value = [&]() -> std::string {
      if (i + 1 == arguments.size()) throw configuration_error(name, "needs a value");
      return arguments[++i];
    };
    const auto number = [&](const std::string& text, std::uint64_t most) {
      std::uint64_t n = 0;
      const auto end = text.data() + text.size();
      const auto read = std::from_chars(text.data(), end, n);
      if (read.ec != std::errc{} || read.ptr != end || n > most)
        throw configuration_error(name, "\"" + text + "\" is no number that fits");
      return n;
    };
    if (name == "--help" || name == "-h") {
      line.help = true;
    } else if (name == "--stdio") {
      line.stdio = true;
    } else if (name == "--token-env") {
      line.stdio_settings.token_env = value();
      if (line.stdio_settings.token_env.empty())
        throw configuration_error(name, "needs the name of a variable");
    } else if (name == "--http") {
      line.http = true;
      const auto where = value();
      const auto read = net::authority::parse(where);
      if (!read || !read->port) throw configuration_error(name, "needs HOST:PORT");
      line.options.server.host = read->host;
      if (line.options.server.host.starts_with('['))
        line.options.server.host =
            line.options.server.host.substr(1, line.options.server.host.size() - 2);
      line.options.server.port = *read->port;
    } else if (name == "--public-url") {
      line.options.public_url = value();
    } else if (name == "--host") {
      line.options.hosts.push_back(value());
    } else if (name == "--origin") {
      line.options.origins.push_back(value());
    } else if (name == "--sse") {
      line.options.sse_path = value();
    } else if (name == "--threads") {
      line.options.server.threads = static_cast<std::size_t>(number(value(), 1024));
    } else if (name == "--tls-cert") {
      files.certificate_chain = value();
      line.options.server.tls = files;
    } else if (name == "--tls-key") {
      files.private_key = value();
      line.options.server.tls = files;
    } else {
      throw configuration_error(name, "is no option of this program");
    }
  }
  if (!line.help && line.stdio == line.http)
    throw configuration_error("--stdio, --http", "give one of the two");
  if (line.http && !line.stdio_settings.token_env.empty())
    throw configuration_error("--token-env",
                              "is for --stdio; over HTTP each request has its token");
  return line;
}

SESAME_INLINE void serve_http(engine& served, http_transport_options options,
                              const on_listening& listening) {
  options.server.stop_on_signals = true;
  const bool secure = options.server.tls.has_value();
  const auto path = options.path;
  auto settings = options.server;
  settings.on_error = [&served](std::string_view what) { served.report(what); };
  http_endpoint endpoint{served, options};
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
  if (listening) listening(endpoint.url());
  http.run();
}

SESAME_INLINE void serve_stdio(engine& served, stdio_options options) {
  stdio_transport{served, std::move(options)}.run();
}

SESAME_INLINE int run(engine& served, int argc, char** argv, const on_listening& listening,
                      http_transport_options options) {
  const std::span<char*> arguments{argv, static_cast<std::size_t>(argc)};
  const char* program = argc > 0 ? argv[0] : "server";
  command_line line;
  try {
    line = read_command_line(arguments, std::move(options));
  } catch (const configuration_error& wrong) {
    std::fprintf(stderr, "%s: %s\n", program, wrong.what());
    std::fprintf(stderr, usage.data(), program, program);
    return 2;
  }
  try {
    if (line.help) {
      std::printf(usage.data(), program, program);
    } else if (line.stdio) {
      serve_stdio(served, line.stdio_settings);
    } else {
      serve_http(served, std::move(line.options), [&](const std::string& url) {
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

}  // namespace sesame::inline v0::detail
