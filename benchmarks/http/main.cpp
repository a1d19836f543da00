// Servers for a load to be put on: `scripts/bench` does that.
//
//     http {floor|sesame|sesame-auth} [--threads N] [--tls CERTIFICATE KEY] [--key FILE]
//
// All answer `tools/call` of the same three tools at /mcp with the same bytes, `floor` by a loop that
// is written by hand for them and knows no TLS. Serves until SIGTERM. Says `listening on PORT` on
// standard output; `sesame-auth` says `token TOKEN` before that, and puts its issuer's public key
// into FILE.
// SPDX-License-Identifier: BSL-1.0

#include "floor.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sesame/auth/test_issuer.hpp>
#include <sesame/sesame.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr auto audience = "urn:sesame:bench";

struct addends {
  int a;
  int b;
};

struct extent {
  int size;
};

struct taken {
  std::string text;
};

template <class... Policies>
struct shop : sesame::service<Policies...> {
  int add(const addends& n) const { return n.a + n.b; }
  std::string payload(const extent& of) const {
    return std::string(static_cast<std::size_t>(of.size), 'x');
  }
  std::size_t take(const taken& what) const { return what.text.size(); }

  using tools = sesame::tools<sesame::tool<&shop::add, "Adds two integers">,
                              sesame::tool<&shop::payload, "As many letters as asked for">,
                              sesame::tool<&shop::take, "The size of a text">>;
};

void say_port(unsigned port) {
  std::printf("listening on %u\n", port);
  std::fflush(stdout);
}

template <class Server>
void serve(Server& server, const sesame::http_transport_options& options) {
  sesame::serve_http(server, options, [](const std::string& url) {
    say_port(sesame::net::url::parse(url)->effective_port());
  });
}

int usage() {
  std::fputs(
      "usage: http {floor|sesame|sesame-auth} [--threads N] [--tls CERTIFICATE KEY] [--key FILE]\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments{argv, static_cast<std::size_t>(argc)};
  const std::string_view mode = argc > 1 ? argv[1] : "";
  // Bounds for ten thousand connections and ten million bytes.
  sesame::http_transport_options options;
  options.server.port = 0;
  options.server.max_connections = 20'000;
  options.server.limits.body = std::size_t{32} << 20;
  sesame::server_options about{.name = "bench", .version = "1"};
  about.message.size = options.server.limits.body;
  std::string key;
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    const std::string_view option = arguments[i];
    if (option == "--threads" && i + 1 < arguments.size()) {
      options.server.threads = std::strtoul(arguments[++i], nullptr, 10);
    } else if (option == "--tls" && i + 2 < arguments.size()) {
      options.server.tls = {
          {.certificate_chain = arguments[i + 1], .private_key = arguments[i + 2]}};
      i += 2;
    } else if (option == "--key" && i + 1 < arguments.size()) {
      key = arguments[++i];
    } else {
      return usage();
    }
  }
  try {
    if (mode == "floor" && !options.server.tls) {
      bench::serve_by_hand(std::max(options.server.threads, std::size_t{1}), say_port);
    } else if (mode == "sesame") {
      sesame::server server{about, shop<>{}};
      serve(server, options);
    } else if (mode == "sesame-auth") {
      const sesame::test_issuer issuer{sesame::jws_algorithm::rs256};
      if (!key.empty()) std::ofstream{key} << issuer.public_pem();
      std::printf("token %s\n", issuer.mint({.audience = audience}).c_str());
      sesame::server server{about, shop<sesame::authenticated<sesame::jwt_provider>>{},
                            issuer.provider(audience)};
      serve(server, options);
    } else {
      return usage();
    }
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "http: %s\n", wrong.what());
    return 1;
  }
}
