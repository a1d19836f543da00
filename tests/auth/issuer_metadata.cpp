// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/issuer_metadata.hpp"

#include "auth/support.hpp"
#include <doctest/doctest.h>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace issuer_metadata_test {

using namespace std::string_literals;
namespace auth = sesame::auth;
namespace net = sesame::net;

// What is at each URL; elsewhere is nothing.
struct web {
  std::map<std::string, std::string> pages;
  std::vector<std::string> asked;

  net::http_fetch fetch() {
    return [this](net::outgoing_request request) { return answer(*this, std::move(request)); };
  }
  static asio::awaitable<net::fetch_result> answer(web& self, net::outgoing_request request) {
    const auto url = request.target.to_string();
    self.asked.push_back(url);
    if (request.target.host == "away.example")
      co_return sesame::failure{net::fetch_error{net::fetch_error_code::connect, "nobody there"}};
    const auto found = self.pages.find(url);
    net::incoming_response response{.status = 404, .fields = {}, .body = "no"};
    if (found != self.pages.end()) response = {.status = 200, .fields = {}, .body = found->second};
    co_return response;
  }
};

sesame::result<auth::issuer_metadata> fetched(web& from, const std::string& issuer) {
  return auth_test::completed(auth::fetch_issuer_metadata(from.fetch(), issuer));
}

TEST_CASE("metadata are looked for where RFC 8414 and OpenID Connect put them") {
  const auto urls = [](std::string_view issuer) { return *auth::issuer_metadata_urls(issuer); };
  CHECK(urls("https://id.example") ==
        std::vector{"https://id.example/.well-known/oauth-authorization-server"s,
                    "https://id.example/.well-known/openid-configuration"s});
  CHECK(urls("https://id.example/") == urls("https://id.example"));
  CHECK(urls("https://id.example:8443/realms/one/") ==
        std::vector{"https://id.example:8443/.well-known/oauth-authorization-server/realms/one"s,
                    "https://id.example:8443/.well-known/openid-configuration/realms/one"s,
                    "https://id.example:8443/realms/one/.well-known/openid-configuration"s});
  for (const auto issuer : {"", "id.example", "ftp://id.example", "https://id.example?tenant=1",
                            "https://id.example#here", "https://user@id.example"})
    CHECK_MESSAGE(!auth::issuer_metadata_urls(issuer), issuer);
}

TEST_CASE("the first document that is there is taken") {
  web from;
  const auto text =
      R"({"issuer":"https://id.example/a","jwks_uri":"https://keys.example/a",)"
      R"("token_endpoint":"https://id.example/token","introspection_endpoint":null})"s;
  from.pages["https://id.example/a/.well-known/openid-configuration"] = text;
  const auto read = fetched(from, "https://id.example/a");
  REQUIRE(read);
  CHECK(read->jwks_uri == "https://keys.example/a");
  CHECK(read->token_endpoint == "https://id.example/token");
  CHECK(read->introspection_endpoint.empty());
  CHECK(read->json == text);
  CHECK(from.asked.size() == 3);
}

TEST_CASE("a document of another issuer, or one that is none, is not taken") {
  const auto refused = [](std::string text) {
    web from;
    from.pages["https://id.example/.well-known/oauth-authorization-server"] = std::move(text);
    const auto read = fetched(from, "https://id.example");
    CHECK(from.asked.size() == 1);
    return !read;
  };
  CHECK(!refused(R"({"issuer":"https://id.example","jwks_uri":"https://id.example/jwks"})"));
  CHECK(refused(R"({"issuer":"https://id.example/","jwks_uri":"https://id.example/jwks"})"));
  CHECK(refused(R"({"issuer":"https://evil.example","jwks_uri":"https://id.example/jwks"})"));
  CHECK(refused(R"({"jwks_uri":"https://id.example/jwks"})"));
  CHECK(refused(R"({"issuer":"https://id.example","jwks_uri":"file:///etc/passwd"})"));
  CHECK(refused(R"({"issuer":"https://id.example","jwks_uri":7})"));
  CHECK(refused(R"({"issuer":"https://evil.example","issuer":"https://id.example"})"));
  for (const auto* text : {"", "[]", "{", "<html>", "null"}) CHECK(refused(text));
}

TEST_CASE("an issuer that is away is asked once") {
  web from;
  const auto read = fetched(from, "https://away.example/a");
  REQUIRE(!read);
  CHECK(read.error().message.find("nobody there") != std::string::npos);
  CHECK(from.asked.size() == 1);
}

}  // namespace issuer_metadata_test
