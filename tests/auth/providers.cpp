// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/providers.hpp"

#include "sesame/auth/test_issuer.hpp"
#include "sesame/net/http_server.hpp"
#include "sesame/net/https_client.hpp"

#include "auth/support.hpp"
#include "net/support.hpp"
#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace providers_test {

using namespace sesame;
using auth_test::environment;
using namespace net_test;
using namespace std::string_literals;
using namespace std::chrono_literals;
using clock = std::chrono::system_clock;
using decided = result<principal, auth_failure>;

const test_issuer& issuer_with(jws_algorithm algorithm) {
  static std::map<jws_algorithm, test_issuer> made;
  const auto found = made.find(algorithm);
  return found != made.end() ? found->second
                             : made.emplace(algorithm, test_issuer{algorithm}).first->second;
}

// All the issuers' web: one server on this machine, which publishes every key, and to which
// whatever is fetched goes.
class web {
 public:
  static web& instance() {
    static web one;
    return one;
  }

  // What is fetched is asked of it, and remembered.
  provider_adjustment adjustment() {
    return [this](auto& made) {
      made.fetch = [this](net::outgoing_request request) {
        {
          const std::lock_guard lock(mutex_);
          asked_.push_back(request.target.to_string());
        }
        request.target = *net::url::parse("http://localhost:" + std::to_string(server_.port()) +
                                          request.target.target());
        return client_.send(std::move(request));
      };
    };
  }

  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

 private:
  web() {
    keys_ = R"({"keys":[)";
    for (const auto algorithm :
         {jws_algorithm::rs256, jws_algorithm::es256, jws_algorithm::es384, jws_algorithm::eddsa})
      keys_ += (keys_.back() == '[' ? "" : ",") + issuer_with(algorithm).public_jwk();
    keys_ += "]}";
  }

  pending answer(const net::http_request& request, net::http_response& response) const {
    response.body = keys_;
    if (const auto said = answers.find(request.path); said != answers.end())
      response.body = said->second;
    if (request.path.find("oauth-authorization-server") != std::string_view::npos)
      response.body =
          R"({"issuer":"https://id.example.com/","jwks_uri":"https://id.example.com/found"})";
    return {};
  }

  // To questions about tokens that are opaque.
  inline static const std::map<std::string, std::string, std::less<>> answers{
      {"/applications/Iv1.app/token",
       R"({"app":{"client_id":"Iv1.app"},"user":{"id":583231,"login":"ann"},"scopes":["repo"],)"
       R"("expires_at":null})"},
      {"/user", R"({"id":583231,"login":"ann","name":"Ann","email":null})"},
      {"/api/v10/oauth2/@me",
       R"({"application":{"id":"1599"},"scopes":["identify"],"expires":"2099-01-01T00:00:00+00:00",)"
       R"("user":{"id":"2684","username":"ann","global_name":"Ann"}})"},
      {"/api/v10/users/@me", R"({"id":"2684","username":"ann","global_name":"Ann"})"},
      {"/oauth/token/info",
       R"({"resource_owner_id":7,"scope":["openid"],"expires_in":7200,"application":{"uid":"app"}})"},
      {"/oauth/userinfo", R"({"sub":"7","nickname":"ann","name":"Ann"})"},
      {"/oauth2/v3/tokeninfo",
       R"({"aud":"app.apps.googleusercontent.com","sub":"1076","scope":"openid email",)"
       R"("exp":"4070908800"})"},
      {"/oauth2/v3/userinfo", R"({"sub":"1076","name":"Ann"})"},
  };

  std::string keys_;
  net::https_client client_{{.allow_private_addresses = true, .allow_plain_http = true}};
  std::mutex mutex_;
  std::vector<std::string> asked_;
  running<net::http_server<handler>> server_{
      {}, [this](const auto& request, auto& response) { return answer(request, response); }};
};

// What is known of a provider's tokens: one that is good, who its caller is, and what has to be
// refused: changes to its claims.
struct shape {
  std::string name;
  provider_settings settings;
  std::string claims;
  std::string keys_at{};
  std::string authorization_server{};
  principal caller{};
  std::vector<std::string> refused{};
  jws_algorithm algorithm = jws_algorithm::rs256;
};

std::string shared_secret() {
  return std::string{issuer_with(jws_algorithm::hs256).key().verifier().shared_secret()->reveal()};
}

std::vector<shape> shapes() {
  const std::string tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  const std::string guest = "9188040d-6c67-4c5b-b112-36a304b66dad";
  const std::string stranger = "00000000-1111-2222-3333-444444444444";
  return {
      {.name = "auth0",
       .settings = {{"domain", "records.eu.auth0.com"},
                    {"audience", "https://records.example/mcp"}},
       .claims = R"({"iss":"https://records.eu.auth0.com/","sub":"auth0|5",
           "aud":["https://records.example/mcp","https://records.eu.auth0.com/userinfo"],
           "azp":"app","scope":"openid records:read","permissions":["read:records"],
           "org_id":"org_1","nickname":"ann","name":"Ann Example","email":"ann@example.com",
           "email_verified":true})",
       .keys_at = "https://records.eu.auth0.com/.well-known/jwks.json",
       .authorization_server = "https://records.eu.auth0.com/",
       .caller = {.client_id = "app",
                  .scopes = {"openid", "records:read"},
                  .permissions = {"read:records"},
                  .user = {.user_id = "auth0|5",
                           .email = "ann@example.com",
                           .email_verified = true,
                           .name = "Ann Example",
                           .nickname = "ann",
                           .tenant = "org_1"}},
       .refused = {R"("iss":"https://records.eu.auth0.com")", R"("aud":"app")"}},
      {.name = "auth0",
       .settings = {{"domain", "records.eu.auth0.com"},
                    {"audience", "https://records.example/mcp"}},
       .claims = R"({"iss":"https://records.eu.auth0.com/","sub":"app@clients",
           "aud":"https://records.example/mcp","azp":"app","gty":"client-credentials"})",
       .keys_at = "https://records.eu.auth0.com/.well-known/jwks.json",
       .authorization_server = "https://records.eu.auth0.com/",
       .caller = {.client_id = "app", .is_machine = true, .user = {.user_id = "app@clients"}}},
      {.name = "azure",
       .settings = {{"tenant_id", tenant}, {"client_id", "app-1"}},
       .claims = R"({"iss":"https://login.microsoftonline.com/)" + tenant +
                 R"(/v2.0","sub":"pairwise","oid":"object-1","tid":")" + tenant +
                 R"(","aud":"app-1","azp":"spa","scp":"records.read api://app-1/records.write",
           "roles":["Editor"],"name":"Ann","preferred_username":"ann@example.com"})",
       .keys_at = "https://login.microsoftonline.com/" + tenant + "/discovery/v2.0/keys",
       .authorization_server = "https://login.microsoftonline.com/" + tenant + "/v2.0",
       .caller = {.client_id = "spa",
                  .scopes = {"records.read", "records.write"},
                  .roles = {"Editor"},
                  .user = {.user_id = "object-1",
                           .email = "ann@example.com",
                           .name = "Ann",
                           .username = "ann@example.com",
                           .tenant = tenant}},
       .refused = {R"("tid":null)", R"("tid":")" + stranger + '"', R"("tid":"")",
                   R"("tid":")" + stranger + R"(","iss":"https://login.microsoftonline.com/)" +
                       stranger + R"(/v2.0")",
                   R"("iss":"https://login.microsoftonline.com/{tenantid}/v2.0")"}},
      {.name = "azure",
       .settings = {{"tenant_id", "common"},
                    {"client_id", "app-1"},
                    {"allowed_tenants", tenant + ", " + guest}},
       .claims = R"({"iss":"https://sts.windows.net/)" + guest +
                 R"(/","sub":"s","oid":"o","tid":")" + guest +
                 R"(","aud":"api://app-1","appid":"daemon","idtyp":"app"})",
       .keys_at = "https://login.microsoftonline.com/common/discovery/v2.0/keys",
       .authorization_server = "https://login.microsoftonline.com/common/v2.0",
       .caller = {.client_id = "daemon",
                  .is_machine = true,
                  .user = {.user_id = "o", .tenant = guest}},
       .refused = {R"("tid":")" + tenant + '"',
                   R"("iss":"https://sts.windows.net/)" + stranger + R"(/","tid":")" + stranger +
                       '"',
                   R"("iss":"https://sts.windows.net/common/","tid":"common")"}},
      {.name = "better_auth",
       .settings = {{"auth_url", "https://app.example/api/auth/"},
                    {"audience", "https://records.example/mcp"}},
       .claims = R"({"iss":"https://app.example/api/auth","sub":"u1","azp":"client",
           "aud":"https://records.example/mcp","scope":"openid","roles":["admin"],"name":"Ann",
           "picture":"https://app.example/ann.png"})",
       .keys_at = "https://app.example/api/auth/jwks",
       .authorization_server = "https://app.example/api/auth",
       .caller = {.client_id = "client",
                  .scopes = {"openid"},
                  .roles = {"admin"},
                  .user = {.user_id = "u1",
                           .name = "Ann",
                           .picture = "https://app.example/ann.png"}},
       .algorithm = jws_algorithm::eddsa},
      {.name = "clerk",
       .settings = {{"frontend_api", "https://app.clerk.accounts.dev"},
                    {"authorized_parties", "https://app.example https://admin.example"}},
       .claims = R"({"iss":"https://app.clerk.accounts.dev","sub":"user_1","sid":"sess_1",
           "azp":"https://admin.example","sts":"active","fea":"o:records,u:themes,uo:teams,o:none",
           "o":{"id":"org_1","rol":"admin","slg":"records","per":"manage,read","fpm":"3,2,0"}})",
       .keys_at = "https://app.clerk.accounts.dev/.well-known/jwks.json",
       .authorization_server = "https://app.clerk.accounts.dev",
       .caller = {.client_id = "https://admin.example",
                  .roles = {"org:admin"},
                  .permissions = {"org:records:manage", "org:records:read", "org:teams:read"},
                  .user = {.user_id = "user_1", .tenant = "org_1"}},
       .refused = {R"("azp":"https://evil.example")", R"("azp":null)", R"("sts":"pending")"}},
      {.name = "clerk",
       .settings = {{"frontend_api", "app.clerk.accounts.dev"}, {"audience", "records"}},
       .claims = R"({"iss":"https://app.clerk.accounts.dev","sub":"user_1","aud":"records",
           "azp":"https://anything.example","org_role":"org:member","org_id":"org_2",
           "org_permissions":["org:records:read"],"image_url":"https://img.example/a"})",
       .keys_at = "https://app.clerk.accounts.dev/.well-known/jwks.json",
       .authorization_server = "https://app.clerk.accounts.dev",
       .caller = {.client_id = "https://anything.example",
                  .roles = {"org:member"},
                  .permissions = {"org:records:read"},
                  .user = {.user_id = "user_1",
                           .picture = "https://img.example/a",
                           .tenant = "org_2"}}},
      {.name = "cognito",
       .settings = {{"region", "eu-central-1"},
                    {"user_pool_id", "eu-central-1_Pool"},
                    {"client_id", "web,mobile"}},
       .claims = R"({"iss":"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool",
           "sub":"u1","aud":null,"client_id":"mobile","token_use":"access","username":"ann",
           "scope":"openid records/read","cognito:groups":["editors"]})",
       .keys_at = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool/"
                  ".well-known/jwks.json",
       .authorization_server = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool",
       .caller = {.client_id = "mobile",
                  .scopes = {"openid", "records/read"},
                  .roles = {"editors"},
                  .user = {.user_id = "u1", .username = "ann"}},
       .refused = {R"("token_use":"id")", R"("token_use":null)",
                   R"("token_use":"id","aud":"web","client_id":null)",
                   R"("client_id":null,"aud":"web")",
                   R"("iss":"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other")"}},
      {.name = "cognito",
       .settings = {{"region", "us-gov-west-1"},
                    {"user_pool_id", "us-gov-west-1_Pool"},
                    {"client_id", "web"},
                    {"token_use", "id"}},
       .claims = R"({"iss":"https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Pool",
           "sub":"u1","aud":"web","token_use":"id","cognito:username":"ann",
           "email":"ann@example.com","email_verified":true})",
       .keys_at = "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Pool/"
                  ".well-known/jwks.json",
       .authorization_server = "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Pool",
       .caller = {.client_id = "web",
                  .user = {.user_id = "u1",
                           .email = "ann@example.com",
                           .email_verified = true,
                           .username = "ann"}},
       .refused = {R"("token_use":"access")", R"("token_use":"access","client_id":"web")"}},
      {.name = "descope",
       .settings = {{"project_id", "P2abc"}},
       .claims = R"({"iss":"https://api.descope.com/v1/apps/P2abc","sub":"U1","aud":["P2abc"],
           "dct":"tenant-1","permissions":["read"],"roles":["editor"]})",
       .keys_at = "https://api.descope.com/P2abc/.well-known/jwks.json",
       .authorization_server = "https://api.descope.com/v1/apps/P2abc",
       .caller = {.roles = {"editor"},
                  .permissions = {"read"},
                  .user = {.user_id = "U1", .tenant = "tenant-1"}},
       .refused = {R"("iss":"https://api.descope.com/v1/apps/P2other","aud":"P2other")"}},
      {.name = "firebase",
       .settings = {{"project_id", "records-1"}},
       .claims = R"({"iss":"https://securetoken.google.com/records-1","sub":"u1","user_id":"u1",
           "aud":"records-1","email":"ann@example.com","email_verified":false,"name":"Ann",
           "firebase":{"sign_in_provider":"password","tenant":"t1"}})",
       .keys_at = "https://www.googleapis.com/service_accounts/v1/jwk/"
                  "securetoken@system.gserviceaccount.com",
       .authorization_server = "https://securetoken.google.com/records-1",
       .caller =
           {.user = {.user_id = "u1", .email = "ann@example.com", .name = "Ann", .tenant = "t1"}},
       .refused = {R"("iss":"https://securetoken.google.com/other","aud":"other")",
                   R"("iss":"https://securetoken.google.com/other")", R"("sub":"")"}},
      {.name = "gitlab",
       .settings = {{"client_id", "app"}, {"url", "https://git.example.com/"}},
       .claims = R"({"iss":"https://git.example.com","sub":"7","aud":"app","nickname":"ann",
           "name":"Ann","groups_direct":["records"],"email":"ann@example.com"})",
       .keys_at = "https://git.example.com/oauth/discovery/keys",
       .authorization_server = "https://git.example.com",
       .caller = {.roles = {"records"},
                  .user = {.user_id = "7",
                           .email = "ann@example.com",
                           .name = "Ann",
                           .username = "ann",
                           .nickname = "ann"}},
       .refused = {R"("iss":"https://gitlab.com")"}},
      {.name = "google",
       .settings = {{"client_id", "app.apps.googleusercontent.com"},
                    {"hosted_domain", "example.com"}},
       .claims = R"({"iss":"https://accounts.google.com","sub":"10769150350006150715113082367",
           "aud":"app.apps.googleusercontent.com","azp":"app.apps.googleusercontent.com",
           "hd":"example.com","email":"ann@example.com","email_verified":true,"name":"Ann Example",
           "given_name":"Ann","family_name":"Example","picture":"https://img.example/a"})",
       .keys_at = "https://www.googleapis.com/oauth2/v3/certs",
       .authorization_server = "https://accounts.google.com",
       .caller = {.client_id = "app.apps.googleusercontent.com",
                  .user = {.user_id = "10769150350006150715113082367",
                           .email = "ann@example.com",
                           .email_verified = true,
                           .name = "Ann Example",
                           .first_name = "Ann",
                           .last_name = "Example",
                           .picture = "https://img.example/a",
                           .tenant = "example.com"}},
       .refused = {R"("hd":null)", R"("hd":"gmail.com")", R"("iss":"http://accounts.google.com")"}},
      {.name = "google",
       .settings = {{"client_id", "app.apps.googleusercontent.com"}},
       .claims =
           R"({"iss":"accounts.google.com","sub":"1","aud":"app.apps.googleusercontent.com"})",
       .keys_at = "https://www.googleapis.com/oauth2/v3/certs",
       .authorization_server = "https://accounts.google.com",
       .caller = {.user = {.user_id = "1"}}},
      {.name = "jwt",
       .settings = {{"issuer", "my-issuer"},
                    {"audience", "records"},
                    {"jwks_uri", "https://keys.example/set"}},
       .claims = R"({"iss":"my-issuer","sub":"u1","aud":"records","scp":["a","b"],"roles":"one"})",
       .keys_at = "https://keys.example/set",
       .authorization_server = "my-issuer",
       .caller = {.scopes = {"a", "b"}, .roles = {"one"}, .user = {.user_id = "u1"}},
       .algorithm = jws_algorithm::es256},
      {.name = "jwt",
       .settings = {{"issuer", "my-issuer"},
                    {"audience", "records"},
                    {"public_key", issuer_with(jws_algorithm::es256).public_pem()}},
       .claims = R"({"iss":"my-issuer","sub":"u1","aud":"records"})",
       .authorization_server = "my-issuer",
       .caller = {.user = {.user_id = "u1"}},
       .algorithm = jws_algorithm::es256},
      {.name = "jwt",
       .settings = {{"issuer", "my-issuer"}, {"audience", "records"}, {"secret", shared_secret()}},
       .claims = R"({"iss":"my-issuer","sub":"u1","aud":"records"})",
       .authorization_server = "my-issuer",
       .caller = {.user = {.user_id = "u1"}},
       .algorithm = jws_algorithm::hs256},
      {.name = "keycloak",
       .settings = {{"server_url", "https://id.example.com/auth/"},
                    {"realm", "staff"},
                    {"audience", "https://records.example/mcp"}},
       .claims = R"({"iss":"https://id.example.com/auth/realms/staff","sub":"u1","typ":"Bearer",
           "aud":["account","https://records.example/mcp"],"azp":"spa","scope":"openid profile",
           "realm_access":{"roles":["editor"]},"preferred_username":"ann","given_name":"Ann",
           "resource_access":{"records":{"roles":["write"]},"account":{"roles":["view"]}}})",
       .keys_at = "https://id.example.com/auth/realms/staff/protocol/openid-connect/certs",
       .authorization_server = "https://id.example.com/auth/realms/staff",
       .caller =
           {.client_id = "spa",
            .scopes = {"openid", "profile"},
            .roles = {"editor"},
            .permissions = {"account:view", "records:write"},
            .user = {.user_id = "u1", .first_name = "Ann", .username = "ann", .nickname = "ann"}},
       .refused = {R"("typ":"ID")", R"("typ":"Refresh")", R"("typ":null)",
                   R"("iss":"https://id.example.com/auth/realms/guests")",
                   R"("aud":"account","azp":"https://records.example/mcp")"}},
      {.name = "keycloak",
       .settings = {{"server_url", "https://id.example.com"},
                    {"realm", "staff"},
                    {"client_id", "spa"}},
       .claims = R"({"iss":"https://id.example.com/realms/staff","sub":"u1","typ":"Bearer",
           "aud":"account","azp":"spa","resource_access":[{"records":"hostile"}]})",
       .keys_at = "https://id.example.com/realms/staff/protocol/openid-connect/certs",
       .authorization_server = "https://id.example.com/realms/staff",
       .caller = {.client_id = "spa", .user = {.user_id = "u1"}},
       .refused = {R"("azp":"other","aud":"spa")"},
       .algorithm = jws_algorithm::eddsa},
      {.name = "oidc",
       .settings = {{"issuer", "https://id.example.com/"}, {"audience", "records"}},
       .claims = R"({"iss":"https://id.example.com/","sub":"u1","aud":"records","scope":"a b"})",
       .keys_at = "https://id.example.com/found",
       .authorization_server = "https://id.example.com/",
       .caller = {.scopes = {"a", "b"}, .user = {.user_id = "u1"}},
       .refused = {R"("iss":"https://id.example.com")"},
       .algorithm = jws_algorithm::es256},
      {.name = "okta",
       .settings = {{"domain", "dev-1.okta.com"}},
       .claims = R"({"iss":"https://dev-1.okta.com/oauth2/default","sub":"ann@example.com",
           "uid":"00u1","cid":"0oa1","aud":"api://default","scp":["openid","records.read"],
           "groups":["Everyone"],"scope":"not.this.one"})",
       .keys_at = "https://dev-1.okta.com/oauth2/default/v1/keys",
       .authorization_server = "https://dev-1.okta.com/oauth2/default",
       .caller = {.client_id = "0oa1",
                  .scopes = {"openid", "records.read"},
                  .roles = {"Everyone"},
                  .user = {.user_id = "00u1"}},
       .refused = {R"("iss":"https://dev-1.okta.com","aud":"https://dev-1.okta.com")",
                   R"("iss":"https://dev-1.okta.com/oauth2/other")"}},
      {.name = "scalekit",
       .settings = {{"environment_url", "https://records.scalekit.com"}, {"resource_id", "res_1"}},
       .claims = R"({"iss":"https://records.scalekit.com","sub":"skc_1","client_id":"skc_1",
           "aud":["res_1"],"permissions":["read"]})",
       .keys_at = "https://records.scalekit.com/keys",
       .authorization_server = "https://records.scalekit.com/resources/res_1",
       .caller = {.client_id = "skc_1",
                  .is_machine = true,
                  .permissions = {"read"},
                  .user = {.user_id = "skc_1"}},
       .refused = {R"("iss":"https://records.scalekit.com/resources/res_2")"}},
      {.name = "slack",
       .settings = {{"client_id", "25259531569.1115258246291"}},
       .claims = R"({"iss":"https://slack.com","sub":"U123","aud":"25259531569.1115258246291",
           "https://slack.com/team_id":"T1","https://slack.com/user_id":"U123","name":"Ann",
           "email":"ann@example.com","email_verified":true,"picture":"https://img.example/a"})",
       .keys_at = "https://slack.com/openid/connect/keys",
       .authorization_server = "https://slack.com",
       .caller = {.user = {.user_id = "U123",
                           .email = "ann@example.com",
                           .email_verified = true,
                           .name = "Ann",
                           .picture = "https://img.example/a",
                           .tenant = "T1"}}},
      {.name = "supabase",
       .settings = {{"project_id", "abcdefgh"}},
       .claims = R"({"iss":"https://abcdefgh.supabase.co/auth/v1","sub":"u1","aud":"authenticated",
           "role":"authenticated","aal":"aal2","email":"ann@example.com",
           "app_metadata":{"provider":"github"},"user_metadata":{"full_name":"Ann",
           "avatar_url":"https://img.example/a","roles":["admin"],"permissions":["all"]}})",
       .keys_at = "https://abcdefgh.supabase.co/auth/v1/.well-known/jwks.json",
       .authorization_server = "https://abcdefgh.supabase.co/auth/v1",
       .caller = {.roles = {"authenticated"},
                  .permissions = {"aal:aal2"},
                  .user = {.user_id = "u1",
                           .email = "ann@example.com",
                           .name = "Ann",
                           .picture = "https://img.example/a"}},
       .refused = {R"("iss":"https://other.supabase.co/auth/v1")", R"("aud":"anon")"},
       .algorithm = jws_algorithm::es256},
      {.name = "supabase",
       .settings = {{"url", "https://db.example.com"}, {"jwt_secret", shared_secret()}},
       .claims = R"({"iss":"https://db.example.com/auth/v1","sub":"u1","aud":"authenticated",
           "app_metadata":{"roles":["editor"]}})",
       .authorization_server = "https://db.example.com/auth/v1",
       .caller = {.roles = {"editor"}, .user = {.user_id = "u1"}},
       .algorithm = jws_algorithm::hs256},
      {.name = "workos",
       .settings = {{"subdomain", "records"}, {"client_id", "client_1"}},
       .claims = R"({"iss":"https://records.authkit.app","sub":"user_1","aud":"client_1",
           "sid":"session_1","org_id":"org_1","role":"member","permissions":["read"],
           "scope":"openid"})",
       .keys_at = "https://records.authkit.app/oauth2/jwks",
       .authorization_server = "https://records.authkit.app",
       .caller = {.scopes = {"openid"},
                  .roles = {"member"},
                  .permissions = {"read"},
                  .user = {.user_id = "user_1", .tenant = "org_1"}},
       .refused = {R"("iss":"https://other.authkit.app")"}},
      {.name = "workos",
       .settings = {{"subdomain", "login.example.com"},
                    {"audience", "https://records.example/mcp"}},
       .claims = R"({"iss":"https://login.example.com","sub":"user_1",
           "aud":"https://records.example/mcp"})",
       .keys_at = "https://login.example.com/oauth2/jwks",
       .authorization_server = "https://login.example.com",
       .caller = {.user = {.user_id = "user_1"}}},
  };
}

// A good token but for what `changes` says.
std::string mint(const shape& of, const test_issuer& by, const std::string& changes = {}) {
  auto claims = of.claims;
  if (claims.find("\"aud\"") == std::string::npos) claims.replace(0, 1, R"({"aud":null,)");
  if (!changes.empty()) claims.replace(claims.rfind('}'), 1, "," + changes + "}");
  return by.mint({.claims = claims, .header = R"({"typ":"JWT"})"});
}

// As the engine does.
decided ask(const any_provider& provider, const std::string& token) {
  const auto now = clock::now();
  auto first = provider.verify(token, now);
  if (first || first.error().code != auth_error::unavailable) return first;
  return auth_test::completed(provider.look_up(token, now));
}

std::string refusal(const decided& one) {
  return one ? "accepted" : std::string{describe(one.error().code).name};
}

any_provider provider_of(const shape& of) {
  return make_provider(of.name, of.settings, web::instance().adjustment());
}

TEST_CASE("each provider takes a token of its own, and says who the caller is") {
  for (const auto& each : shapes()) {
    CAPTURE(each.name);
    CAPTURE(each.claims);
    web::instance().asked();
    const auto provider = provider_of(each);
    CHECK(provider.issuers() == std::vector{each.authorization_server});
    const auto caller = ask(provider, mint(each, issuer_with(each.algorithm)));
    CAPTURE((caller ? "" : caller.error().detail));
    REQUIRE(caller);
    CHECK(caller->client_id == each.caller.client_id);
    CHECK(caller->is_machine == each.caller.is_machine);
    CHECK(caller->scopes.text() == each.caller.scopes.text());
    CHECK(caller->roles == each.caller.roles);
    CHECK(caller->permissions == each.caller.permissions);
    CHECK(caller->user == each.caller.user);
    CHECK(caller->issuer == caller->claim<std::string>("iss"));
    const auto asked = web::instance().asked();
    if (each.keys_at.empty()) {
      CHECK(asked.empty());
    } else {
      REQUIRE(!asked.empty());
      CHECK(asked.back() == each.keys_at);
    }
  }
}

TEST_CASE("compact permissions that make no sense grant nothing") {
  const auto granted = [](std::string_view features, std::string_view maps,
                          std::string_view permissions) {
    const auto claims = R"({"fea":")" + std::string{features} + R"(","o":{"fpm":")" +
                        std::string{maps} + R"(","per":")" + std::string{permissions} + "\"}}";
    json::document document;
    principal caller;
    auth::detail::read_clerk_organization(caller, *json::as_object(*document.parse(claims)));
    return caller.permissions;
  };
  CHECK(granted("o:a", "1", "read") == text_set{"org:a:read"});
  CHECK(granted("o:a,o:b", "1", "read") == text_set{"org:a:read"});
  CHECK(granted("o:a", "1,1", "read") == text_set{"org:a:read"});
  CHECK(granted("o:a", "255", "read,write") == text_set{"org:a:read", "org:a:write"});
  for (const auto* map : {"", "0", "-1", "0x1", "1 ", "18446744073709551616", ",1", "x"})
    CHECK(granted("o:a", map, "read").empty());
  for (const auto* feature : {"", "u:a", "o", "a", ":a"})
    CHECK(granted(feature, "1", "read").empty());
  CHECK(granted("o:a", "1", "").empty());
}

TEST_CASE("each provider refuses tokens of other issuers, for others, and of other kinds") {
  for (const auto& each : shapes()) {
    CAPTURE(each.name);
    const auto provider = provider_of(each);
    const auto& issuer = issuer_with(each.algorithm);
    REQUIRE(ask(provider, mint(each, issuer)));
    auto hostile = each.refused;
    hostile.emplace_back(R"("iss":"https://evil.example")");
    hostile.emplace_back(R"("iss":null)");
    hostile.emplace_back(R"("aud":"evil","azp":"evil","client_id":"evil")");
    hostile.emplace_back(R"("aud":null,"azp":null,"client_id":null)");
    hostile.emplace_back(R"("sub":null)");
    hostile.emplace_back(R"("exp":1)");
    for (const auto& changes : hostile) {
      CAPTURE(changes);
      const auto decision = refusal(ask(provider, mint(each, issuer, changes)));
      CHECK(decision != "accepted");
      CHECK(decision != "UNAVAILABLE");
    }
  }
}

TEST_CASE("each provider refuses tokens that are signed in another way than its own") {
  for (const auto& each : shapes()) {
    CAPTURE(each.name);
    const auto provider = provider_of(each);
    REQUIRE(ask(provider, mint(each, issuer_with(each.algorithm))));
    const auto& row = *find_provider(each.name);
    // A shared secret, were it the text of a public key, is no key of an issuer that publishes its.
    const test_issuer stranger{jws_algorithm::hs256};
    CHECK(refusal(ask(provider, mint(each, stranger))) == "VERIFICATION_FAILED");
    for (const auto other : {jws_algorithm::rs256, jws_algorithm::es256, jws_algorithm::es384,
                             jws_algorithm::eddsa, jws_algorithm::hs256}) {
      const bool open =
          row.algorithms.empty() && !each.keys_at.empty() && other != jws_algorithm::hs256;
      const bool named =
          std::ranges::find(row.algorithms, other) != row.algorithms.end() && !each.keys_at.empty();
      CAPTURE(auth::facts(other).name);
      CHECK(refusal(ask(provider, mint(each, issuer_with(other)))) ==
            (other == each.algorithm || open || named ? "accepted" : "VERIFICATION_FAILED"));
    }
  }
}

// A provider of opaque tokens, and what it says of the user.
struct opaque_shape {
  std::string name;
  provider_settings settings;
  provider_settings of_others;  ///< settings for another client than that of the token
  std::string host;
  std::string issuer;
  std::string subject;
  scope_set scopes;
};

std::vector<opaque_shape> opaque_shapes() {
  return {
      {"discord",
       {{"client_id", "1599"}},
       {{"client_id", "1"}},
       "discord.com",
       "https://discord.com",
       "2684",
       {"identify"}},
      {"github",
       {{"client_id", "Iv1.app"}, {"client_secret", "s"}},
       {},
       "api.github.com",
       "https://github.com",
       "583231",
       {"repo"}},
      {"github",
       {{"client_id", "Iv1.app"},
        {"client_secret", "s"},
        {"url", "https://git.example.com"},
        {"api_url", "https://api.example.com/"}},
       {},
       "api.example.com",
       "https://git.example.com",
       "583231",
       {"repo"}},
      {"gitlab",
       {{"client_id", "app"}, {"token_use", "access"}},
       {{"client_id", "other"}, {"token_use", "access"}},
       "gitlab.com",
       "https://gitlab.com",
       "7",
       {"openid"}},
      {"google",
       {{"client_id", "app.apps.googleusercontent.com"}, {"token_use", "access"}},
       {{"client_id", "other"}, {"token_use", "access"}},
       "www.googleapis.com",
       "https://accounts.google.com",
       "1076",
       {"openid", "email"}},
  };
}

TEST_CASE("providers of opaque tokens are asked about them, and whose they are is looked at") {
  for (const auto& each : opaque_shapes()) {
    CAPTURE(each.name);
    web::instance().asked();
    const auto provider = make_provider(each.name, each.settings, web::instance().adjustment());
    CHECK(provider.issuers() == std::vector{each.issuer});
    const auto caller = ask(provider, "opaque-token");
    CAPTURE((caller ? "" : caller.error().detail));
    REQUIRE(caller);
    CHECK(caller->issuer == each.issuer);
    CHECK(caller->subject == each.subject);
    CHECK(caller->user.name == "Ann");
    CHECK(caller->scopes == each.scopes);
    for (const auto& url : web::instance().asked())
      CHECK(url.starts_with("https://" + each.host + "/"));
    if (each.of_others.empty()) continue;
    const auto others = make_provider(each.name, each.of_others, web::instance().adjustment());
    CHECK(refusal(ask(others, "opaque-token")) == "VERIFICATION_FAILED");
  }
}

TEST_CASE("what a program demands of tokens is not forgotten where they are of another kind") {
  const auto attempt = [](const provider_settings& settings, const provider_adjustment& adjust) {
    try {
      static_cast<void>(make_provider("google", settings, adjust));
    } catch (const configuration_error& wrong) {
      return wrong.setting();
    }
    return "none"s;
  };
  provider_settings settings{{"client_id", "app"}};
  const auto of_jwt = [](jwks_settings& made) { made.token.required_scopes = {"a"}; };
  const auto of_opaque = [](opaque_settings& made) { made.required_scopes = {"a"}; };
  CHECK(attempt(settings, of_jwt) == "none");
  CHECK(attempt(settings, of_opaque) == "adjust");
  settings["token_use"] = "access";
  CHECK(attempt(settings, of_jwt) == "adjust");
  CHECK(attempt(settings, of_opaque) == "none");
  CHECK(attempt(settings, [](auto& made) { made.client.deadline = 1s; }) == "none");
  settings["hosted_domain"] = "example.com";
  CHECK(attempt(settings, {}) == "hosted_domain");
}

TEST_CASE("every row of the table is driven by a token, and has a type") {
  std::vector<std::string_view> driven;
  for (const auto& each : shapes()) driven.emplace_back(find_provider(each.name)->name);
  for (const auto& each : opaque_shapes()) driven.emplace_back(find_provider(each.name)->name);
  for (const auto& row : provider_rows)
    CHECK_MESSAGE(std::ranges::find(driven, row.name) != driven.end(), row.name);
  const auto typed = std::to_array<const provider_row*>(
      {&auth0::row(), &azure::row(), &better_auth::row(), &clerk::row(), &cognito::row(),
       &descope::row(), &discord::row(), &github::row(), &firebase::row(), &gitlab::row(),
       &google::row(), &sesame::jwt::row(), &keycloak::row(), &oidc::row(), &okta::row(),
       &scalekit::row(), &slack::row(), &supabase::row(), &workos::row()});
  for (const auto& row : provider_rows)
    CHECK_MESSAGE(std::ranges::find(typed, &row) != typed.end(), row.name);
}

struct staff : auth0 {
  using auth0::auth0;
};
struct guests : auth0 {
  guests() : auth0(from_env()) {}
};
static_assert(asking_provider<staff> && asking_provider<guests>);
static_assert(std::is_copy_constructible_v<auth0>);
static_assert(std::is_same_v<entra, azure>);

TEST_CASE("a provider is a type, and what only this server wants is adjusted") {
  const auto all = shapes();
  const auto& each = all.front();
  const auto token = mint(each, issuer_with(each.algorithm));
  const auto now = clock::now();
  const staff open{
      {{"domain", "records.eu.auth0.com"}, {"audience", "https://records.example/mcp"}},
      web::instance().adjustment()};
  CHECK(open.issuers() == std::vector{"https://records.eu.auth0.com/"s});
  open.prefetch();
  CHECK(auth_test::completed(open.look_up(token, now)));
  CHECK(open.verify(token, now));
  const auth0 narrow(
      {{"domain", "records.eu.auth0.com"}, {"audience", "https://records.example/mcp"}},
      [](jwks_settings& made) {
        web::instance().adjustment()(made);
        made.token.required_scopes = {"records:admin"};
      });
  CHECK(refusal(auth_test::completed(narrow.look_up(token, now))) == "INSUFFICIENT_SCOPE");
}

std::string problem(std::string_view name, const provider_settings& settings) {
  try {
    static_cast<void>(make_provider(name, settings));
  } catch (const configuration_error& wrong) {
    return wrong.what();
  }
  return "none";
}

TEST_CASE("a provider that is chosen by name is known by each of its names, or they are listed") {
  const provider_settings settings{{"auth_url", "https://app.example/api/auth"}, {"audience", "a"}};
  CHECK(problem("better_auth", settings) == "none");
  CHECK(problem("better-auth", settings) == "none");
  const auto listed =
      "provider: must be one of auth0, azure, better_auth, clerk, cognito, descope, discord, "
      "firebase, github, gitlab, google, jwt, keycloak, oidc, okta, scalekit, slack, supabase, "
      "workos";
  CHECK(problem("Auth0", settings) == listed);
  CHECK(problem("", settings) == listed);
  CHECK(problem("auth0", {{"domain", "a.auth0.com"}, {"audience", "b"}, {"tenant", "c"}}) ==
        "tenant: auth0 has no such setting; it has domain, audience");
}

TEST_CASE("the environment chooses the provider and its settings") {
  const auto named = [] {
    try {
      return provider_from_env(web::instance().adjustment()).issuers().front();
    } catch (const configuration_error& wrong) {
      return wrong.setting();
    }
  };
  CHECK(named() == "MCP_AUTH_PROVIDER");
  {
    const environment set{{{"MCP_AUTH_PROVIDER", "magic"}}};
    CHECK(named() == "MCP_AUTH_PROVIDER");
  }
  const environment set{{{"MCP_AUTH_PROVIDER", "keycloak"},
                         {"KEYCLOAK_SERVER_URL", "https://id.example.com"},
                         {"MCP_USE_OAUTH_KEYCLOAK_REALM", "staff"}}};
  CHECK(named() == "KEYCLOAK_AUDIENCE");
  const environment more{{{"KEYCLOAK_CLIENT_ID", "spa"}}};
  CHECK(named() == "https://id.example.com/realms/staff");
  const auto direct = keycloak::from_env({{"realm", "guests"}});
  CHECK(direct.issuers().front() == "https://id.example.com/realms/guests");
}

}  // namespace providers_test
