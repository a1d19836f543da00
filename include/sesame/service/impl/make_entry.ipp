// What service/make_entry.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/guards.hpp"
#include "sesame/service/make_entry.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE std::vector<scope_rule> closure(std::vector<scope_rule> rules) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    for (std::size_t j = 0; j < rules.size(); ++j) {
      const auto joined = [&](const scope_rule& one, const scope_rule& next) {
        const scope_rule both{one.scope, next.included};
        if (one.included == next.scope && std::ranges::find(rules, both) == rules.end())
          rules.push_back(both);
      };
      joined(scope_rule{rules[i]}, scope_rule{rules[j]});
      joined(scope_rule{rules[j]}, scope_rule{rules[i]});
    }
  return rules;
}

SESAME_INLINE std::string security_schemes(const entry& item, bool knows_anybody) {
  const bool closed = !item.providers.empty();
  std::string text = "[";
  if (!closed) text += R"({"type":"noauth"})";
  if (!closed && knows_anybody) text += ',';
  if (closed || knows_anybody) {
    json::writer out{text};
    out.raw(R"({"type":"oauth2","scopes":[)");
    for (const auto& scope : item.scopes) {
      if (&scope != item.scopes.data()) out.raw(',');
      out.string(scope);
    }
    out.raw("]}");
  }
  text += ']';
  return text;
}

}  // namespace sesame::inline v0::detail
