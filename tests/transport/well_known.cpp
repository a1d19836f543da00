// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/well_known.hpp"

#include "sesame/auth/test_issuer.hpp"
#include "sesame/net/https_client.hpp"

#include <asio/awaitable.hpp>

#include "net/support.hpp"
#include "transport/support.hpp"
#include <array>
#include <atomic>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace well_known_test {

using namespace transport_test;
namespace net = sesame::net;

// An authorization server on loopback, which answers with what it is told to.
struct authorization_server {
  std::atomic<int> status = 200;
  std::atomic<int> asked = 0;
  std::string document;
  net_test::running<net::http_server<net_test::handler>> http{
      {}, [this](const net::http_request& request, net::http_response& response) {
        ++asked;
        response.status =
            request.path == "/.well-known/oauth-authorization-server" ? status.load() : 404;
        response.body += document;
        return std::optional<asio::awaitable<void>>{};
      }};
  std::string url = "http://127.0.0.1:" + std::to_string(http.port());

  authorization_server() {
    document = R"({"issuer":")" + url + R"(","authorization_endpoint":")" + url +
               R"(/authorize","token_endpoint":")" + url + R"(/token"})";
  }
  // How a server behind it is reached that passes its metadata on.
  [[nodiscard]] sesame::http_transport_options relayed() const {
    return {.public_url = "https://mcp.example/base/mcp",
            .authorization_server_metadata = net::fetch_with(
                net::https_client({.private_hosts = {"127.0.0.1"}, .allow_plain_http = true}))};
  }
};

constexpr std::array<std::string_view, 4> paths{
    "/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/base/mcp",
    "/.well-known/openid-configuration", "/.well-known/openid-configuration/base/mcp"};

answer get(mixed_server& server, std::string_view path, std::string_view method = "GET") {
  return server.ask(std::string{method} + " " + std::string{path} +
                    " HTTP/1.1\r\nHost: mcp.example\r\nOrigin: https://anywhere.example\r\n\r\n");
}

TEST_CASE("the authorization server's metadata are passed on as they are, and fetched once") {
  authorization_server issuer;
  mixed_server server{issuer.relayed(),
                      sesame::test_issuer{sesame::jws_algorithm::es256, issuer.url}};
  for (const auto path : paths) {
    CAPTURE(path);
    const auto got = get(server, path);
    CHECK(got.status == 200);
    CHECK(got.body == issuer.document);
    CHECK(got.field("Content-Type") == "application/json");
    CHECK(got.field("Access-Control-Allow-Origin") == "*");
    CHECK(get(server, path, "HEAD").status == 200);
    CHECK(get(server, path, "OPTIONS").status == 204);
    CHECK(get(server, path, "POST").status == 405);
  }
  CHECK(issuer.asked == 1);
}

TEST_CASE("many who ask at once make one request") {
  authorization_server issuer;
  mixed_server server{issuer.relayed(),
                      sesame::test_issuer{sesame::jws_algorithm::es256, issuer.url}};
  std::vector<std::thread> clients;
  std::atomic<int> told = 0;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] { told += get(server, paths[0]).body == issuer.document ? 1 : 0; });
  for (auto& each : clients) each.join();
  CHECK(told == 8);
  CHECK(issuer.asked == 1);
}

TEST_CASE("an authorization server that is away or tells of another is not passed on") {
  for (const bool other : {false, true}) {
    CAPTURE(other);
    authorization_server issuer;
    if (other)
      issuer.document =
          R"({"issuer":"https://evil.example","token_endpoint":"https://evil.example/t"})";
    else
      issuer.status = 500;
    mixed_server server{issuer.relayed(),
                        sesame::test_issuer{sesame::jws_algorithm::es256, issuer.url}};
    const auto got = get(server, paths[0]);
    CHECK(got.status == 503);
    CHECK(got.field("Retry-After") == "5");
    CHECK(got.body.empty());
    // Nobody can make us ask more often.
    const int asked = issuer.asked;
    CHECK(get(server, paths[1]).status == 503);
    CHECK(issuer.asked == asked);
  }
}

TEST_CASE("where it was not asked for, nothing is passed on") {
  mixed_server server;
  for (const auto path : paths)
    CHECK(
        server.ask("GET " + std::string{path} + " HTTP/1.1\r\nHost: mcp.example\r\n\r\n").status ==
        404);
}

}  // namespace well_known_test
