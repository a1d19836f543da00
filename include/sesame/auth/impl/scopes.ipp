// What auth/scopes.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/scopes.hpp"
#include "sesame/auth/text_set.hpp"
#include "sesame/linkage.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE scope_set scope_set::parse(std::string_view list) {
  std::vector<std::string> tokens;
  while (!list.empty()) {
    const auto token = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(token.size() + 1, list.size()));
    if (is_scope_token(token)) tokens.emplace_back(token);
  }
  scope_set parsed;
  parsed.tokens_ = text_set{std::move(tokens)};
  return parsed;
}

SESAME_INLINE std::string scope_set::text() const {
  std::string list;
  for (const auto& token : tokens()) {
    if (!list.empty()) list += ' ';
    list += token;
  }
  return list;
}

}  // namespace sesame::inline v0
