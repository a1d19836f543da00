// What auth/claim_map.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claim_map.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/auth/text_set.hpp"
#include "sesame/auth/user_info.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth::detail {

SESAME_INLINE std::optional<std::string> as_text(json::value claim) {
  if (const auto text = json::as_string(claim)) return std::string{*text};
  if (std::uint64_t number = 0; claim.get(number)) return std::to_string(number);
  if (std::int64_t number = 0; claim.get(number)) return std::to_string(number);
  return std::nullopt;
}

SESAME_INLINE std::optional<text_set> as_text_set(json::value claim) {
  std::vector<std::string> texts;
  const auto items = json::as_array(claim);
  if (!items) {
    if (auto text = as_text(claim)) texts.push_back(*std::move(text));
    return texts.empty() ? std::nullopt : std::optional{text_set{std::move(texts)}};
  }
  // What is no text grants nothing.
  for (const auto item : *items)
    if (auto text = as_text(item)) texts.push_back(*std::move(text));
  return text_set{std::move(texts)};
}

SESAME_INLINE std::string read_text(json::object claims, const claim_places& places) {
  for (const auto place : places)
    if (const auto claim = find_claim(claims, place))
      if (auto text = as_text(*claim); text && !text->empty()) return *std::move(text);
  return {};
}

SESAME_INLINE text_set read_texts(json::object claims, const claim_places& places) {
  for (const auto place : places)
    if (const auto claim = find_claim(claims, place))
      if (auto texts = as_text_set(*claim)) return *std::move(texts);
  return {};
}

SESAME_INLINE bool read_truth(json::object claims, const claim_places& places) {
  for (const auto place : places)
    if (const auto claim = find_claim(claims, place)) {
      bool truth = false;
      if (claim->get(truth)) return truth;
      if (const auto text = json::as_string(*claim)) return *text == "true";
    }
  return false;
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE void map_claims(json::object claims, const claim_map& map, principal& caller) {
  struct row {
    claim_places claim_map::* places;
    std::string user_info::* field;
  };
  static constexpr std::array<row, 9> rows{{
      {&claim_map::user_id, &user_info::user_id},
      {&claim_map::email, &user_info::email},
      {&claim_map::name, &user_info::name},
      {&claim_map::first_name, &user_info::first_name},
      {&claim_map::last_name, &user_info::last_name},
      {&claim_map::username, &user_info::username},
      {&claim_map::nickname, &user_info::nickname},
      {&claim_map::picture, &user_info::picture},
      {&claim_map::tenant, &user_info::tenant},
  }};
  if (auto client = detail::read_text(claims, map.client_id); !client.empty())
    caller.client_id = std::move(client);
  for (const auto& [places, field] : rows)
    caller.user.*field = detail::read_text(claims, map.*places);
  caller.user.email_verified = detail::read_truth(claims, map.email_verified);
  caller.roles = detail::read_texts(claims, map.roles);
  caller.permissions = detail::read_texts(claims, map.permissions);
  const auto mark =
      map.machine.place.empty() ? std::nullopt : find_claim(claims, map.machine.place);
  caller.is_machine = (!caller.client_id.empty() && caller.subject == caller.client_id) ||
                      (mark && json::as_string(*mark) == map.machine.text);
}

SESAME_INLINE bool is_identifying(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

}  // namespace sesame::inline v0::auth
