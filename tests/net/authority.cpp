// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/authority.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace authority_test {

using sesame::net::authority;
using sesame::net::is_loopback;
using sesame::net::same_host;

TEST_CASE("an authority is a host and perhaps a port") {
  struct {
    std::string_view text, host;
    int port;
  } const cases[] = {
      {"localhost", "localhost", -1},
      {"LocalHost:80", "LocalHost", 80},
      {"example.com:0", "example.com", 0},
      {"a-b_c.example.:65535", "a-b_c.example.", 65535},
      {"127.0.0.1:8080", "127.0.0.1", 8080},
      {"[::1]", "[::1]", -1},
      {"[2001:DB8::1]:443", "[2001:DB8::1]", 443},
      {"[::ffff:127.0.0.1]:1", "[::ffff:127.0.0.1]", 1},
      {"[::]", "[::]", -1},
      {"[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", -1},
      {"[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]", -1},
  };
  for (const auto& each : cases) {
    CAPTURE(each.text);
    const auto read = authority::parse(each.text);
    REQUIRE(read);
    CHECK(read->host == each.host);
    CHECK(read->port.has_value() == (each.port >= 0));
    CHECK(static_cast<int>(read->port_or(7)) == (each.port >= 0 ? each.port : 7));
  }
}

TEST_CASE("what is no authority is refused") {
  for (const std::string_view text : {"",
                                      ":80",
                                      "host:",
                                      "host:65536",
                                      "host:99999",
                                      "host:000080",
                                      "host:8a",
                                      "host:-1",
                                      "host: 80",
                                      " host",
                                      "host ",
                                      "ho st",
                                      "user@host",
                                      "host/",
                                      "host?x",
                                      "a,b",
                                      "a..b",
                                      ".a",
                                      "%6cocalhost",
                                      "[]",
                                      "[::1",
                                      "::1",
                                      "[::1]x",
                                      "[::1]:",
                                      "[::1%25eth0]",
                                      "[v1.x]",
                                      "[1:2:3:4:5:6:7]",
                                      "[1:2:3:4:5:6:7:8:9]",
                                      "[1::2::3]",
                                      "[12345::]",
                                      "[:1::2]",
                                      "[1:2:3:4:5:6:7:8::]",
                                      "[::127.0.0.256]",
                                      "[::127.0.0]",
                                      "[1:]",
                                      "[:]",
                                      "[::1.2.3.4:5]",
                                      "[127.0.0.1]",
                                      "host:80:80",
                                      "h\xc3\xb6st",
                                      "[1:2:3:4:5:6:7:1.2.3.4]"}) {
    CAPTURE(text);
    CHECK_FALSE(authority::parse(text));
  }
  CHECK_FALSE(authority::parse(std::string_view("host\0", 5)));
  CHECK_FALSE(authority::parse(std::string(256, 'a')));
}

TEST_CASE("hosts are compared without regard to case, IPv6 literals by their address") {
  CHECK(same_host("Example.COM", "example.com"));
  CHECK(same_host("[::1]", "[0:0:0:0:0:0:0:1]"));
  CHECK(same_host("[2001:DB8::]", "[2001:db8:0::]"));
  CHECK(same_host("[::ffff:1.2.3.4]", "[::FFFF:0102:0304]"));
  CHECK_FALSE(same_host("[::1]", "[::2]"));
  CHECK_FALSE(same_host("localhost", "localhost."));
  CHECK_FALSE(same_host("example.com", "example.com.evil"));
  CHECK_FALSE(same_host("127.0.0.1", "[::ffff:127.0.0.1]"));
}

TEST_CASE("three spellings name this machine and nothing else does") {
  for (const std::string_view host :
       {"localhost", "LOCALHOST", "127.0.0.1", "[::1]", "::1", "[0::1]"})
    CHECK(is_loopback(host));
  for (const std::string_view host :
       {"0.0.0.0", "[::]", "localhost.evil", "127.0.0.1.evil", "127.1", "2130706433", "localhost."})
    CHECK_FALSE(is_loopback(host));
}

static_assert(authority::parse("[::1]:80")->port == 80);

}  // namespace authority_test
