// What transport/run.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/transport/http.hpp"
#include "sesame/transport/run.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::detail {

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

}  // namespace sesame::inline v0::detail
