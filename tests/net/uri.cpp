// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/uri.hpp"

#include <doctest/doctest.h>
#include <string_view>

namespace uri_test {

using namespace std::string_view_literals;
using sesame::net::is_uri;
using sesame::net::uri_scheme;

static_assert(is_uri("docs://readme"));

TEST_CASE("a URI has a scheme and something behind it") {
  for (const auto uri : {"a:b", "file:///srv/a%20b", "urn:isbn:0451450523", "x+y-z.1:/",
                         "https://[::1]:80/?a=b&c#d", "mailto:a@b", "test://t/{"})
    CHECK(is_uri(uri) == (std::string_view{uri}.find('{') == std::string_view::npos));
  for (const auto uri : {"", ":", "a:", "a", "/a", "1a:b", "-a:b", "+a:b", ".a:b", "a_b:c", "a b:c",
                         "//host/a", "caf\u00e9:a"})
    CHECK_FALSE(is_uri(uri));
}

TEST_CASE("a URI has the characters of RFC 3986 alone") {
  for (const auto uri : {"a:b c"sv, "a:b\n"sv, "a:b\0c"sv, "a:\u00e9"sv, "a:\"b\""sv, "a:<b>"sv,
                         "a:b\\c"sv, "a:b^c"sv, "a:`b`"sv, "a:{b}"sv, "a:b|c"sv, "a:b\x7f"sv})
    CHECK_FALSE(is_uri(uri));
  for (const auto uri : {"a:%", "a:%4", "a:%zz", "a:%4g", "a:b#c#d"}) CHECK_FALSE(is_uri(uri));
  CHECK(is_uri("a:%41#%7e"));
}

TEST_CASE("a scheme ends at the first colon") {
  CHECK(uri_scheme("https://a:80/") == "https");
  CHECK(uri_scheme("file:///{+path}") == "file");
  CHECK(uri_scheme("{a}:b").empty());
  CHECK(uri_scheme("a/b:c").empty());
  CHECK(uri_scheme(":a").empty());
  CHECK(uri_scheme("abc").empty());
}

}  // namespace uri_test
