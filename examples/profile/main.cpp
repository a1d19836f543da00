// A server for an identity provider that there is already: whose users sign in there, and whose
// tokens it takes. The environment says which (docs/providers.md): any OpenID provider, or one of
// those that are known by name.
//
//     MCP_AUTH_PROVIDER=oidc AUTH_ISSUER=https://id.example.com AUTH_AUDIENCE=https://api.example.com/mcp
//         profile --http 127.0.0.1:8080
//     MCP_AUTH_PROVIDER=auth0 AUTH0_DOMAIN=... AUTH0_AUDIENCE=... profile --http 127.0.0.1:8080
//
// SPDX-License-Identifier: BSL-1.0

#include <cstdio>
#include <sesame/sesame.hpp>
#include <string>
#include <vector>

struct profile {
  std::string user_id;
  std::string email;
  std::string name;
  std::vector<std::string> roles;
};

struct account : sesame::service<sesame::authenticated<sesame::any_provider>> {
  profile get_profile(const sesame::principal& caller) const {
    const auto& roles = caller.roles.texts();
    return {caller.user.user_id, caller.user.email, caller.user.name, {roles.begin(), roles.end()}};
  }
  std::string fetch_data(const sesame::principal& caller) const {
    return "What belongs to " + caller.subject;
  }
  std::string status() const { return "up"; }

  using tools = sesame::tools<
      sesame::tool<&account::get_profile, "Who you are", sesame::named<"get-profile">,
                   sesame::read_only>,
      sesame::tool<&account::fetch_data, "What is yours", sesame::named<"fetch-data">,
                   sesame::scopes<"data:read">, sesame::read_only>,
      sesame::tool<&account::status, "Is the service up?", sesame::anonymous, sesame::read_only>>;
};

int main(int argc, char** argv) try {
  sesame::http_transport_options options;
  const auto provider = sesame::provider_from_env([&](sesame::jwks_settings& made) {
    // An issuer on this machine, as in development, is reached as it is.
    if (made.token.issuer.starts_with("http://localhost:")) {
      made.client.allow_plain_http = true;
      made.client.private_hosts = {"localhost"};
      made.cache.cooldown = std::chrono::seconds{1};
    }
    // Clients of 2025-03-26 ask this server how its users sign in, so it passes on what the issuer says.
    options.authorization_server_metadata =
        sesame::net::fetch_with(sesame::net::https_client(made.client));
  });
  provider.prefetch();
  // Tokens that their issuer has bound to a key are taken with a proof (DPoP).
  options.dpop.emplace();
  sesame::server server{{.name = "profile", .version = "1.0.0"}, account{}, provider};
  return sesame::run(server, argc, argv, {}, std::move(options));
} catch (const sesame::configuration_error& wrong) {
  std::fprintf(stderr, "profile: %s\n", wrong.what());
  return 2;
}
