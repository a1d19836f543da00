// A server for an identity provider that there is already: whose users sign in there, and whose
// tokens it takes. It learns the keys by itself.
//
//     ISSUER=https://id.example.com AUDIENCE=https://api.example.com/mcp profile --http 127.0.0.1:8080
//
// SPDX-License-Identifier: BSL-1.0

#include <cstdio>
#include <cstdlib>
#include <sesame/sesame.hpp>
#include <string>
#include <vector>

struct profile {
  std::string user_id;
  std::string email;
  std::string name;
  std::vector<std::string> roles;
};

struct account : sesame::service<sesame::authenticated<sesame::jwks_provider>> {
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

// A setting without which nothing starts.
std::string needed(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  if (value == nullptr) throw sesame::configuration_error(name, "must be in the environment");
  return value;
}

int main(int argc, char** argv) try {
  sesame::jwks_settings settings{
      .token = {.issuer = needed("ISSUER"), .audiences = {needed("AUDIENCE")}}};
  // An issuer on this machine, as in development, is reached as it is.
  if (settings.token.issuer.starts_with("http://localhost:")) {
    settings.client.allow_plain_http = true;
    settings.client.private_hosts = {"localhost"};
    settings.cache.cooldown = std::chrono::seconds{1};
  }
  // Clients of 2025-03-26 ask this server how its users sign in, so it passes on what the issuer says.
  sesame::http_transport_options options;
  options.authorization_server_metadata =
      sesame::net::fetch_with(sesame::net::https_client(settings.client));
  const sesame::jwks_provider provider{std::move(settings)};
  provider.prefetch();
  sesame::server server{{.name = "profile", .version = "1.0.0"}, account{}, provider};
  return sesame::run(server, argc, argv, {}, std::move(options));
} catch (const sesame::configuration_error& wrong) {
  std::fprintf(stderr, "profile: %s\n", wrong.what());
  return 2;
}
