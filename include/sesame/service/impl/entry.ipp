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

SESAME_INLINE void answer_fault(invocation& call, std::string_view what) {
  if (call.channel.cancelled()) return call.reply.discard();
  const auto id = call.channel.report_fault(what);
  call.reply.error({protocol::error_kind::internal, {}, R"({"correlationId":")" + id + "\"}"});
}

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

SESAME_INLINE std::string with_member(std::string_view meta, std::string_view name,
                                      std::string_view value) {
  std::string text = "{";
  json::writer{text}.string(name);
  text += ':';
  text += value;
  // What is no object there is refused with the whole, where the list is made.
  const auto own = meta.substr(meta.find('{') == std::string_view::npos ? 0 : meta.find('{') + 1);
  if (own.find_first_not_of(" \t\r\n}") != std::string_view::npos) text += ',';
  text += meta.empty() ? "}" : own;
  return text;
}

SESAME_INLINE std::string page_member(std::string_view uri, ui_visibility visibility) {
  std::string text = R"({"resourceUri":)";
  json::writer{text}.string(uri);
  if (visibility == ui_visibility::model) text += R"(,"visibility":["model"])";
  if (visibility == ui_visibility::app) text += R"(,"visibility":["app"])";
  text += '}';
  return text;
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
