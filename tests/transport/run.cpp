// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/run.hpp"

#include "net/support.hpp"
#include "server/support.hpp"
#include <csignal>
#include <doctest/doctest.h>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace run_test {

using namespace server_test;

struct echoing : sesame::service<> {
  std::string status() const { return "up"; }
  using tools = sesame::tools<sesame::tool<&echoing::status, "-">>;
};

/// A command line as `main` gets it.
class arguments {
 public:
  arguments(std::initializer_list<std::string> given) : texts_{"server"} {
    texts_.insert(texts_.end(), given);
    for (auto& text : texts_) pointers_.push_back(text.data());
  }
  int count() const { return static_cast<int>(pointers_.size()); }
  char** values() { return pointers_.data(); }
  std::span<char*> all() { return pointers_; }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

sesame::detail::command_line read(arguments given) {
  return sesame::detail::read_command_line(given.all());
}

TEST_CASE("the command line says how to serve") {
  CHECK(read({"--stdio"}).stdio);
  CHECK(read({"--stdio", "--token-env", "TOKEN"}).stdio_settings.token_env == "TOKEN");
  CHECK(read({"--help"}).help);
  CHECK(read({"-h"}).help);
  const auto plain = read({"--http", "127.0.0.1:8080"});
  CHECK(plain.http);
  CHECK(plain.options.server.host == "127.0.0.1");
  CHECK(plain.options.server.port == 8080);
  CHECK(read({"--http", "[::1]:0"}).options.server.host == "::1");
  const auto full =
      read({"--http", "localhost:1", "--public-url", "https://mcp.example/mcp", "--host", "a",
            "--host", "b:1", "--origin", "https://app.example", "--sse", "/sse", "--threads", "4",
            "--tls-cert", "c.pem", "--tls-key", "k.pem"});
  CHECK(full.options.public_url == "https://mcp.example/mcp");
  CHECK(full.options.hosts == std::vector<std::string>{"a", "b:1"});
  CHECK(full.options.origins == std::vector<std::string>{"https://app.example"});
  CHECK(full.options.sse_path == "/sse");
  CHECK(full.options.server.threads == 4);
  REQUIRE(full.options.server.tls);
  CHECK(full.options.server.tls->certificate_chain == "c.pem");
  CHECK(full.options.server.tls->private_key == "k.pem");
}

TEST_CASE("a command line that makes no sense is told by the option") {
  const auto names = [](const char* option, std::initializer_list<std::string> given) {
    CHECK_THROWS_WITH_AS(read(arguments{given}), doctest::Contains(option),
                         sesame::configuration_error);
  };
  names("--stdio, --http", {});
  names("--stdio, --http", {"--stdio", "--http", "localhost:1"});
  names("--http", {"--http"});
  names("--http", {"--http", "localhost"});
  names("--http", {"--http", "localhost:"});
  names("--http", {"--http", "localhost:x"});
  names("--http", {"--http", "localhost:65536"});
  names("--http", {"--http", ":8080"});
  names("--http", {"--http", "http://localhost:1"});
  names("--threads", {"--stdio", "--threads"});
  names("--threads", {"--stdio", "--threads", "many"});
  names("--threads", {"--stdio", "--threads", "-1"});
  names("--threads", {"--stdio", "--threads", "2000"});
  names("--threads", {"--stdio", "--threads", "1x"});
  names("--threads", {"--stdio", "--threads", ""});
  names("--origin", {"--stdio", "--origin"});
  names("--tls-cert", {"--stdio", "--tls-cert"});
  names("--token-env", {"--stdio", "--token-env"});
  names("--token-env", {"--stdio", "--token-env", ""});
  names("--token-env", {"--http", "localhost:1", "--token-env", "TOKEN"});
  names("--verbose", {"--verbose"});
  names("stdio", {"stdio"});
}

TEST_CASE("it serves over HTTP until it is told to stop") {
  sesame::server server{{.name = "run", .version = "1"}, echoing{}};
  net_test::happening listening;
  std::string url;
  int result = -1;
  std::thread serving{[&] {
    arguments given{"--http", "127.0.0.1:0"};
    result = sesame::run(server, given.count(), given.values(), [&](const std::string& at) {
      url = at;
      listening.raise();
    });
  }};
  REQUIRE(listening.await());
  CHECK(url.starts_with("http://127.0.0.1:"));
  CHECK(url.ends_with("/mcp"));
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(17)));
  net_test::client client{port};
  const auto body = call(1, "status");
  const auto got = client.ask(
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: status\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  CHECK(said(got.body) == "up");
  ::raise(SIGTERM);
  serving.join();
  CHECK(result == 0);
}

TEST_CASE("what does not work is told by the result") {
  sesame::server server{{.name = "run", .version = "1"}, echoing{}};
  const auto run = [&](std::initializer_list<std::string> given) {
    arguments all{given};
    return sesame::run(server, all.count(), all.values());
  };
  CHECK(run({}) == 2);
  CHECK(run({"--nonsense"}) == 2);
  CHECK(run({"--stdio", "--token-env", "SESAME_NO_SUCH_VARIABLE"}) == 1);
  CHECK(run({"--http", "127.0.0.1:0", "--public-url", "nonsense"}) == 1);
  CHECK(run({"--http", "127.0.0.1:0", "--threads", "0"}) == 1);
  CHECK(run({"--http", "127.0.0.1:0", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"}) == 1);
  CHECK(run({"--http", "127.0.0.1:0", "--tls-cert", "/nowhere"}) == 1);
  CHECK(run({"--http", "0.0.0.0:0"}) == 1);
  // A port that is in use.
  asio::io_context io;
  const asio::ip::tcp::acceptor taken{io, {asio::ip::address_v4::loopback(), 0}};
  CHECK(run({"--http", "127.0.0.1:" + std::to_string(taken.local_endpoint().port())}) == 1);
}

}  // namespace run_test
