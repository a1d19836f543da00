// Three ways of knowing who calls, side by side: tokens of an issuer whose public key is at hand, tokens
// that a function of the program verifies, and tools for everybody. Each service says which it takes.
//
//     callers --http 127.0.0.1:8080
//
// SPDX-License-Identifier: BSL-1.0

#include <chrono>
#include <cstdio>
#include <sesame/auth/test_issuer.hpp>
#include <sesame/sesame.hpp>
#include <string>
#include <string_view>

constexpr auto audience = "urn:sesame:callers";

// The keys of one issuer. A type of its own, so that services can name it.
struct employees : sesame::jwt_provider {
  using jwt_provider::jwt_provider;
};

// What a program that keeps its own tokens does: looks one up, and says whose it is.
sesame::result<sesame::principal, sesame::auth_failure> verify_access_token(
    std::string_view token, std::chrono::system_clock::time_point now) {
  if (token != "partner-token")
    return sesame::failure{sesame::auth_failure{sesame::auth_error::invalid_token, "unknown"}};
  return sesame::principal{
      .issuer = "https://partners.example",
      .subject = "acme",
      .scopes = {"orders:read"},
      .expires = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::hours{1}};
}
using partners = sesame::custom_provider<decltype(&verify_access_token)>;

// Closed as a whole. The caller's record is the same whoever the issuer is.
struct user_service : sesame::service<sesame::authenticated<employees>> {
  sesame::user_info get_current_user(const sesame::principal& caller) const { return caller.user; }
  std::string greet() const { return greeting(); }

  using tools = sesame::tools<
      sesame::tool<&user_service::get_current_user, "Who you are", sesame::named<"getCurrentUser">>,
      sesame::tool<&user_service::greet, "Says hello">>;

 private:
  // Far from the handler, and told nothing.
  static std::string greeting() {
    const auto* caller = sesame::current_principal();
    return "Hello, " + (caller == nullptr ? "stranger" : caller->user.name);
  }
};

// Tools that differ in who may use them.
struct secure_service : sesame::service<sesame::authenticated<employees>> {
  std::string delete_all() const { return "deleted"; }
  std::string orders(const sesame::principal& caller) const {
    return "orders of " + caller.subject;
  }
  std::string status() const { return "up"; }

  using tools = sesame::tools<
      sesame::tool<&secure_service::delete_all, "Deletes everything", sesame::named<"delete">,
                   sesame::roles<"admin">, sesame::destructive>,
      sesame::tool<&secure_service::orders, "Orders of a partner", sesame::authenticated<partners>,
                   sesame::scopes<"orders:read">, sesame::read_only>,
      sesame::tool<&secure_service::status, "Is it up?", sesame::anonymous, sesame::read_only>>;
};

int main(int argc, char** argv) {
  // In place of an identity provider: its key pair, of which the server has the public half.
  const sesame::test_issuer issuer;
  const employees staff{{.issuer = issuer.name(),
                         .audiences = {audience},
                         .keys = {sesame::verification_key::from_pem(issuer.public_pem())}}};
  for (const std::string role : {"editor", "admin"}) {
    const auto token = issuer.mint(
        {.subject = "ann",
         .audience = audience,
         .claims = R"({"name":"Ann","email":"ann@example.com","roles":[")" + role + R"("]})"});
    std::fprintf(stderr, "token of an %s: %s\n", role.c_str(), token.c_str());
  }
  sesame::server server{{.name = "callers", .version = "1.0.0"},
                        user_service{},
                        secure_service{},
                        staff,
                        partners{&verify_access_token}};
  return sesame::run(server, argc, argv);
}
