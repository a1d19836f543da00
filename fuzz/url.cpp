// URLs, URIs, percent-encoding, and what the guard of Host and Origin makes of any text.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/url.hpp"

#include "sesame/net/authority.hpp"
#include "sesame/net/host_guard.hpp"
#include "sesame/net/uri.hpp"

#include "fuzz.hpp"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

using fuzz::demand;
namespace net = sesame::net;

void try_url(std::string_view text) {
  const auto read = net::url::parse(text);
  if (!read) return demand(!read.error().message.empty(), "a refusal says why");
  const auto written = read->to_string();
  const auto again = net::url::parse(written);
  demand(again && *again == *read, "a URL is read as it is written");
  demand(again->to_string() == written, "a URL has one spelling");
  demand(net::is_uri(written), "a URL is a URI");
  demand(read->path.starts_with('/') && (read->scheme == "http" || read->scheme == "https"),
         "a URL has a scheme and a path");
  demand(net::authority::parse(read->host_and_port()).has_value(), "a URL has a host");
  const auto origin = net::url::parse(read->origin());
  demand(origin && origin->origin() == read->origin() && origin->path == "/",
         "an origin is a URL without a path");
}

void try_percent(std::string_view text) {
  std::string written;
  net::append_percent_encoded(written, text);
  demand(net::percent_decode(written) == text, "what is encoded is decoded to itself");
  if (const auto decoded = net::percent_decode(text)) {
    std::string again;
    net::append_percent_encoded(again, *decoded);
    demand(net::percent_decode(again) == decoded, "what is decoded is encoded to itself");
  }
}

void try_guard(std::string_view text) {
  static const net::host_guard guard{
      {.bind_host = "127.0.0.1", .public_url = *net::url::parse("https://mcp.example/mcp")}};
  using decision = net::host_guard::decision;
  if (guard.check(text, std::nullopt) == decision::allowed) {
    const auto host = net::authority::parse(text);
    demand(host && (net::is_loopback(host->host) || net::same_host(host->host, "mcp.example")),
           "only this machine and the public name are served");
  }
  if (guard.check("localhost", text) == decision::allowed) {
    const auto origin = net::url::parse(text);
    demand(origin && (net::is_loopback(origin->host) || origin->origin() == "https://mcp.example"),
           "only pages of this machine and of the public name may call");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  try_url(text);
  try_percent(text);
  try_guard(text);
  return 0;
}
