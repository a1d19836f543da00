// What auth/issuer_metadata.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/issuer_metadata.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"

#include <asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth {

SESAME_INLINE result<std::vector<std::string>> issuer_metadata_urls(std::string_view issuer) {
  const auto read = net::url::parse(issuer);
  if (!read) return failure{error{"the issuer is no URL: " + read.error().message}};
  if (read->query) return failure{error{"the issuer's URL must have no query"}};
  auto path = read->path;
  while (path.ends_with('/')) path.pop_back();
  const auto origin = read->origin();
  std::vector<std::string> urls{origin + "/.well-known/oauth-authorization-server" + path};
  if (!path.empty()) urls.push_back(origin + "/.well-known/openid-configuration" + path);
  urls.push_back(origin + path + "/.well-known/openid-configuration");
  return urls;
}

SESAME_INLINE result<issuer_metadata> read_issuer_metadata(std::string_view json,
                                                           std::string_view issuer) {
  const auto refuse = [&](std::string_view why) {
    return failure{error{"the metadata of " + std::string{issuer} + " " + std::string{why}}};
  };
  json::document document({.size = std::size_t{256} << 10, .depth = 16});
  const auto parsed = document.parse(json);
  const auto members = parsed ? json::as_object(*parsed) : std::nullopt;
  if (!members || json::has_repeated_keys(*parsed)) return refuse("are no JSON object");
  issuer_metadata read;
  read.issuer = json::find_string(*members, "issuer").value_or("");
  if (read.issuer != issuer) return refuse("are those of another issuer");
  struct endpoint {
    std::string_view name;
    std::string issuer_metadata::* member;
  };
  for (const auto& [name, member] :
       {endpoint{"jwks_uri", &issuer_metadata::jwks_uri},
        {"authorization_endpoint", &issuer_metadata::authorization_endpoint},
        {"token_endpoint", &issuer_metadata::token_endpoint},
        {"registration_endpoint", &issuer_metadata::registration_endpoint},
        {"introspection_endpoint", &issuer_metadata::introspection_endpoint},
        {"userinfo_endpoint", &issuer_metadata::userinfo_endpoint}}) {
    const auto given = json::find(*members, name);
    if (!given || given->is_null()) continue;
    const auto text = json::as_string(*given);
    if (!text || !net::url::parse(*text))
      return refuse("have a " + std::string{name} + " that is no URL");
    read.*member = *text;
  }
  read.json = json;
  return read;
}

SESAME_INLINE asio::awaitable<result<issuer_metadata>> fetch_issuer_metadata(net::http_fetch fetch,
                                                                             std::string issuer) {
  const auto urls = issuer_metadata_urls(issuer);
  if (!urls) co_return failure{urls.error()};
  std::string why = "none is there";
  for (const auto& text : *urls) {
    net::outgoing_request request{.target = *net::url::parse(text),
                                  .fields = {{"Accept", "application/json"}}};
    const auto answer = co_await fetch(std::move(request));
    // Whoever cannot be reached once will not be reached at another path either.
    if (!answer) {
      why = answer.error().detail;
      break;
    }
    if (answer->status == 200) co_return read_issuer_metadata(answer->body, issuer);
    why = "the answer is " + std::to_string(answer->status);
  }
  co_return failure{error{"the metadata of " + issuer + " cannot be fetched: " + why}};
}

}  // namespace sesame::inline v0::auth
