// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/address_guard.hpp"

#include <asio/ip/address.hpp>

#include <doctest/doctest.h>
#include <iterator>
#include <string_view>

namespace address_guard_test {

using namespace sesame;
using net::address_reach;

address_reach reach(std::string_view text) {
  return net::block_of(asio::ip::make_address(text)).reach;
}

TEST_CASE("addresses of the internet can be reached from everywhere, at both ends of each gap") {
  for (const auto* text : {"1.0.0.0",          "8.8.8.8",
                           "9.255.255.255",    "11.0.0.0",
                           "100.63.255.255",   "100.128.0.0",
                           "126.255.255.255",  "128.0.0.0",
                           "169.253.255.255",  "169.255.0.0",
                           "172.15.255.255",   "172.32.0.0",
                           "191.255.255.255",  "192.0.1.0",
                           "192.0.3.0",        "192.167.255.255",
                           "192.169.0.0",      "198.17.255.255",
                           "198.20.0.0",       "198.51.99.255",
                           "198.51.101.0",     "203.0.112.255",
                           "203.0.114.0",      "223.255.255.255",
                           "2001:200::",       "2001:4860:4860::8888",
                           "2001:db7:ffff::1", "2001:db9::",
                           "2003::",           "2606:4700::1111",
                           "3ffe:ffff::",      "3fff:1000::"}) {
    CAPTURE(text);
    CHECK(reach(text) == address_reach::everywhere);
  }
}

TEST_CASE("addresses of this machine and network are inside") {
  for (const auto* text : {"10.0.0.0",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.1",
                           "169.254.169.254",
                           "172.16.0.0",
                           "172.31.255.255",
                           "192.168.0.1",
                           "192.168.255.255",
                           "198.18.0.0",
                           "198.19.255.255",
                           "::1",
                           "64:ff9b:1::1",
                           "64:ff9b:1:ffff::a00:1",
                           "fc00::",
                           "fd00:ec2::254",
                           "fdff:ffff::1",
                           "fe80::1",
                           "febf::1"}) {
    CAPTURE(text);
    CHECK(reach(text) == address_reach::inside);
  }
}

TEST_CASE("what is nobody's address, or many's, is nowhere") {
  for (const auto* text : {"0.0.0.0",
                           "0.255.255.255",
                           "192.0.0.0",
                           "192.0.0.255",
                           "192.0.2.1",
                           "192.88.99.1",
                           "198.51.100.7",
                           "203.0.113.255",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.254",
                           "255.255.255.255",
                           "::",
                           "::2",
                           "::7f00:1",
                           "::a00:1",
                           "100::1",
                           "2001::1",
                           "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                           "2001:2::1",
                           "2001:1ff:ffff::1",
                           "2001:db8::1",
                           "2001:db8:ffff::1",
                           "2002:7f00:1::",
                           "2002:808:808::",
                           "3fff::1",
                           "3fff:fff::1",
                           "1fff::1",
                           "4000::1",
                           "5f00::1",
                           "fec0::1",
                           "ff02::1",
                           "ffff::1"}) {
    CAPTURE(text);
    CHECK(reach(text) == address_reach::nowhere);
  }
}

TEST_CASE("an IPv4 address within an IPv6 address counts as what it is") {
  const struct {
    const char* text;
    address_reach expected;
  } cases[] = {{"::ffff:8.8.8.8", address_reach::everywhere},
               {"::ffff:127.0.0.1", address_reach::inside},
               {"::ffff:169.254.169.254", address_reach::inside},
               {"::ffff:0.0.0.0", address_reach::nowhere},
               {"64:ff9b::8.8.8.8", address_reach::everywhere},
               {"64:ff9b::10.1.2.3", address_reach::inside},
               {"64:ff9b::127.0.0.1", address_reach::inside},
               {"64:ff9b::224.0.0.1", address_reach::nowhere},
               {"64:ff9b:0:0:0:1:808:808", address_reach::nowhere}};
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(reach(text) == expected);
  }
}

TEST_CASE("a block says what it is, for the log") {
  CHECK(net::block_of(asio::ip::make_address("127.0.0.1")).name == "loopback (RFC 1122)");
  CHECK(net::block_of(asio::ip::make_address("255.255.255.255")).name == "broadcast (RFC 919)");
  CHECK(net::block_of(asio::ip::make_address("fe80::1")).name == "link-local (RFC 4291)");
}

TEST_CASE("no bit of a prefix is beyond its length, and no block is hidden by one before it") {
  for (const auto& block : net::address_blocks) {
    CAPTURE(block.name);
    for (auto bit = block.length; bit < 128; ++bit)
      CHECK((block.prefix[bit / 8] >> (7 - bit % 8) & 1) == 0);
  }
  for (const auto* block = net::address_blocks; block != std::end(net::address_blocks); ++block)
    for (const auto* before = net::address_blocks; before != block; ++before) {
      CAPTURE(block->name);
      CHECK_FALSE((before->length <= block->length && before->contains(block->prefix)));
    }
}

static_assert(net::block_of(net::detail::parse_ipv6("::1").value()).reach == address_reach::inside);

}  // namespace address_guard_test
