// Which addresses a client may connect to, when the name behind them was chosen by somebody else: a
// URL in a document must not become a way into the network of the server that reads it (SSRF).
//
//     const auto& block = net::block_of(endpoint.address());
//     if (block.reach != net::address_reach::everywhere) refuse(block.name);
//
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/authority.hpp"

#include <asio/ip/address.hpp>
#include <asio/ip/address_v6.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sesame::inline v0::net {

/// From where an address can be reached, and so what it says about who is there.
enum class address_reach : std::uint8_t {
  everywhere,  ///< from the internet: it is no secret
  inside,      ///< from this machine or network only: to be connected to where that is meant
  nowhere,     ///< it is no one's address, or not one server's: never to be connected to
};

/// A block of addresses of one kind.
struct address_block {
  detail::ipv6_bytes prefix;  ///< of an IPv4 block, IPv4-mapped (RFC 4291, section 2.5.5.2)
  std::size_t length;         ///< the leading bits of the prefix that count
  address_reach reach;
  std::string_view name;

  [[nodiscard]] constexpr bool contains(const detail::ipv6_bytes& address) const noexcept {
    const auto whole = length / 8, rest = length % 8;
    if (!std::equal(address.begin(), address.begin() + whole, prefix.begin())) return false;
    return rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0;
  }
};

namespace detail {

constexpr ipv6_bytes map_ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                              std::uint8_t d) noexcept {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d};
}

constexpr address_block v4(std::string_view prefix, std::size_t length, address_reach reach,
                           std::string_view name) {
  const auto bytes = parse_ipv4(prefix).value();
  return {map_ipv4(bytes[0], bytes[1], bytes[2], bytes[3]), 96 + length, reach, name};
}

constexpr address_block v6(std::string_view prefix, std::size_t length, address_reach reach,
                           std::string_view name) {
  return {parse_ipv6(prefix).value(), length, reach, name};
}

}  // namespace detail

/// Every address, each in the first block that contains it: the special-purpose registries of IANA
/// (RFC 6890; https://www.iana.org/assignments/iana-ipv4-special-registry and
/// iana-ipv6-special-registry), multicast (RFC 5771, RFC 4291), and the rest. Of IPv6, only 2000::/3
/// has been given out.
inline constexpr address_block address_blocks[] = {
    detail::v4("0.0.0.0", 8, address_reach::nowhere, "\"this network\" (RFC 791)"),
    detail::v4("10.0.0.0", 8, address_reach::inside, "private use (RFC 1918)"),
    detail::v4("100.64.0.0", 10, address_reach::inside, "shared address space (RFC 6598)"),
    detail::v4("127.0.0.0", 8, address_reach::inside, "loopback (RFC 1122)"),
    detail::v4("169.254.0.0", 16, address_reach::inside, "link-local (RFC 3927)"),
    detail::v4("172.16.0.0", 12, address_reach::inside, "private use (RFC 1918)"),
    detail::v4("192.0.0.0", 24, address_reach::nowhere, "protocol assignments (RFC 6890)"),
    detail::v4("192.0.2.0", 24, address_reach::nowhere, "documentation (RFC 5737)"),
    detail::v4("192.88.99.0", 24, address_reach::nowhere, "6to4 relays (RFC 7526)"),
    detail::v4("192.168.0.0", 16, address_reach::inside, "private use (RFC 1918)"),
    detail::v4("198.18.0.0", 15, address_reach::inside, "benchmarking (RFC 2544)"),
    detail::v4("198.51.100.0", 24, address_reach::nowhere, "documentation (RFC 5737)"),
    detail::v4("203.0.113.0", 24, address_reach::nowhere, "documentation (RFC 5737)"),
    detail::v4("224.0.0.0", 4, address_reach::nowhere, "multicast (RFC 5771)"),
    detail::v4("255.255.255.255", 32, address_reach::nowhere, "broadcast (RFC 919)"),
    detail::v4("240.0.0.0", 4, address_reach::nowhere, "reserved (RFC 1112)"),
    detail::v4("0.0.0.0", 0, address_reach::everywhere, "IPv4"),
    detail::v6("::", 128, address_reach::nowhere, "the unspecified address (RFC 4291)"),
    detail::v6("::1", 128, address_reach::inside, "loopback (RFC 4291)"),
    detail::v6("::", 96, address_reach::nowhere, "IPv4-compatible (RFC 4291)"),
    detail::v6("64:ff9b:1::", 48, address_reach::inside, "local translation (RFC 8215)"),
    detail::v6("2001::", 32, address_reach::nowhere, "Teredo (RFC 4380)"),
    detail::v6("2001::", 23, address_reach::nowhere, "protocol assignments (RFC 2928)"),
    detail::v6("2001:db8::", 32, address_reach::nowhere, "documentation (RFC 3849)"),
    detail::v6("2002::", 16, address_reach::nowhere, "6to4 (RFC 3056)"),
    detail::v6("3fff::", 20, address_reach::nowhere, "documentation (RFC 9637)"),
    detail::v6("2000::", 3, address_reach::everywhere, "IPv6"),
    detail::v6("fc00::", 7, address_reach::inside, "unique local (RFC 4193)"),
    detail::v6("fe80::", 10, address_reach::inside, "link-local (RFC 4291)"),
    detail::v6("ff00::", 8, address_reach::nowhere, "multicast (RFC 4291)"),
    detail::v6("::", 0, address_reach::nowhere, "not given out (RFC 4291)"),
};

/// The block an address is in. One that carries an IPv4 address for a translator (64:ff9b::/96, RFC
/// 6052) is what it carries: networks without IPv4 see the whole internet so.
[[nodiscard]] constexpr const address_block& block_of(detail::ipv6_bytes address) noexcept {
  constexpr auto translated =
      detail::v6("64:ff9b::", 96, address_reach::everywhere, "translation (RFC 6052)");
  if (translated.contains(address))
    address = detail::map_ipv4(address[12], address[13], address[14], address[15]);
  const auto* block = address_blocks;
  while (!block->contains(address)) ++block;  // the last one contains all
  return *block;
}

[[nodiscard]] inline const address_block& block_of(const asio::ip::address& address) {
  return block_of(address.is_v4()
                      ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes()
                      : address.to_v6().to_bytes());
}

}  // namespace sesame::inline v0::net
