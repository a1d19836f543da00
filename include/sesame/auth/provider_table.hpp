// The identity providers that Sesame knows, as a table.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/opaque_row.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider_row.hpp"
#include "sesame/json/document.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace sesame::inline v0 {

namespace auth::detail {

/// The tenant of a token by Entra ID is the one that its issuer is for.
step check_azure_tenant(json::object claims);

/// A scope of Entra ID may have the API's own URI before it.
void strip_azure_scopes(principal& caller, json::object claims);

/// A session that Clerk has still to complete, as by a second factor, is none yet.
step check_clerk_session(json::object claims);

/// The organization's role and permissions in Clerk's compact claims, as `org:admin` and
/// `org:records:read`: which of the permissions `o.per` go with a feature of `fea` is told by the
/// bits of its number in `o.fpm`.
void read_clerk_organization(principal& caller, json::object claims);

/// What a user of Keycloak is in each client, as `client:role`.
void add_keycloak_permissions(principal& caller, json::object claims);

/// How strongly a user of Supabase has signed in, as `aal:aal2`.
void add_supabase_level(principal& caller, json::object claims);

inline constexpr auto rs256 = jws_algorithm::rs256;
inline constexpr auto es256 = jws_algorithm::es256;

}  // namespace auth::detail

/// One row for each provider. `docs/providers.md` shows it.
inline constexpr std::array<provider_row, 19> provider_rows{{
    {.name = "auth0",
     .title = "Auth0",
     .settings = {{.name = "domain",
                   .form = setting_form::host,
                   .environment = {"AUTH0_DOMAIN"},
                   .example = "records.eu.auth0.com"},
                  {.name = "audience",
                   .environment = {"AUTH0_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true}},
     .issuers = {"https://{domain}/"},
     .jwks_uri = "https://{domain}/.well-known/jwks.json",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}}},
     .claims = {.machine = {"gty", "client-credentials"}}},

    // A tenant_id such as "common" stands for many issuers, so that the tenants have to be named.
    {.name = "azure",
     .other_name = "entra",
     .title = "Azure AD, Entra ID",
     .settings = {{.name = "tenant_id",
                   .form = setting_form::segment,
                   .environment = {"AZURE_TENANT_ID"},
                   .example = "72f988bf-86f1-41af-91ab-2d7cd011db47"},
                  {.name = "client_id",
                   .environment = {"AZURE_CLIENT_ID"},
                   .example = "11111111-2222-3333-4444-555555555555",
                   .many = true},
                  {.name = "audience",
                   .environment = {"AZURE_AUDIENCE"},
                   .example = "api://records",
                   .many = true},
                  {.name = "allowed_tenants",
                   .form = setting_form::guid,
                   .environment = {"AZURE_ALLOWED_TENANTS"},
                   .example = "72f988bf-86f1-41af-91ab-2d7cd011db47",
                   .otherwise = "{tenant_id}",
                   .many = true},
                  {.name = "authority",
                   .form = setting_form::host,
                   .environment = {"AZURE_AUTHORITY"},
                   .otherwise = "login.microsoftonline.com"}},
     .issuers = {"https://{authority}/{allowed_tenants}/v2.0",
                 "https://sts.windows.net/{allowed_tenants}/"},
     .authorization_server = "https://{authority}/{tenant_id}/v2.0",
     .jwks_uri = "https://{authority}/{tenant_id}/discovery/v2.0/keys",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}}, {"aud", {"{client_id}", "api://{client_id}"}}},
     .scopes = {"scp"},
     .claims = {.client_id = {"azp", "appid"},
                .user_id = {"oid", "sub"},
                .email = {"email", "preferred_username", "upn"},
                .tenant = {"tid"},
                .machine = {"idtyp", "app"}},
     .check = auth::detail::check_azure_tenant,
     .describe = auth::detail::strip_azure_scopes},

    {.name = "better_auth",
     .other_name = "better-auth",
     .title = "Better Auth",
     .settings = {{.name = "auth_url",
                   .form = setting_form::base,
                   .environment = {"BETTER_AUTH_URL"},
                   .example = "https://app.example.com/api/auth"},
                  {.name = "audience",
                   .environment = {"BETTER_AUTH_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true}},
     .issuers = {"{auth_url}"},
     .jwks_uri = "{auth_url}/jwks",
     .algorithms = {jws_algorithm::eddsa, auth::detail::es256, jws_algorithm::es512,
                    auth::detail::rs256, jws_algorithm::ps256},
     .audiences = {{"aud", {"{audience}"}}}},

    // Its tokens have an audience only where a template gives them one. Without, the application
    // they were made for is what binds them to this server.
    {.name = "clerk",
     .title = "Clerk",
     .settings = {{.name = "frontend_api",
                   .form = setting_form::origin,
                   .environment = {"CLERK_FRONTEND_API", "CLERK_FRONTEND_API_URL"},
                   .example = "your-app.clerk.accounts.dev"},
                  {.name = "audience",
                   .environment = {"CLERK_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true},
                  {.name = "authorized_parties",
                   .environment = {"CLERK_AUTHORIZED_PARTIES"},
                   .example = "https://app.example.com",
                   .many = true},
                  {.name = "client_id",
                   .environment = {"CLERK_CLIENT_ID"},
                   .example = "3ZKcPm3bPxxxxxxx",
                   .many = true}},
     .issuers = {"https://{frontend_api}"},
     .jwks_uri = "https://{frontend_api}/.well-known/jwks.json",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}},
                   {"azp", {"{authorized_parties}"}},
                   {"client_id", {"{client_id}"}}},
     .claims = {.picture = {"picture", "image_url"},
                .tenant = {"org_id", "/o/id"},
                .roles = {"org_role"},
                .permissions = {"org_permissions"}},
     .check = auth::detail::check_clerk_session,
     .describe = auth::detail::read_clerk_organization},

    {.name = "cognito",
     .title = "Amazon Cognito",
     .settings = {{.name = "region",
                   .form = setting_form::region,
                   .environment = {"COGNITO_REGION", "AWS_REGION"},
                   .example = "eu-central-1"},
                  {.name = "user_pool_id",
                   .form = setting_form::segment,
                   .environment = {"COGNITO_USER_POOL_ID"},
                   .example = "eu-central-1_AbCdEfGhI"},
                  {.name = "client_id",
                   .environment = {"COGNITO_CLIENT_ID"},
                   .example = "1h57kf5cpq17m0eml12EXAMPLE",
                   .many = true},
                  {.name = "token_use",
                   .environment = {"COGNITO_TOKEN_USE"},
                   .otherwise = "access",
                   .choices = {"access", "id"}}},
     .issuers = {"https://cognito-idp.{region}.amazonaws.com/{user_pool_id}"},
     .jwks_uri = "https://cognito-idp.{region}.amazonaws.com/{user_pool_id}/.well-known/jwks.json",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"client_id", {"{client_id}"}, "token_use", "access"},
                   {"aud", {"{client_id}"}, "token_use", "id"}},
     .required = {{"token_use", {"{token_use}"}}},
     .claims = {.client_id = {"client_id", "aud"},
                .username = {"cognito:username", "username"},
                .roles = {"cognito:groups"}}},

    // Tokens of sessions have the project alone as their issuer.
    {.name = "descope",
     .title = "Descope",
     .settings = {{.name = "project_id",
                   .form = setting_form::segment,
                   .environment = {"DESCOPE_PROJECT_ID"},
                   .example = "P2UaKj8DxxxxxxxxxxxxxxxxxxxX"},
                  {.name = "base_url",
                   .form = setting_form::base,
                   .environment = {"DESCOPE_BASE_URL"},
                   .otherwise = "https://api.descope.com"},
                  {.name = "issuer",
                   .form = setting_form::url,
                   .environment = {"DESCOPE_ISSUER"},
                   .otherwise = "{base_url}/v1/apps/{project_id}"},
                  {.name = "audience",
                   .environment = {"DESCOPE_AUDIENCE"},
                   .otherwise = "{project_id}",
                   .many = true}},
     .issuers = {"{issuer}", "{project_id}"},
     .jwks_uri = "{base_url}/{project_id}/.well-known/jwks.json",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}}},
     .claims = {.tenant = {"dct"}}},

    {.name = "discord",
     .title = "Discord",
     .settings = {{.name = "client_id",
                   .environment = {"DISCORD_CLIENT_ID"},
                   .example = "159799960412356608",
                   .many = true}},
     .issuers = {"https://discord.com"},
     .opaque = "discord",
     .audiences = {{"the application", {"{client_id}"}}}},

    {.name = "firebase",
     .title = "Firebase",
     .settings = {{.name = "project_id",
                   .form = setting_form::segment,
                   .environment = {"FIREBASE_PROJECT_ID"},
                   .example = "records-1a2b3"}},
     .issuers = {"https://securetoken.google.com/{project_id}"},
     .jwks_uri = "https://www.googleapis.com/service_accounts/v1/jwk/"
                 "securetoken@system.gserviceaccount.com",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{project_id}"}}},
     .claims = {.user_id = {"user_id", "sub"}, .tenant = {"/firebase/tenant"}}},

    // It tells a client about that client's own tokens.
    {.name = "github",
     .title = "GitHub",
     .settings = {{.name = "client_id",
                   .environment = {"GITHUB_CLIENT_ID"},
                   .example = "Iv1.8a61f9b3a7aba766"},
                  {.name = "client_secret",
                   .environment = {"GITHUB_CLIENT_SECRET"},
                   .example = "the secret of that client"},
                  {.name = "url",
                   .form = setting_form::base,
                   .environment = {"GITHUB_URL"},
                   .otherwise = "https://github.com"},
                  {.name = "api_url",
                   .form = setting_form::base,
                   .environment = {"GITHUB_API_URL"},
                   .otherwise = "https://api.github.com"}},
     .issuers = {"{url}"},
     .opaque = "github",
     .api = "{api_url}",
     .audiences = {{"the application", {"{client_id}"}}}},

    // Its access tokens are opaque, its ID tokens are not.
    {.name = "gitlab",
     .title = "GitLab",
     .settings = {{.name = "client_id",
                   .environment = {"GITLAB_CLIENT_ID"},
                   .example = "4f1a2b3c4d5e6f708192a3b4c5d6e7f8",
                   .many = true},
                  {.name = "url",
                   .form = setting_form::base,
                   .environment = {"GITLAB_URL"},
                   .otherwise = "https://gitlab.com"},
                  {.name = "token_use",
                   .environment = {"GITLAB_TOKEN_USE"},
                   .otherwise = "id",
                   .choices = {"id", "access"}}},
     .issuers = {"{url}"},
     .jwks_uri = "{url}/oauth/discovery/keys",
     .opaque = "gitlab",
     .api = "{url}",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{client_id}"}}},
     .claims = {.username = {"preferred_username", "nickname", "username"},
                .roles = {"groups_direct"}}},

    // Its access tokens are opaque, its ID tokens are not.
    {.name = "google",
     .title = "Google",
     .settings = {{.name = "client_id",
                   .environment = {"GOOGLE_CLIENT_ID"},
                   .example = "1234567890-abc.apps.googleusercontent.com",
                   .many = true},
                  {.name = "hosted_domain",
                   .form = setting_form::host,
                   .environment = {"GOOGLE_HOSTED_DOMAIN"},
                   .example = "example.com",
                   .many = true},
                  {.name = "token_use",
                   .environment = {"GOOGLE_TOKEN_USE"},
                   .otherwise = "id",
                   .choices = {"id", "access"}}},
     .issuers = {"https://accounts.google.com", "accounts.google.com"},
     .jwks_uri = "https://www.googleapis.com/oauth2/v3/certs",
     .opaque = "google",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{client_id}"}}},
     .required = {{"hd", {"{hosted_domain}"}}},
     .claims = {.client_id = {"azp"}, .tenant = {"hd"}}},

    {.name = "jwt",
     .title = "any issuer whose key is at hand",
     .settings = {{.name = "issuer",
                   .environment = {"JWT_ISSUER", "AUTH_ISSUER"},
                   .example = "https://id.example.com/"},
                  {.name = "audience",
                   .environment = {"JWT_AUDIENCE", "AUTH_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true},
                  {.name = "jwks_uri",
                   .form = setting_form::url,
                   .environment = {"JWT_JWKS_URI"},
                   .example = "https://id.example.com/keys"},
                  {.name = "public_key",
                   .form = setting_form::pem,
                   .environment = {"JWT_PUBLIC_KEY"},
                   .example = "a text that begins with BEGIN PUBLIC KEY"},
                  {.name = "secret",
                   .form = setting_form::secret,
                   .environment = {"JWT_SECRET"},
                   .example = "32 random bytes or more"}},
     .issuers = {"{issuer}"},
     .jwks_uri = "{jwks_uri}",
     .public_key = "public_key",
     .shared_secret = "secret",
     .audiences = {{"aud", {"{audience}"}}}},

    // The payload says what the token is for; the header does not.
    {.name = "keycloak",
     .title = "Keycloak",
     .settings = {{.name = "server_url",
                   .form = setting_form::base,
                   .environment = {"KEYCLOAK_SERVER_URL"},
                   .example = "https://id.example.com"},
                  {.name = "realm",
                   .form = setting_form::segment,
                   .environment = {"KEYCLOAK_REALM"},
                   .example = "staff"},
                  {.name = "audience",
                   .environment = {"KEYCLOAK_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true},
                  {.name = "client_id",
                   .environment = {"KEYCLOAK_CLIENT_ID"},
                   .example = "records",
                   .many = true}},
     .issuers = {"{server_url}/realms/{realm}"},
     .jwks_uri = "{server_url}/realms/{realm}/protocol/openid-connect/certs",
     .audiences = {{"aud", {"{audience}"}}, {"azp", {"{client_id}"}}},
     .required = {{"typ", {"Bearer"}}},
     .claims = {.username = {"preferred_username"},
                .nickname = {"nickname", "preferred_username"},
                .roles = {"/realm_access/roles"}},
     .describe = auth::detail::add_keycloak_permissions},

    {.name = "oidc",
     .title = "any issuer that publishes its metadata",
     .settings = {{.name = "issuer",
                   .form = setting_form::url,
                   .environment = {"OIDC_ISSUER", "AUTH_ISSUER"},
                   .example = "https://id.example.com/"},
                  {.name = "audience",
                   .environment = {"OIDC_AUDIENCE", "AUTH_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true}},
     .issuers = {"{issuer}"},
     .audiences = {{"aud", {"{audience}"}}}},

    {.name = "okta",
     .title = "Okta",
     .settings = {{.name = "domain",
                   .form = setting_form::host,
                   .environment = {"OKTA_DOMAIN"},
                   .example = "dev-12345.okta.com"},
                  {.name = "authorization_server",
                   .form = setting_form::segment,
                   .environment = {"OKTA_AUTHORIZATION_SERVER"},
                   .otherwise = "default"},
                  {.name = "audience",
                   .environment = {"OKTA_AUDIENCE"},
                   .otherwise = "api://default",
                   .many = true}},
     .issuers = {"https://{domain}/oauth2/{authorization_server}"},
     .jwks_uri = "https://{domain}/oauth2/{authorization_server}/v1/keys",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}}},
     .scopes = {"scp"},
     .claims = {.client_id = {"cid"},
                .user_id = {"uid", "sub"},
                .email = {"email"},
                .roles = {"groups"}}},

    // Servers that are registered as a resource have an issuer of their own.
    {.name = "scalekit",
     .title = "Scalekit",
     .settings = {{.name = "environment_url",
                   .form = setting_form::base,
                   .environment = {"SCALEKIT_ENVIRONMENT_URL"},
                   .example = "https://records.scalekit.com"},
                  {.name = "resource_id",
                   .form = setting_form::segment,
                   .environment = {"SCALEKIT_RESOURCE_ID"},
                   .example = "res_123456789"}},
     .issuers = {"{environment_url}/resources/{resource_id}", "{environment_url}"},
     .jwks_uri = "{environment_url}/keys",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{resource_id}"}}}},

    // These are its ID tokens. Of its access tokens it does not tell whose client has them.
    {.name = "slack",
     .title = "Slack",
     .settings = {{.name = "client_id",
                   .environment = {"SLACK_CLIENT_ID"},
                   .example = "1234567890.1234567890",
                   .many = true}},
     .issuers = {"https://slack.com"},
     .jwks_uri = "https://slack.com/openid/connect/keys",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{client_id}"}}},
     .claims = {.tenant = {"https://slack.com/team_id"}}},

    // What users write about themselves (user_metadata) names them, and grants nothing.
    {.name = "supabase",
     .title = "Supabase",
     .settings = {{.name = "project_id",
                   .form = setting_form::segment,
                   .environment = {"SUPABASE_PROJECT_ID"},
                   .example = "abcdefghijklmnopqrst"},
                  {.name = "url",
                   .form = setting_form::base,
                   .environment = {"SUPABASE_URL"},
                   .otherwise = "https://{project_id}.supabase.co"},
                  {.name = "audience",
                   .environment = {"SUPABASE_AUDIENCE"},
                   .otherwise = "authenticated",
                   .many = true},
                  {.name = "jwt_secret",
                   .form = setting_form::secret,
                   .environment = {"SUPABASE_JWT_SECRET"},
                   .example = "the legacy secret of the project"}},
     .issuers = {"{url}/auth/v1"},
     .jwks_uri = "{url}/auth/v1/.well-known/jwks.json",
     .shared_secret = "jwt_secret",
     .algorithms = {auth::detail::es256, auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}}},
     .claims = {.name = {"/user_metadata/name", "/user_metadata/full_name"},
                .username = {"/user_metadata/username"},
                .picture = {"/user_metadata/avatar_url", "/user_metadata/picture"},
                .tenant = {"/app_metadata/tenant_id"},
                .roles = {"/app_metadata/roles", "role"},
                .permissions = {"/app_metadata/permissions"}},
     .describe = auth::detail::add_supabase_level},

    {.name = "workos",
     .other_name = "authkit",
     .title = "WorkOS AuthKit",
     .settings = {{.name = "subdomain",
                   .form = setting_form::host,
                   .environment = {"WORKOS_SUBDOMAIN"},
                   .example = "records",
                   .suffix = ".authkit.app"},
                  {.name = "audience",
                   .environment = {"WORKOS_AUDIENCE"},
                   .example = "https://records.example.com/mcp",
                   .many = true},
                  {.name = "client_id",
                   .environment = {"WORKOS_CLIENT_ID"},
                   .example = "client_01HXYZ",
                   .many = true}},
     .issuers = {"https://{subdomain}"},
     .jwks_uri = "https://{subdomain}/oauth2/jwks",
     .algorithms = {auth::detail::rs256},
     .audiences = {{"aud", {"{audience}"}}, {"aud", {"{client_id}"}}},
     .claims = {.roles = {"roles", "role"}}},
}};

/// Where in the table the row of a name is; its size where there is none.
[[nodiscard]] constexpr std::size_t provider_place(std::string_view name) noexcept {
  const auto is_named = [&](const provider_row& row) {
    return row.name == name || (!name.empty() && row.other_name == name);
  };
  std::size_t place = 0;
  while (place != provider_rows.size() && !is_named(provider_rows[place])) ++place;
  return place;
}

/// The row of a name; null where there is none.
[[nodiscard]] inline const provider_row* find_provider(std::string_view name) noexcept {
  const auto place = provider_place(name);
  return place < provider_rows.size() ? &provider_rows[place] : nullptr;
}

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/provider_table.ipp"
#endif
