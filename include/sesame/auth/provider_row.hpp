// What Sesame has to know of an identity provider: one row of data each (see provider_table.hpp).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/detail/short_list.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/json/document.hpp"

#include <cstdint>
#include <string_view>

namespace sesame::inline v0 {

/// What a setting looks like. Values become parts of URLs, so each is checked before.
enum class setting_form : std::uint8_t {
  text,     ///< visible ASCII characters but the comma
  host,     ///< a domain name: lower case, at least two labels, no scheme, port or path
  origin,   ///< a host, or the https: URL of one
  base,     ///< an http(s) URL without query; slashes at its end do not count
  url,      ///< an http(s) URL without query, letter for letter
  segment,  ///< one segment of a path: unreserved characters alone (RFC 3986, section 2.3)
  region,   ///< as AWS names them: eu-central-1
  guid,     ///< in lower case
  pem,      ///< a public key; `\n` may stand for the ends of its lines
  secret,   ///< what is shared with the issuer
};

/// A setting that a provider knows.
struct provider_setting {
  std::string_view name{};
  setting_form form = setting_form::text;

  /// The variables it may come from, in this order; each also with `MCP_USE_OAUTH_` before it.
  auth::detail::short_list<std::string_view, 2> environment{};

  /// Such as.
  std::string_view example{};

  /// What it is where it is not given: a template.
  std::string_view otherwise{};

  /// What follows a value without a dot.
  std::string_view suffix{};

  /// The only values. Empty: any that has the form.
  auth::detail::short_list<std::string_view, 2> choices{};

  /// Whether it may have several values, parted by commas or spaces.
  bool many = false;
};

/// A claim and what it may say: templates. The first rule for audiences whose settings are there, and
/// where its `when` has the value `is`, decides.
struct claim_rule {
  std::string_view claim{};
  auth::detail::short_list<std::string_view, 2> values{};
  std::string_view when{};
  std::string_view is{};
};

/// A provider. Its templates hold the names of settings in braces: `https://{domain}/`; one with a
/// setting of several values stands for several texts. A setting that is needed for a template is
/// one that has to be given.
struct provider_row {
  std::string_view name{};
  std::string_view other_name{};
  std::string_view title{};
  auth::detail::short_list<provider_setting, 5> settings{};

  /// The `iss` of tokens, letter for letter: templates.
  auth::detail::short_list<std::string_view, 2> issuers{};

  /// Where clients get tokens, where that is not the first issuer: a template.
  std::string_view authorization_server{};

  /// Where the keys are: a template. Empty: where the issuer's metadata say.
  std::string_view jwks_uri{};

  /// Settings that, where they are given, are the key, and nothing is fetched.
  std::string_view public_key{};
  std::string_view shared_secret{};

  /// The row of `opaque_rows` by which tokens are asked about that are opaque: all of them, or where
  /// the provider has a setting `token_use`, those for `access`.
  std::string_view opaque{};

  /// What the paths of that row are behind, where they may be elsewhere than it says: a template.
  std::string_view api{};

  /// What tokens may be signed with. Empty: every asymmetric algorithm.
  auth::detail::short_list<jws_algorithm, 6> algorithms{};

  auth::detail::short_list<claim_rule, 3> audiences{};

  /// Further claims that tokens must have; those whose settings are not given are not asked for.
  auth::detail::short_list<claim_rule, 2> required{};

  auth::detail::short_list<std::string_view, 2> scopes{"scope", "scp"};
  claim_map claims{};

  /// What no data can say: a check of claims that are verified but for it, and changes to a caller
  /// who is known. Null: none.
  auth::step (*check)(json::object claims) = nullptr;
  void (*describe)(principal& caller, json::object claims) = nullptr;

  [[nodiscard]] constexpr bool has(std::string_view setting) const noexcept {
    for (const auto& each : settings)
      if (each.name == setting) return true;
    return false;
  }

  /// Null where the provider has no such setting.
  [[nodiscard]] const provider_setting* find(std::string_view setting) const noexcept {
    for (const auto& each : settings)
      if (each.name == setting) return &each;
    return nullptr;
  }
};

}  // namespace sesame::inline v0
