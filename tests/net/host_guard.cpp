// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/host_guard.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>

namespace host_guard_test {

using namespace sesame;
using net::host_guard;
using enum net::host_guard::decision;

struct row {
  std::string_view host;
  std::optional<std::string_view> origin;
  host_guard::decision expected;
};
template <std::size_t Size>
void check(const host_guard& guard, const row (&rows)[Size]) {
  for (const auto& [host, origin, expected] : rows) {
    CAPTURE(host);
    CAPTURE(origin.value_or("(none)"));
    CHECK(guard.check(host, origin) == expected);
  }
}
TEST_CASE("a loopback server answers to itself and to pages from itself") {
  const host_guard guard({});
  check(guard, {
                   {"localhost:8080", {}, allowed},
                   {"LOCALHOST", {}, allowed},
                   {"127.0.0.1:1", {}, allowed},
                   {"[::1]:8080", {}, allowed},
                   {"[0:0::1]:8080", {}, allowed},
                   {"localhost:8080", "http://localhost:3000", allowed},
                   {"127.0.0.1:8080", "https://[::1]:8443", allowed},
                   {"localhost", "http://127.0.0.1", allowed},
                   // a name rebound to 127.0.0.1
                   {"evil.example:8080", "http://evil.example:8080", host_refused},
                   {"evil.example", {}, host_refused},
                   {"localhost.evil.example", {}, host_refused},
                   {"localhost.", {}, host_refused},
                   {"127.0.0.1.evil.example", {}, host_refused},
                   {"127.1", {}, host_refused},
                   {"0.0.0.0:8080", {}, host_refused},
                   {"[::ffff:127.0.0.1]", {}, host_refused},
                   {"user@localhost", {}, host_refused},
                   {"localhost,evil", {}, host_refused},
                   {"", {}, host_refused},
                   // a page from elsewhere
                   {"localhost:8080", "http://evil.example", origin_refused},
                   {"localhost:8080", "null", origin_refused},
                   {"localhost:8080", "", origin_refused},
                   {"localhost:8080", "http://localhost.evil.example", origin_refused},
                   {"localhost:8080", "http://localhost@evil.example", origin_refused},
                   {"localhost:8080", "http://localhost/", origin_refused},
                   {"localhost:8080", "http://localhost/x", origin_refused},
                   {"localhost:8080", "http://localhost http://evil.example", origin_refused},
                   {"localhost:8080", "ftp://localhost", origin_refused},
                   {"localhost:8080", "file://", origin_refused},
                   {"localhost:8080", "chrome-extension://localhost", origin_refused},
                   {"localhost:8080", "localhost", origin_refused},
                   {"localhost:8080", "http://", origin_refused},
               });
}

TEST_CASE("the public URL's host is allowed on any port, its origin as it stands") {
  const host_guard guard({.public_url = *net::url::parse("https://mcp.example.com/mcp")});
  check(guard, {
                   {"mcp.example.com", {}, allowed},
                   {"MCP.example.com:443", {}, allowed},
                   {"mcp.example.com:8080", {}, allowed},
                   {"mcp.example.com", "https://mcp.example.com", allowed},
                   {"mcp.example.com", "https://MCP.example.com:443", allowed},
                   {"localhost:8080", {}, allowed},
                   {"mcp.example.com", "http://mcp.example.com", origin_refused},
                   {"mcp.example.com", "https://mcp.example.com:444", origin_refused},
                   {"example.com", {}, host_refused},
                   {"mcp.example.com.evil", {}, host_refused},
               });
}

TEST_CASE("a server on all interfaces answers to what is listed only") {
  net::host_guard_options options;
  options.bind_host = "0.0.0.0";
  options.hosts = {"api.example.com", "inner:8080", "web:80", "[2001:db8::1]"};
  options.origins = {"https://app.example.com", "http://localhost:3000"};
  const host_guard guard(options);
  check(guard, {
                   {"api.example.com:1234", {}, allowed},
                   {"inner:8080", {}, allowed},
                   {"inner:8081", {}, host_refused},
                   {"inner", {}, host_refused},
                   {"web", {}, allowed},
                   {"[2001:DB8:0::1]:9", {}, allowed},
                   {"localhost:8080", {}, host_refused},
                   {"0.0.0.0:8080", {}, host_refused},
                   {"api.example.com", "https://app.example.com", allowed},
                   {"api.example.com", "https://app.example.com:443", allowed},
                   {"api.example.com", "http://localhost:3000", allowed},
                   {"api.example.com", "https://api.example.com", allowed},
                   {"api.example.com", "http://inner:8080", allowed},
                   {"api.example.com", "http://inner", origin_refused},
                   {"api.example.com", "http://app.example.com", origin_refused},
                   {"api.example.com", "http://localhost:3001", origin_refused},
                   {"api.example.com", "https://sub.app.example.com", origin_refused},
               });
}

TEST_CASE("a specific address that is bound is a name of the server") {
  net::host_guard_options options;
  options.bind_host = "192.0.2.7";
  CHECK(host_guard(options).allows_host("192.0.2.7:8080"));
  CHECK_FALSE(host_guard(options).allows_host("localhost"));
  options.bind_host = "2001:db8::7";
  CHECK(host_guard(options).allows_host("[2001:db8::7]:8080"));
}

TEST_CASE("behind a proxy that checks Host, Origin is still checked") {
  net::host_guard_options options;
  options.any_host = true;
  const host_guard guard(options);
  CHECK(guard.check("whatever.example", {}) == allowed);
  CHECK(guard.check("whatever.example", "http://evil.example") == origin_refused);
}

TEST_CASE("malformed settings are told by name") {
  net::host_guard_options options;
  options.hosts = {"https://example.com"};
  CHECK_THROWS_WITH_AS(host_guard{options}, doctest::Contains("hosts"), configuration_error);
  options.hosts.clear();
  for (const auto* origin : {"example.com", "https://example.com/", "null", "*"}) {
    options.origins = {origin};
    CHECK_THROWS_WITH_AS(host_guard{options}, doctest::Contains("origins"), configuration_error);
  }
}

}  // namespace host_guard_test
