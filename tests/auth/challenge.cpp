// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/challenge.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace challenge_test {

using namespace sesame;

/// The token of a field, or the name of what is wrong with it.
std::string read(std::string_view field) {
  const auto token = auth::read_authorization(field);
  return std::string(token ? *token : describe(token.error()).name);
}

constexpr std::string_view metadata =
    "https://server.example/.well-known/oauth-protected-resource/mcp";

TEST_CASE("a challenge without a token names no error") {
  CHECK(auth::challenge_for(auth_error::missing_token, metadata, {"write", "read"}) ==
        "Bearer resource_metadata=\"" + std::string(metadata) + "\", scope=\"read write\"");
  CHECK(auth::challenge_for(auth_error::missing_token, "") == "Bearer");
}

TEST_CASE("a challenge to a bad token names the error of RFC 6750") {
  CHECK(auth::challenge_for(auth_error::invalid_token, metadata) ==
        "Bearer resource_metadata=\"" + std::string(metadata) +
            "\", error=\"invalid_token\", error_description=\"The access token is malformed or "
            "expired\"");
  const auto scope = auth::challenge_for(auth_error::insufficient_scope, metadata, {"admin"});
  CHECK(scope.find("scope=\"admin\", error=\"insufficient_scope\"") != std::string::npos);
}

TEST_CASE("nothing that is put into a challenge gets out of its quotes") {
  const auto field =
      auth::to_field({.resource_metadata = "https://x\", evil=\"1",
                      .scope = "a\r\nSet-Cookie: b",
                      .error_description = std::string_view("a\\\"\0\x7f\xc3\xa4z", 8)});
  CHECK(field ==
        "Bearer resource_metadata=\"https://x, evil=1\", scope=\"aSet-Cookie: b\", "
        "error_description=\"az\"");
}

TEST_CASE("a challenge may be of another scheme") {
  CHECK(auth::to_field({.scheme = "DPoP", .error = "invalid_dpop_proof"}) ==
        "DPoP error=\"invalid_dpop_proof\"");
}

TEST_CASE("the token is what follows the scheme, in whatever case that is written") {
  CHECK(read("Bearer abc") == "abc");
  CHECK(read("bearer abc") == "abc");
  CHECK(read("BEARER   a-._~+/9Z==") == "a-._~+/9Z==");
  CHECK(auth::read_authorization("DPoP abc", "DPoP").has_value());
}

TEST_CASE("other schemes present no token") {
  CHECK(read("Basic abc") == "MISSING_TOKEN");
  CHECK(read("Bearerer abc") == "MISSING_TOKEN");
  CHECK(read("Bear abc") == "MISSING_TOKEN");
}

TEST_CASE("anything but one token is malformed") {
  for (const auto* field : {"",
                            " ",
                            "Bearer",
                            "Bearer ",
                            "Bearer a b",
                            "Bearer abc ",
                            "Bearer abc, Bearer def",
                            "Bearer a,b",
                            "Bearer =",
                            "Bearer a=b",
                            "Bearer \"abc\"",
                            "Bearer \tabc",
                            "Bearer a\r\nb",
                            " Bearer abc",
                            "Bearer \xc3\xa4",
                            "Bearer token=abc",
                            "Bearer\tabc",
                            "Bearer,abc",
                            "Bearer:abc",
                            "Bearer=abc",
                            "\xc3\xa4 abc"}) {
    CAPTURE(field);
    CHECK(read(field) == "INVALID_TOKEN");
  }
  CHECK(read(std::string_view("Bearer a\0b", 10)) == "INVALID_TOKEN");
}

}  // namespace challenge_test
