// An issuer of tokens within the program, for tests, demonstrations and development. Never for a
// server that others use: whoever runs the program can be anybody.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/auth/signing_key.hpp"
#include "sesame/configuration.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// What a test token says. Times are relative to `now`.
struct test_token {
  std::string subject = "alice";
  std::string audience = "https://server.example/mcp";
  std::string scopes{};     ///< space-separated
  std::string client_id{};  ///< none if empty
  std::chrono::seconds expires_in{3600};
  std::optional<std::chrono::seconds> not_before_in{};
  std::chrono::system_clock::time_point now = std::chrono::system_clock::now();

  /// Members to add to the claims or to the header, or to put in the place of others: a JSON
  /// object. A member that is null is taken away (as in RFC 7396).
  std::string claims{};
  std::string header{};
};

/// Makes keys, signs tokens with them, and makes the provider that takes these tokens.
///
///     const sesame::test_issuer issuer;
///     const auto provider = issuer.provider("https://server.example/mcp");
///     const auto token = issuer.mint({.subject = "bob", .scopes = "records:read"});
class test_issuer {
 public:
  explicit test_issuer(jws_algorithm algorithm = jws_algorithm::es256,
                       std::string name = "https://issuer.example")
      : name_(std::move(name)), key_(auth::signing_key::generate(algorithm)) {}

  /// The `iss` of its tokens.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  [[nodiscard]] const auth::signing_key& key() const noexcept { return key_; }
  [[nodiscard]] std::string public_jwk() const { return key_.public_jwk(); }
  [[nodiscard]] std::string public_pem() const { return key_.public_pem(); }

  /// A signed token. Throws `configuration_error` where `claims` or `header` is no JSON object.
  [[nodiscard]] std::string mint(const test_token& token = {}) const;

  /// Signs any two texts, sense or not: for tests of what a verifier must refuse.
  [[nodiscard]] std::string sign(std::string_view header, std::string_view payload) const {
    return key_.sign(header, payload);
  }

  /// The settings of a provider that takes its tokens.
  [[nodiscard]] jwt_settings settings(std::string audience = test_token{}.audience) const;

  [[nodiscard]] jwt_provider provider(std::string audience = test_token{}.audience) const {
    return jwt_provider(settings(std::move(audience)));
  }

 private:
  /// Members of a JSON object: names, and values as JSON.
  using members = std::vector<std::pair<std::string, std::string>>;

  static std::string text(std::string_view value);
  static std::string number(std::chrono::system_clock::time_point time);
  static std::string merged(members base, const std::string& changes, const char* setting);

  std::string name_;
  auth::signing_key key_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/test_issuer.ipp"
#endif
