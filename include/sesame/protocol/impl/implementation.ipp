// What protocol/implementation.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::protocol {

SESAME_INLINE void write(const implementation& who, const revision& wire, json::writer& out) {
  out.raw(R"({"name":)");
  out.string(who.name);
  const auto member = [&](std::string_view key, const std::string& text) {
    if (text.empty()) return;
    out.raw(",\"");
    out.raw(key);
    out.raw("\":");
    out.string(text);
  };
  out.raw(R"(,"version":)");
  out.string(who.version);
  if (wire.titles) member("title", who.title);
  if (wire.icons) {
    member("description", who.description);
    member("websiteUrl", who.website_url);
  }
  write_icons(who.icons, wire, out);
  out.raw('}');
}

SESAME_INLINE std::optional<implementation> read_implementation(json::value v) {
  const auto members = json::as_object(v);
  if (!members) return std::nullopt;
  const auto text = [&](std::string_view key) {
    return std::string{json::find_string(*members, key).value_or(std::string_view{})};
  };
  implementation who{text("name"),        text("version"),    text("title"),
                     text("description"), text("websiteUrl"), {}};
  if (who.name.empty()) return std::nullopt;
  return who;
}

}  // namespace sesame::inline v0::protocol
