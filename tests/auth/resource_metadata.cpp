// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/resource_metadata.hpp"

#include "sesame/json/document.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace sesame;

TEST_CASE("the document has the members of RFC 9728, and none that is empty") {
  CHECK(
      auth::to_json({.resource = "https://h/mcp", .authorization_servers = {"https://a"}}) ==
      R"({"resource":"https://h/mcp","authorization_servers":["https://a"],"bearer_methods_supported":["header"]})");
  CHECK(auth::to_json({.resource = "https://h/mcp",
                       .authorization_servers = {"https://a", "https://b/"},
                       .scopes_supported = {"write", "read"},
                       .resource_name = "The \"cave\"\n",
                       .resource_documentation = "https://h/docs"}) ==
        R"({"resource":"https://h/mcp","authorization_servers":["https://a","https://b/"],)"
        R"("scopes_supported":["read","write"],"bearer_methods_supported":["header"],)"
        R"("resource_name":"The \"cave\"\n","resource_documentation":"https://h/docs"})");
}

TEST_CASE("whatever the names hold, the document is JSON that says it") {
  std::string name;
  for (int c = 0; c < 128; ++c) name += static_cast<char>(c);
  json::document document;
  const auto text = auth::to_json(
      {.resource = "https://h", .authorization_servers = {"https://a"}, .resource_name = name});
  const auto parsed = document.parse(text);
  REQUIRE(parsed);
  CHECK(json::find_string(*json::as_object(*parsed), "resource_name") == name);
}

TEST_CASE("the document is served under the resource's path and at the root") {
  using paths = std::vector<std::string>;
  CHECK(
      auth::resource_metadata_paths("https://h/mcp") ==
      paths{"/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"});
  CHECK(auth::resource_metadata_paths("https://h:8443/public/mcp/") ==
        paths{"/.well-known/oauth-protected-resource/public/mcp/",
              "/.well-known/oauth-protected-resource"});
  CHECK(auth::resource_metadata_paths("https://h") ==
        paths{"/.well-known/oauth-protected-resource"});
  CHECK(auth::resource_metadata_paths("https://h/") ==
        paths{"/.well-known/oauth-protected-resource"});
}

TEST_CASE("the URL to advertise has the resource's host") {
  CHECK(auth::resource_metadata_url("https://h:8443/mcp") ==
        "https://h:8443/.well-known/oauth-protected-resource/mcp");
  CHECK(auth::resource_metadata_url("https://h") ==
        "https://h/.well-known/oauth-protected-resource");
  CHECK(auth::resource_metadata_url("https://h/") ==
        "https://h/.well-known/oauth-protected-resource");
}

TEST_CASE("a resource that clients must refuse is refused at the start") {
  const std::vector<std::string> servers{"https://a"};
  CHECK_NOTHROW(auth::check({.resource = "https://h/mcp", .authorization_servers = servers}));
  CHECK_NOTHROW(auth::check({.resource = "http://127.0.0.1:80", .authorization_servers = servers}));
  for (const auto* resource : {"", "h/mcp", "/mcp", "ftp://h/mcp", "https://", "https:///mcp",
                               "https://h/mcp#x", "https://h/mcp?x", "https://h/m cp",
                               "https://h/m\"cp", "https://h/\xc3\xa4", "https://h/\r\n"}) {
    CAPTURE(resource);
    CHECK_THROWS_AS(auth::check({.resource = resource, .authorization_servers = servers}),
                    configuration_error);
  }
  CHECK_THROWS_AS(auth::check({.resource = "https://h", .authorization_servers = {}}),
                  configuration_error);
}
