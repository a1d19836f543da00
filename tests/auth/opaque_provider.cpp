// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/opaque_provider.hpp"

#include "auth/support.hpp"
#include "auth/web.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opaque_provider_test {

using namespace std::chrono_literals;
using namespace auth_test;
using sesame::auth_error;
using clock = std::chrono::system_clock;
using decided = sesame::result<sesame::principal, sesame::auth_failure>;

const std::string token = "gho_16C7e42F292c6912E7710c838347Ae178B4a";
const clock::time_point now{1'700'000'000s};

// As the issuers' own documentation shows their answers, shortened.
using github = sesame::opaque_provider<"github">;
using discord = sesame::opaque_provider<"discord">;

constexpr auto github_token =
    R"({"id":1,"url":"https://api.github.com/authorizations/1","app":{"name":"records",)"
    R"("client_id":"Iv1.app"},"token":"gho_16C7e42F292c6912E7710c838347Ae178B4a",)"
    R"("hashed_token":"25f9","scopes":["repo","user:email"],"expires_at":null,)"
    R"("user":{"login":"octocat","id":583231,"avatar_url":"https://a.example/1","type":"User"}})";
constexpr auto github_user =
    R"({"login":"octocat","id":583231,"avatar_url":"https://a.example/1","name":"Mona",)"
    R"("email":"mona@github.example","company":"GitHub"})";
constexpr auto google_token =
    R"({"azp":"1234.apps","aud":"1234.apps","sub":"1103","scope":"openid email",)"
    R"("exp":"1700003599","expires_in":"3599","email":"ann@corp.example","email_verified":"true"})";
constexpr auto google_user =
    R"({"sub":"1103","name":"Ann Ash","given_name":"Ann","family_name":"Ash",)"
    R"("picture":"https://p.example/a","email":"ann@corp.example","email_verified":true,"hd":"corp.example"})";
constexpr auto discord_token =
    R"({"application":{"id":"159799960412356608","name":"records"},"scopes":["identify","email"],)"
    R"("expires":"2023-11-15T22:13:20.017000+00:00",)"
    R"("user":{"id":"268473310986240001","username":"discord","global_name":"Ann","avatar":"f749"}})";
constexpr auto discord_user =
    R"({"id":"268473310986240001","username":"discord","global_name":"Ann","avatar":"f749",)"
    R"("email":"ann@home.example","verified":true})";
constexpr auto gitlab_token =
    R"({"resource_owner_id":42,"scope":["read_user","openid"],"expires_in":7200,)"
    R"("application":{"uid":"app-uid"},"created_at":1699999000})";
constexpr auto gitlab_user =
    R"({"sub":"42","name":"Ann","nickname":"ann","preferred_username":"ann","email":"ann@git.example",)"
    R"("email_verified":true,"groups":["a"]})";
constexpr auto slack_user =
    R"({"ok":true,"sub":"U0R7JM","https://slack.com/user_id":"U0R7JM",)"
    R"("https://slack.com/team_id":"T0R7GR","email":"krane@corp.example","email_verified":true,)"
    R"("name":"krane","given_name":"Bront","picture":"https://p.example/k"})";

std::optional<auth_error> refusal(const decided& one) {
  return one ? std::nullopt : std::optional{one.error().code};
}

struct fixture {
  web issuer;
  std::vector<std::string> hosts;

  fixture() {
    issuer.say("/applications/Iv1.app/token", {github_token});
    issuer.say("/user", {github_user, 200, {{"X-OAuth-Scopes", "repo, user:email"}}});
    issuer.say("/oauth2/v3/tokeninfo", {google_token});
    issuer.say("/oauth2/v3/userinfo", {google_user});
    issuer.say("/api/v10/oauth2/@me", {discord_token});
    issuer.say("/api/v10/users/@me", {discord_user});
    issuer.say("/oauth/token/info", {gitlab_token});
    issuer.say("/oauth/userinfo", {gitlab_user});
    issuer.say("/api/openid.connect.userInfo",
               {slack_user, 200, {{"X-OAuth-Scopes", "openid,email"}}});
  }

  // Takes what is meant for the issuer to this machine.
  sesame::opaque_settings settings(std::vector<std::string> clients = {}) {
    sesame::opaque_settings all{.client_ids = std::move(clients)};
    all.fetch = [this, client = sesame::net::https_client(inside())](
                    sesame::net::outgoing_request request) {
      CHECK(request.target.secure());
      hosts.push_back(request.target.host);
      auto here = *sesame::net::url::parse(issuer.origin());
      here.path = request.target.path;
      here.query = request.target.query;
      request.target = std::move(here);
      return client.send(std::move(request));
    };
    return all;
  }
  sesame::opaque_settings for_github() {
    auto all = settings({"Iv1.app"});
    all.client_secret = sesame::secret{"s3cret"};
    return all;
  }
  // As the engine does.
  template <class Provider>
  static decided ask(const Provider& provider, const std::string& what = token) {
    auto first = provider.verify(what, now);
    if (first || first.error().code != auth_error::unavailable) return first;
    return completed(provider.look_up(what, now));
  }
};

TEST_CASE_FIXTURE(fixture, "GitHub tells a client about its own tokens, and who the user is") {
  const github provider{for_github()};
  CHECK(provider.issuers() == std::vector<std::string>{"https://github.com"});
  const auto caller = ask(provider);
  REQUIRE(caller);
  CHECK(caller->issuer == "https://github.com");
  CHECK(caller->subject == "583231");
  CHECK(caller->client_id == "Iv1.app");
  CHECK(caller->scopes == sesame::scope_set{"repo", "user:email"});
  CHECK(caller->user.user_id == "583231");
  CHECK(caller->user.username == "octocat");
  CHECK(caller->user.name == "Mona");
  CHECK(caller->user.email == "mona@github.example");
  CHECK(caller->user.picture == "https://a.example/1");
  CHECK(caller->expires == now + 60s);
  CHECK(caller->claim<std::string>("company") == "GitHub");
  const auto asked = issuer.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].target == "/applications/Iv1.app/token");
  CHECK(asked[0].body == R"({"access_token":")" + token + "\"}");
  CHECK(asked[0].field("Authorization") == "Basic SXYxLmFwcDpzM2NyZXQ=");
  CHECK(asked[1].method == "GET");
  CHECK(asked[1].target == "/user");
  CHECK(asked[1].field("Authorization") == "Bearer " + token);
  CHECK(hosts == std::vector<std::string>{"api.github.com", "api.github.com"});
}

TEST_CASE_FIXTURE(fixture, "an answer that repeats the token leaves it with nobody") {
  auto short_one = for_github();
  short_one.profile = false;
  const auto caller = ask(github{std::move(short_one)});
  REQUIRE(caller);
  CHECK(caller->user.username == "octocat");
  CHECK(caller->claims.find("gho_") == std::string::npos);
  CHECK(issuer.times() == 1);
}

TEST_CASE_FIXTURE(fixture, "Google tells by a form whose the token is") {
  const sesame::opaque_provider<"google"> provider{settings({"5678.apps", "1234.apps"})};
  const auto caller = ask(provider, "ya29.a0Ad52N38");
  REQUIRE(caller);
  CHECK(caller->issuer == "https://accounts.google.com");
  CHECK(caller->subject == "1103");
  CHECK(caller->client_id == "1234.apps");
  CHECK(caller->scopes == sesame::scope_set{"email", "openid"});
  CHECK(caller->expires == std::chrono::sys_seconds{1700003599s});
  CHECK(caller->user.email == "ann@corp.example");
  CHECK(caller->user.email_verified);
  CHECK(caller->user.first_name == "Ann");
  CHECK(caller->user.tenant == "corp.example");
  const auto asked = issuer.asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].target == "/oauth2/v3/tokeninfo");
  CHECK(asked[0].body == "access_token=ya29.a0Ad52N38");
  CHECK(asked[0].field("Authorization").empty());
}

TEST_CASE_FIXTURE(fixture, "Discord and GitLab tell by the token itself whose it is") {
  const auto ann = ask(discord{settings({"159799960412356608"})});
  REQUIRE(ann);
  CHECK(ann->subject == "268473310986240001");
  CHECK(ann->scopes == sesame::scope_set{"email", "identify"});
  CHECK(ann->expires == std::chrono::sys_seconds{1700086400s});
  CHECK(ann->user.name == "Ann");
  CHECK(ann->user.username == "discord");
  CHECK(ann->user.email == "ann@home.example");
  CHECK(ann->user.email_verified);
  const auto other = ask(sesame::opaque_provider<"gitlab">{settings({"app-uid"})});
  REQUIRE(other);
  CHECK(other->issuer == "https://gitlab.com");
  CHECK(other->subject == "42");
  CHECK(other->scopes == sesame::scope_set{"openid", "read_user"});
  CHECK(other->expires == now + 7200s);
  CHECK(other->user.username == "ann");
}

TEST_CASE_FIXTURE(fixture,
                  "Slack does not tell whose the token is, and its users belong to a workspace") {
  auto any = settings();
  any.accept_any_audience = true;
  const sesame::opaque_provider<"slack"> provider{std::move(any)};
  const auto caller = ask(provider, "xoxp-1234");
  REQUIRE(caller);
  CHECK(caller->issuer == "https://slack.com");
  CHECK(caller->subject == "T0R7GR:U0R7JM");
  CHECK(caller->user.user_id == "U0R7JM");
  CHECK(caller->user.tenant == "T0R7GR");
  CHECK(caller->scopes == sesame::scope_set{"email", "openid"});
  CHECK(issuer.times() == 1);
  const auto said = [&](std::string_view json, const char* other) {
    issuer.say("/api/openid.connect.userInfo", {std::string{json}});
    return refusal(ask(provider, other));
  };
  CHECK(said(R"({"ok":false,"error":"invalid_auth"})", "a") == auth_error::invalid_token);
  CHECK(said(R"({"ok":false,"error":"token_revoked"})", "b") == auth_error::invalid_token);
  CHECK(said(R"({"ok":false,"error":"ratelimited"})", "c") == auth_error::unavailable);
  CHECK(said(R"({"ok":false})", "d") == auth_error::unavailable);
  CHECK(said(R"({"https://slack.com/user_id":"U","https://slack.com/team_id":"T"})", "e") ==
        auth_error::unavailable);
  CHECK(said(R"({"ok":true,"https://slack.com/user_id":"U"})", "f") == auth_error::invalid_token);
}

TEST_CASE_FIXTURE(fixture, "a token of another client is refused, though it is a good one") {
  CHECK(refusal(ask(sesame::opaque_provider<"google">{settings({"5678.apps"})})) ==
        auth_error::verification_failed);
  CHECK(refusal(ask(discord{settings({"1"})})) == auth_error::verification_failed);
  CHECK(refusal(ask(sesame::opaque_provider<"gitlab">{settings({"other"})})) ==
        auth_error::verification_failed);
  // GitHub knows nothing of such a token; if it did, it would have to name the right client.
  issuer.say("/applications/Iv1.app/token", {"", 404});
  CHECK(refusal(ask(github{for_github()})) == auth_error::invalid_token);
  issuer.say("/applications/Iv1.app/token", {R"({"app":{"client_id":"x"},"user":{"id":1}})"});
  CHECK(refusal(ask(github{for_github()})) == auth_error::verification_failed);
  issuer.say("/oauth2/v3/tokeninfo", {R"({"sub":"1103"})"});
  CHECK(refusal(ask(sesame::opaque_provider<"google">{settings({"1234.apps"})})) ==
        auth_error::verification_failed);
}

TEST_CASE_FIXTURE(fixture, "whoever takes the tokens of all clients has to say so") {
  auto any = settings();
  any.accept_any_audience = true;
  const auto caller = ask(github{any});
  REQUIRE(caller);
  CHECK(caller->subject == "583231");
  CHECK(caller->scopes == sesame::scope_set{"repo", "user:email"});
  CHECK(issuer.times() == 1);
  const auto other = ask(sesame::opaque_provider<"google">{any});
  REQUIRE(other);
  CHECK(other->client_id == "1234.apps");
}

TEST_CASE_FIXTURE(fixture, "a profile that the token does not allow is done without") {
  issuer.say("/oauth/userinfo", {R"({"error":"insufficient_scope"})", 403});
  const sesame::opaque_provider<"gitlab"> provider{settings({"app-uid"})};
  const auto caller = ask(provider);
  REQUIRE(caller);
  CHECK(caller->subject == "42");
  CHECK(caller->user.user_id == "42");
  CHECK(caller->user.name.empty());
  // One of somebody else is another thing.
  issuer.say("/oauth/userinfo", {R"({"sub":"43","name":"Bob"})"});
  CHECK(refusal(ask(provider, "other")) == auth_error::verification_failed);
}

TEST_CASE_FIXTURE(fixture, "a token that has ended, or that names nobody, is refused") {
  const sesame::opaque_provider<"gitlab"> provider{settings({"app-uid"})};
  int count = 0;
  const auto said = [&](const std::string& rest) {
    issuer.say("/oauth/token/info", {R"({"application":{"uid":"app-uid"})" + rest + "}"});
    return refusal(ask(provider, "token" + std::to_string(++count)));
  };
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":null)") == std::nullopt);
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":0)") == auth_error::invalid_token);
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":-9223372036854775808)") ==
        auth_error::invalid_token);
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":9223372036854775807)") == std::nullopt);
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":"1699999999")") == auth_error::invalid_token);
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":"soon")") == auth_error::unavailable);
  CHECK(said(R"(,"resource_owner_id":42,"expires_in":true)") == auth_error::unavailable);
  issuer.say("/oauth/userinfo", {"", 403});
  CHECK(said("") == auth_error::invalid_token);
  CHECK(said(R"(,"resource_owner_id":null)") == auth_error::invalid_token);
  CHECK(said(R"(,"resource_owner_id":{"id":42})") == auth_error::invalid_token);
  CHECK(said(R"(,"resource_owner_id":"a\u0000b")") == auth_error::invalid_token);
}

TEST_CASE_FIXTURE(fixture, "an issuer that fails or makes no sense is no fault of the caller's") {
  const github provider{for_github()};
  const auto said = [&](const char* path, reply what) {
    issuer.say(path, std::move(what));
    const auto answer = ask(provider);
    CHECK(refusal(answer) == auth_error::unavailable);
    if (answer) return std::string{};
    CHECK(answer.error().detail.find("gho_") == std::string::npos);
    CHECK(answer.error().detail.find("s3cret") == std::string::npos);
    return answer.error().detail;
  };
  constexpr auto about_token = "/applications/Iv1.app/token";
  CHECK(said(about_token, {"", 401}).find("client_secret") != std::string::npos);
  said(about_token, {"", 403});
  said(about_token, {"", 500});
  said(about_token, {"", 302, {{"Location", "/elsewhere"}}});
  said(about_token, {"<html>"});
  said(about_token, {R"({"app":{"client_id":"Iv1.app"},"app":{},"user":{"id":1}})"});
  said(about_token, {R"({"app":")" + std::string(100'000, 'x') + "\"}"});
  issuer.say(about_token, {github_token});
  said("/user", {"", 500});
  said("/user", {"[]"});
  issuer.say("/user", {github_user});
  CHECK(ask(provider));
}

TEST_CASE_FIXTURE(fixture, "an issuer of one's own is asked where it is") {
  auto own = for_github();
  own.at = {"https://git.example.com", "https://git.example.com/api/v3/"};
  issuer.say("/api/v3/applications/Iv1.app/token", {github_token});
  issuer.say("/api/v3/user", {github_user});
  const auto caller = ask(github{std::move(own)});
  REQUIRE(caller);
  CHECK(caller->issuer == "https://git.example.com");
  CHECK(hosts.front() == "git.example.com");
}

TEST_CASE_FIXTURE(fixture, "a scope that all need is looked at last") {
  auto more = for_github();
  more.required_scopes = {"admin:org"};
  CHECK(refusal(ask(github{std::move(more)})) == auth_error::insufficient_scope);
}

template <class Provider>
std::string wrong_setting(sesame::opaque_settings settings) {
  try {
    const Provider provider{std::move(settings)};
  } catch (const sesame::configuration_error& wrong) {
    return wrong.setting();
  }
  return "";
}

TEST_CASE("settings that make no sense are named") {
  using sesame::secret;
  using slack = sesame::opaque_provider<"slack">;
  using google = sesame::opaque_provider<"google">;
  CHECK(wrong_setting<google>({.client_ids = {"a", "b"}}).empty());
  CHECK(wrong_setting<google>({}) == "client_ids");
  CHECK(wrong_setting<google>({.client_ids = {"a", ""}}) == "client_ids");
  CHECK(wrong_setting<google>({.client_ids = {"a"}, .accept_any_audience = true}) == "client_ids");
  CHECK(wrong_setting<slack>({.client_ids = {"a"}}) == "accept_any_audience");
  CHECK(wrong_setting<slack>({.accept_any_audience = true}).empty());
  CHECK(wrong_setting<github>({.client_ids = {"a"}}) == "client_secret");
  CHECK(wrong_setting<github>({.client_ids = {"a", "b"}, .client_secret = secret{"s"}}) ==
        "client_ids");
  CHECK(wrong_setting<github>({.accept_any_audience = true}).empty());
  CHECK(wrong_setting<google>({.client_ids = {"a"}, .at = {"https://g.example", ""}}) == "at");
  CHECK(wrong_setting<google>({.client_ids = {"a"}, .at = {"https://g.example", "g"}}) == "at");
  CHECK(wrong_setting<google>({.client_ids = {"a"}, .inquiries = {.longest = 0s}}) == "longest");
}

}  // namespace opaque_provider_test
