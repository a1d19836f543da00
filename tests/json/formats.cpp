// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/formats.hpp"

#include <array>
#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace formats_test {

namespace json = sesame::json;

constexpr bool is(std::string_view format, std::string_view text) {
  return json::has_format(format, text);
}

static_assert(json::known_format("email") && json::known_format("uri"));
static_assert(json::known_format("date") && json::known_format("date-time"));
static_assert(json::known_format("uuid"));
static_assert(!json::known_format("hostname") && !json::known_format("") &&
              !json::known_format("Email"));
static_assert(!json::has_format("hostname", "example.com"), "an unknown format is never had");

static_assert(is("date", "2024-02-29") && !is("date", "2023-02-29"));
static_assert(is("date-time", "2026-07-28T12:00:00.5+02:00"));
static_assert(!is("date-time", "2026-07-28"));

TEST_CASE("email addresses") {
  for (const auto text :
       {"a@b.de", "first.last+tag@sub.example.com", "x_y-z@example.co", "!#$%&'*+-/=?^_`{|}~@a.b",
        "user@localhost", "1@2.3", "a@xn--bcher-kva.example"}) {
    CAPTURE(text);
    CHECK(is("email", text));
  }
  for (const auto text : {"",
                          "a",
                          "@",
                          "a@",
                          "@b.de",
                          "a@@b.de",
                          "a@b@c.de",
                          ".a@b.de",
                          "a.@b.de",
                          "a..b@c.de",
                          "a b@c.de",
                          "a@b c.de",
                          "a@.de",
                          "a@b..de",
                          "a@b.de.",
                          "a@-b.de",
                          "a@b-.de",
                          "a@b.de-",
                          "\"a\"@b.de",
                          "a\\b@c.de",
                          "a(b)@c.de",
                          "<a@b.de>",
                          "a,b@c.de",
                          "a@[127.0.0.1]",
                          "a@b_c.de",
                          "a@b.de\n",
                          "a\n@b.de",
                          "j\u00f6rg@b.de",
                          "a@b\u00fccher.de"}) {
    CAPTURE(text);
    CHECK_FALSE(is("email", text));
  }
  CHECK(is("email", std::string(64, 'a') + "@b.de"));
  CHECK_FALSE(is("email", std::string(65, 'a') + "@b.de"));
  CHECK(is("email", "a@" + std::string(249, 'b') + ".de"));
  CHECK_FALSE(is("email", "a@" + std::string(250, 'b') + ".de"));
  CHECK_FALSE(is("email", std::string_view{"a\0b@c.de", 8}));
}

TEST_CASE("URIs") {
  for (const auto text :
       {"https://example.com", "http://user@host:8080/a/b?c=d&e#f", "urn:isbn:0451450523",
        "mailto:a@b.de", "file:///tmp/x", "a+b-c.d:e", "https://[::1]/", "x:%41%7e", "data:,x"}) {
    CAPTURE(text);
    CHECK(is("uri", text));
  }
  for (const auto text :
       {"",     ":",     "a",           "a:",          "//host/path", "/path", "1a:b",
        "+a:b", "a b:c", "https://a b", "https://a\"", "x:<y>",       "x:{y}", "x:\\y",
        "x:%4", "x:%",   "x:%zz",       "x:\u00fc",    "x:a\n",       "a_b:c"}) {
    CAPTURE(text);
    CHECK_FALSE(is("uri", text));
  }
}

TEST_CASE("UUIDs") {
  CHECK(is("uuid", "123e4567-e89b-12d3-a456-426614174000"));
  CHECK(is("uuid", "123E4567-E89B-12D3-A456-42661417400F"));
  CHECK(is("uuid", "00000000-0000-0000-0000-000000000000"));
  for (const auto text :
       {"", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000", "{123e4567-e89b-12d3-a456-426614174000}",
        "123e4567-e89b-12d3-a456-42661417400g", "123e4567e-89b-12d3-a456-426614174000",
        "123e4567-e89b-12d3-a456_426614174000"}) {
    CAPTURE(text);
    CHECK_FALSE(is("uuid", text));
  }
}

}  // namespace formats_test
