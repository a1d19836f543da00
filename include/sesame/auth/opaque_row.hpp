// Issuers whose access tokens say nothing themselves, and which know no RFC 7662: what each has to be
// asked instead, as data.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_map.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace sesame::inline v0 {

/// Where the token stands in a question about it. Never in the URL, which is written into logs.
enum class token_place : std::uint8_t {
  bearer,  ///< the Authorization field
  form,    ///< a form, as `access_token`
  json,  ///< a JSON object, as `access_token`; the client's id and secret in the Authorization field
};

/// A request that is answered by a JSON object.
struct opaque_question {
  std::string_view method = "GET";
  std::string_view
      path{};  ///< behind the row's `api`; `{client_id}` stands for it. Empty: no question
  token_place place = token_place::bearer;
  std::array<int, 2> refusals{401, 401};  ///< the statuses by which the token is refused
};

/// An issuer. Places in answers are those of `find_claim`.
struct opaque_row {
  std::string_view name;
  std::string_view issuer;  ///< of the principals
  std::string_view api;     ///< what all paths are behind

  /// What tells to which client a token was given. An issuer without this question has no audience.
  opaque_question token{};
  std::string_view audience{};  ///< the client's id
  std::string_view subject{};
  std::string_view user{};     ///< the object that describes the user; empty: all of the answer
  std::string_view scopes{};   ///< a member that `auth::read_scopes` can read
  std::string_view expires{};  ///< RFC 3339, or seconds: since 1970 as text, from now as a number

  /// What tells who the user is.
  opaque_question profile{};
  std::string_view profile_subject{};
  std::string_view within{};       ///< what the subject is unique in, if not in all of the issuer
  std::string_view scope_field{};  ///< the header field that lists the scopes, parted by commas
  std::string_view success{};      ///< the member that is false where the answer is an error
  std::array<std::string_view, 6> errors{};  ///< those by which the token is refused

  claim_map claims{};
};

inline constexpr std::array<opaque_row, 5> opaque_rows{{
    {.name = "discord",
     .issuer = "https://discord.com",
     .api = "https://discord.com/api/v10",
     .token = {.path = "/oauth2/@me"},
     .audience = "/application/id",
     .subject = "/user/id",
     .user = "/user",
     .scopes = "scopes",
     .expires = "expires",
     .profile = {.path = "/users/@me"},
     .profile_subject = "id",
     .claims = {.user_id = {"id"},
                .email_verified = {"verified"},
                .name = {"global_name"},
                .picture = {}}},

    // Its application is asked about the token: for the token of another there is nothing.
    {.name = "github",
     .issuer = "https://github.com",
     .api = "https://api.github.com",
     .token = {.method = "POST",
               .path = "/applications/{client_id}/token",
               .place = token_place::json,
               .refusals = {404, 422}},
     .audience = "/app/client_id",
     .subject = "/user/id",
     .user = "/user",
     .scopes = "scopes",
     .expires = "expires_at",
     .profile = {.path = "/user"},
     .profile_subject = "id",
     .scope_field = "X-OAuth-Scopes",
     .claims = {.user_id = {"id"}, .username = {"login"}, .picture = {"avatar_url"}}},

    {.name = "gitlab",
     .issuer = "https://gitlab.com",
     .api = "https://gitlab.com",
     .token = {.path = "/oauth/token/info"},
     .audience = "/application/uid",
     .subject = "resource_owner_id",
     .scopes = "scope",
     .expires = "expires_in",
     .profile = {.path = "/oauth/userinfo"},
     .profile_subject = "sub",
     .claims = {.user_id = {"sub", "resource_owner_id"},
                .username = {"preferred_username", "nickname"}}},

    {.name = "google",
     .issuer = "https://accounts.google.com",
     .api = "https://www.googleapis.com",
     .token = {.method = "POST",
               .path = "/oauth2/v3/tokeninfo",
               .place = token_place::form,
               .refusals = {400, 401}},
     .audience = "aud",
     .subject = "sub",
     .scopes = "scope",
     .expires = "exp",
     .profile = {.path = "/oauth2/v3/userinfo"},
     .profile_subject = "sub",
     .claims = {.tenant = {"hd"}}},

    // It does not tell whose client a token was given to. A user's id is one within his workspace.
    {.name = "slack",
     .issuer = "https://slack.com",
     .api = "https://slack.com/api",
     .profile = {.method = "POST", .path = "/openid.connect.userInfo"},
     .profile_subject = "https://slack.com/user_id",
     .within = "https://slack.com/team_id",
     .scope_field = "X-OAuth-Scopes",
     .success = "ok",
     .errors = {"account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_expired",
                "token_revoked"},
     .claims = {.user_id = {"https://slack.com/user_id"}, .tenant = {"https://slack.com/team_id"}}},
}};

/// The place of a name in the table; the table's size where it is not there.
[[nodiscard]] constexpr std::size_t opaque_place(std::string_view name) noexcept {
  std::size_t place = 0;
  while (place != opaque_rows.size() && opaque_rows[place].name != name) ++place;
  return place;
}

}  // namespace sesame::inline v0
