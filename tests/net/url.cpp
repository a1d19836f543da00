// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/url.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace url_test {

using namespace sesame;
using net::url;

TEST_CASE("an absolute URL is split and brought into one spelling") {
  const auto read = url::parse("HTTPS://Example.COM:443/a%20b/?x=1&y=/?");
  REQUIRE(read);
  CHECK(read->scheme == "https");
  CHECK(read->host == "example.com");
  CHECK_FALSE(read->port);
  CHECK(read->effective_port() == 443);
  CHECK(read->secure());
  CHECK(read->path == "/a%20b/");
  CHECK(read->query == "x=1&y=/?");
  CHECK(read->origin() == "https://example.com");
  CHECK(read->to_string() == "https://example.com/a%20b/?x=1&y=/?");
}

TEST_CASE("ports, addresses and empty parts keep their meaning") {
  struct {
    std::string_view text, canonical;
  } const cases[] = {
      {"http://localhost:8080", "http://localhost:8080/"},
      {"http://h:80/x", "http://h/x"},
      {"http://h:443", "http://h:443/"},
      {"https://[::1]:8443/mcp", "https://[::1]:8443/mcp"},
      {"https://h?q", "https://h/?q"},
      {"https://h/?", "https://h/?"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.text);
    const auto read = url::parse(each.text);
    REQUIRE(read);
    CHECK(read->to_string() == each.canonical);
  }
}

TEST_CASE("what is no absolute http URL is refused, with a reason") {
  for (const std::string_view text : {"",
                                      "example.com",
                                      "/mcp",
                                      "//h/x",
                                      "ftp://h/",
                                      "javascript:alert(1)",
                                      "http:/h",
                                      "http://",
                                      "http://:80",
                                      "http:///x",
                                      "https://u:p@h/",
                                      "https://u@h",
                                      "https://h/#f",
                                      "https://h/ x",
                                      "https://h/%2",
                                      "https://h/%zz",
                                      "https://h/%",
                                      "https://h/\"",
                                      "https://h/\xc3\xb6",
                                      "https://h:0x50/",
                                      "https://h:/",
                                      "https://h\\x",
                                      "https://h/a\\b",
                                      " https://h",
                                      "https://h/\r\nX: y",
                                      "https://h/{id}",
                                      "https://h@evil/",
                                      "https://evil\\@h/",
                                      "https://[::1/",
                                      "xhttps://h/"}) {
    CAPTURE(text);
    const auto read = url::parse(text);
    REQUIRE_FALSE(read);
    CHECK_FALSE(read.error().message.empty());
  }
}

TEST_CASE("percent-encoding goes both ways and is strict") {
  CHECK(net::percent_decode("a%2Fb+c%00") == std::string("a/b+c\0", 6));
  CHECK(net::percent_decode("") == "");
  for (const std::string_view text : {"%", "%1", "a%4", "%g0", "%0g", "%%20", "%-1"}) {
    CAPTURE(text);
    CHECK_FALSE(net::percent_decode(text));
  }
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  std::string encoded;
  net::append_percent_encoded(encoded, bytes);
  CHECK(net::percent_decode(encoded) == bytes);
  encoded.clear();
  net::append_percent_encoded(encoded, "a-._~/\xff");
  CHECK(encoded == "a-._~%2F%FF");
}

}  // namespace url_test
