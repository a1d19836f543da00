// From the claims of an issuer to what Sesame calls them: a table, so that a provider is data.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_place.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// Where each field of a `principal` and its `user_info` is read from. What is not named keeps the
/// places that most issuers use:
///
///     constexpr claim_map keycloak{.roles = {"/realm_access/roles"}};
///     constexpr claim_map azure{.user_id = {"oid"}, .machine = {"idtyp", "app"}};
///
/// Texts are strings that are not empty, or whole numbers; sets are arrays of these, or one text,
/// which is never parted.
struct claim_map {
  claim_places client_id{"client_id", "azp"};
  claim_places user_id{"sub", "user_id", "id"};
  claim_places email{"email"};
  claim_places email_verified{"email_verified"};  ///< `true`, or the text "true"
  claim_places name{"name"};
  claim_places first_name{"given_name", "first_name"};
  claim_places last_name{"family_name", "last_name"};
  claim_places username{"username", "preferred_username"};
  claim_places nickname{"nickname"};
  claim_places picture{"picture", "avatar_url"};
  claim_places tenant{"org_id", "tid"};
  claim_places roles{"roles"};
  claim_places permissions{"permissions"};

  /// What only the token of a machine says: `{"gty", "client-credentials"}`. Without it, a machine
  /// is known by a subject that is its own `client_id` (RFC 9068, section 2.2).
  struct mark {
    std::string_view place{};
    std::string_view text{};
  } machine{};
};

namespace auth {

/// Fills in what the map is about: `client_id` (which stays what it was where no claim says it),
/// `user`, `roles`, `permissions` and `is_machine`. The caller's subject is there already.
void map_claims(json::object claims, const claim_map& map, principal& caller);

/// Whether a text can tell somebody from others: a caller whose subject or `user_id` cannot must be
/// refused, for all such callers would be one.
[[nodiscard]] bool is_identifying(std::string_view text);

namespace detail {

/// A string, or a whole number in its digits: some issuers count their users.
std::optional<std::string> as_text(json::value claim);

}  // namespace detail
}  // namespace auth
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/claim_map.ipp"
#endif
