// The provider for JSON Web Tokens whose keys are at hand (RFC 7519, RFC 8725, RFC 9068).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/result.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// Which tokens are taken. `issuer`, `audiences` and `keys` have no default that could be safe.
struct jwt_settings {
  /// The `iss` of the tokens, letter for letter; mind the slash at its end.
  std::string issuer;

  /// Other `iss` of the same issuer, as where it names each tenant or once had another address. A
  /// caller's issuer is the one that the token names.
  std::vector<std::string> other_issuers{};

  /// Where clients get their tokens (RFC 9728). Empty: at the issuer.
  std::string authorization_server{};

  /// The names this server goes by; a token must be meant for one of them.
  std::vector<std::string> audiences;

  /// What signatures are verified with.
  std::vector<verification_key> keys{};

  /// The algorithms tokens may use. Empty: each that the asymmetric keys allow. HS256, HS384 and
  /// HS512 are taken only where they are named here.
  std::vector<jws_algorithm> algorithms{};

  /// By how much the issuer's clock may differ from ours; 5 minutes at most.
  std::chrono::seconds leeway{30};

  /// The longest time since `iat`; the claim must be there then. None: as long as `exp` says.
  std::optional<std::chrono::seconds> max_age{};

  /// The accepted `typ` of the header; the empty one stands for a token without. Where an issuer
  /// follows RFC 9068, `{"at+jwt"}` alone keeps its ID tokens out.
  std::vector<std::string> types{"at+jwt", "JWT", ""};

  /// The claim that names the audience. Cognito's access tokens have `client_id` instead.
  std::string audience_claim = "aud";

  /// The claims scopes are read from.
  std::vector<std::string> scope_claims{"scope", "scp"};

  /// Scopes that every token must have, whatever it is used for.
  scope_set required_scopes{};

  /// Further claims that tokens must have.
  std::vector<auth::claim_requirement> required_claims{};

  /// Called for what no table can say, on claims that are verified but for this; what it refuses is
  /// refused. Called by several threads at once.
  std::function<auth::step(json::object claims)> check{};

  /// Which claims say what the caller is called, is and may do.
  claim_map claims{};

  /// Called after that, for what the map cannot say. A caller whose issuer, subject or expiry it
  /// changes is refused, and so is one for whom it throws. Called by several threads at once.
  std::function<void(principal& caller, json::object claims)> map_claims{};
};

namespace auth {

/// All the steps from a token to a principal but where the keys come from. A provider that fetches
/// its keys is this and a way to have them.
class jwt_verifier {
 public:
  /// Throws `configuration_error` for `issuer`, `audiences`, `algorithms`, `leeway`, `max_age` or
  /// `types`. Without `algorithms`, every asymmetric one is allowed. `keys` are not looked at.
  explicit jwt_verifier(jwt_settings settings);

  [[nodiscard]] const jwt_settings& settings() const noexcept { return settings_; }

  /// As `provider` asks for them.
  [[nodiscard]] std::vector<std::string> issuers() const {
    const auto& elsewhere = settings_.authorization_server;
    return {elsewhere.empty() ? settings_.issuer : elsewhere};
  }

  /// Whether a token might be let in, by its algorithm and its issuer, which are not verified yet:
  /// before anything is fetched for it.
  [[nodiscard]] step expects(const compact_jws& token) const;

  /// The algorithm, the signature by one of `keys`, then the claims.
  [[nodiscard]] result<principal, auth_failure> verify(
      compact_jws token, std::span<const verification_key> keys,
      std::chrono::system_clock::time_point now) const;

 private:
  [[nodiscard]] step check_algorithm(const compact_jws& token) const;
  [[nodiscard]] step verify_origin(const compact_jws& token,
                                   std::span<const verification_key> keys) const;
  [[nodiscard]] step verify_claims(json::object claims, const validity& times,
                                   const std::optional<std::string>& type,
                                   std::chrono::sys_seconds now) const;
  [[nodiscard]] step describe_caller(json::object claims, principal& caller) const;

  jwt_settings settings_;
  std::vector<std::string> issuers_;
};

}  // namespace auth

/// Verifies JSON Web Tokens with the keys it was given, in this order: form, algorithm, key,
/// signature, issuer, audience, time, type, claims, scopes.
///
///     const jwt_provider staff{{.issuer = "https://id.example.com/",
///                               .audiences = {"https://api.example.com/mcp"},
///                               .keys = {verification_key::from_pem(pem)}}};
///
/// Two of one kind in one server are two types:
/// `struct staff : sesame::jwt_provider { using jwt_provider::jwt_provider; };`
class jwt_provider {
 public:
  /// Throws `configuration_error` naming the setting, where one is missing or senseless.
  explicit jwt_provider(jwt_settings settings) : verifier_(complete(std::move(settings))) {}

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const;

  [[nodiscard]] std::vector<std::string> issuers() const { return verifier_.issuers(); }

  [[nodiscard]] const jwt_settings& settings() const noexcept { return verifier_.settings(); }

 private:
  static jwt_settings complete(jwt_settings settings);

  auth::jwt_verifier verifier_;
};

static_assert(provider<jwt_provider>);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/jwt_provider.ipp"
#endif
