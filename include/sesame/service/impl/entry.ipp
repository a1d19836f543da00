// What service/entry.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/service/entry.hpp"

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

SESAME_INLINE std::string with_page(std::string_view meta, std::string_view uri,
                                    ui_visibility visibility) {
  std::string text = R"({"ui":{"resourceUri":)";
  json::writer{text}.string(uri);
  if (visibility == ui_visibility::model) text += R"(,"visibility":["model"])";
  if (visibility == ui_visibility::app) text += R"(,"visibility":["app"])";
  text += '}';
  // What is no object there is refused with the whole, where the list is made.
  const auto own = meta.substr(meta.find('{') == std::string_view::npos ? 0 : meta.find('{') + 1);
  if (own.find_first_not_of(" \t\r\n}") != std::string_view::npos) text += ',';
  text += meta.empty() ? "}" : own;
  return text;
}

}  // namespace sesame::inline v0::detail
