// What service/metadata.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/service/metadata.hpp"

#include <string>
#include <string_view>

namespace sesame::inline v0::detail {

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

}  // namespace sesame::inline v0::detail
