// What service/guards.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/linkage.hpp"
#include "sesame/service/guards.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE bool is_granted(const principal& caller, std::string_view scope,
                              std::span<const scope_rule> rules) noexcept {
  return caller.scopes.contains(scope) || std::ranges::any_of(rules, [&](const auto& rule) {
           return rule.included == scope && caller.scopes.contains(rule.scope);
         });
}

SESAME_INLINE bool has_entitlement(const principal& caller, std::string_view claim,
                                   std::span<const std::string_view> values) {
  const auto is_one = [&](const std::string& text) {
    return std::ranges::find(values, text) != values.end();
  };
  if (const auto text = caller.claim<std::string>(claim)) return is_one(*text);
  const auto texts = caller.claim<std::vector<std::string>>(claim);
  return texts && std::ranges::any_of(*texts, is_one);
}

}  // namespace sesame::inline v0::detail
