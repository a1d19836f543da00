// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace engine_authentication_test {

using namespace server_test;
using sesame::auth_error;
using failed = sesame::failure<sesame::auth_failure>;
using decided = sesame::result<sesame::principal, sesame::auth_failure>;

// Knows nothing by itself, and asks somebody who answers later.
struct directory {
  struct answer {
    std::string subject{};
    auth_error error = auth_error::invalid_token;
    std::chrono::seconds for_good{3600};
  };
  std::string name = "https://directory.example";
  std::map<std::string, answer, std::less<>> known{};
  mutable std::atomic<int> asked = 0;

  decided verify(std::string_view token, std::chrono::system_clock::time_point) const {
    if (!token.starts_with("opaque"))
      return failed{{auth_error::verification_failed, "not one of " + name}};
    return failed{{auth_error::unavailable, "to be asked for"}};
  }
  asio::awaitable<decided> look_up(std::string token,
                                   std::chrono::system_clock::time_point now) const {
    ++asked;
    co_await asio::post(asio::use_awaitable);
    const auto found = known.find(token);
    if (found == known.end()) co_return failed{{auth_error::invalid_token, "unknown " + name}};
    if (found->second.subject.empty()) co_return failed{{found->second.error, "said so"}};
    const auto moment = std::chrono::floor<std::chrono::seconds>(now);
    co_return sesame::principal{.issuer = name,
                                .subject = found->second.subject,
                                .expires = moment + std::chrono::hours{1},
                                .verified_until = moment + found->second.for_good};
  }
  std::vector<std::string> issuers() const { return {name}; }
};
struct second_directory : directory {};
static_assert(sesame::asking_provider<directory>);
static_assert(!sesame::asking_provider<sesame::jwt_provider>);

struct rooms
    : sesame::service<sesame::authenticated<directory>, sesame::authenticated<second_directory>,
                      sesame::authenticated<sesame::jwt_provider>> {
  std::string who(const sesame::principal& caller) const { return caller.subject; }
  sesame::task<std::string> later(const sesame::principal& caller) const {
    const auto name = caller.subject;
    co_await asio::post(asio::use_awaitable);
    co_return name;
  }
  using tools = sesame::tools<sesame::tool<&rooms::who, "-">, sesame::tool<&rooms::later, "-">>;
};

struct closed : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string who(const sesame::principal& caller) const { return caller.subject; }
  using tools = sesame::tools<sesame::tool<&closed::who, "-">>;
};

struct fixture {
  directory first{.known = {{"opaque ann", {.subject = "ann"}},
                            {"opaque away", {.error = auth_error::unavailable}},
                            {"opaque few", {.error = auth_error::insufficient_scope}},
                            {"opaque soon", {.subject = "sue", .for_good = 5s}}}};
  second_directory second{
      {.name = "https://second.example", .known = {{"opaque bob", {.subject = "bob"}}}}};
  sesame::test_issuer issuer;
  reports log;
  sesame::server<rooms, std::reference_wrapper<directory>, std::reference_wrapper<second_directory>,
                 sesame::jwt_provider>
      server{{.name = "rooms", .version = "1", .on_error = log.sink()},
             rooms{},
             std::ref(first),
             std::ref(second),
             issuer.provider()};
  direct client{server.engine()};

  std::string ask(std::string_view tool, std::string_view token) {
    return client(call(1, tool, "{}", meta("{}", authorization(token))));
  }
  std::string refused(std::string_view token) {
    return text_at(ask("who", token), "/error/data/code");
  }
};

TEST_CASE_FIXTURE(fixture, "a provider that has to ask is waited for, and asked once") {
  CHECK(said(ask("who", "opaque ann")) == "ann");
  CHECK(client.became == sesame::disposition::pending);
  CHECK(said(ask("later", "opaque ann")) == "ann");
  CHECK(said(ask("who", "opaque ann")) == "ann");
  CHECK(client.became == sesame::disposition::answered);
  CHECK(first.asked == 1);
  CHECK(second.asked == 0);
}

TEST_CASE_FIXTURE(fixture, "a call whose caller was asked for goes on as a task") {
  CHECK(said(ask("later", "opaque ann")) == "ann");
  CHECK(client.peer.in_flight.empty());
}

TEST_CASE_FIXTURE(fixture, "providers are asked one after the other, until one knows the token") {
  CHECK(said(ask("who", "opaque bob")) == "bob");
  CHECK(first.asked == 1);
  CHECK(second.asked == 1);
  CHECK(said(ask("who", issuer.mint({.subject = "cat"}))) == "cat");
  CHECK(first.asked == 1);
}

TEST_CASE_FIXTURE(fixture, "of several refusals the most telling one is told") {
  CHECK(refused("opaque nobody") == "INVALID_TOKEN");
  CHECK(refused("opaque away") == "UNAVAILABLE");
  CHECK(refused("opaque few") == "INSUFFICIENT_SCOPE");
  CHECK(refused(issuer.mint({.expires_in = -1h})) == "INVALID_TOKEN");
  CHECK(refused(sesame::test_issuer{}.mint({})) == "VERIFICATION_FAILED");
  CHECK(log.mention("said so"));
  CHECK(client.peer.in_flight.empty());
}

TEST_CASE_FIXTURE(fixture, "a provider says how long its word is good") {
  const auto now = std::chrono::system_clock::now();
  REQUIRE(said(ask("who", "opaque soon")) == "sue");
  CHECK(server.engine().authenticate("opaque soon", now + 3s));
  const auto later = server.engine().authenticate("opaque soon", now + 6s);
  REQUIRE(!later);
  CHECK(later.error().code == auth_error::unavailable);
}

TEST_CASE_FIXTURE(fixture, "a session is opened also by a caller who has to be asked for") {
  const auto with = [](std::string_view token) {
    return R"({"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":)"
           R"({"name":"tests","version":"1"},"_meta":{)" +
           authorization(token) + "}}";
  };
  CHECK(text_at(client(request(0, "initialize", with("opaque away"))), "/error/data/code") ==
        "UNAVAILABLE");
  CHECK(client.peer.session == nullptr);
  CHECK(text_at(client(request(0, "initialize", with("opaque ann"))), "/result/protocolVersion") ==
        "2025-11-25");
  CHECK(client.peer.session != nullptr);
}

TEST_CASE("a caller who was revoked comes no more, also with a token that is known") {
  const sesame::test_issuer issuer;
  std::string revoked;
  reports log;
  sesame::server_options options{.name = "rooms", .version = "1", .on_error = log.sink()};
  options.is_revoked = [&](const sesame::principal& caller) {
    return caller.claim<std::string>("jti") == revoked;
  };
  sesame::server server{std::move(options), closed{}, issuer.provider()};
  direct client{server.engine()};
  const auto ask = [&](const std::string& token) {
    return client(call(1, "who", "{}", meta("{}", authorization(token))));
  };
  const auto one = issuer.mint({.subject = "ann", .claims = R"({"jti":"1"})"});
  const auto other = issuer.mint({.subject = "ann", .claims = R"({"jti":"2"})"});
  CHECK(said(ask(one)) == "ann");
  revoked = "1";
  CHECK(text_at(ask(one), "/error/data/code") == "INVALID_TOKEN");
  CHECK(said(ask(other)) == "ann");
  revoked = "2";
  CHECK(text_at(ask(other), "/error/data/code") == "INVALID_TOKEN");
  CHECK(said(ask(one)) == "ann");
  CHECK(log.mention("revoked"));
}

TEST_CASE_FIXTURE(fixture, "a call is cancelled also while its caller is asked for") {
  client.begin(call(7, "who", "{}", meta("{}", authorization("opaque ann"))));
  REQUIRE(client.became == sesame::disposition::pending);
  CHECK(client.peer.in_flight.size() == 1);
  client.x.cancel();
  asio::co_spawn(client.io, client.x.finish(), asio::detached);
  client.io.run();
  CHECK(client.out.empty());
  CHECK(client.peer.in_flight.empty());
}

struct keeping : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string token(const sesame::principal& caller) const {
    return std::string{caller.access_token.reveal()};
  }
  using tools = sesame::tools<sesame::tool<&keeping::token, "-">>;
};

TEST_CASE("a caller's token is kept where that was asked for, and nowhere else") {
  const sesame::test_issuer issuer;
  const auto token = issuer.mint();
  for (const bool keep : {false, true}) {
    sesame::server<keeping, sesame::jwt_provider> server{
        {.name = "rooms", .version = "1", .keep_access_tokens = keep},
        keeping{},
        issuer.provider()};
    direct client{server.engine()};
    for (int i = 0; i < 2; ++i)
      CHECK(said(client(call(1, "token", "{}", meta("{}", authorization(token))))) ==
            (keep ? token : ""));
  }
}

}  // namespace engine_authentication_test
