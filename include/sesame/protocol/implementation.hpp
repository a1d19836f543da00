// Who a peer says it is.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/revision.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// A client's or server's name for itself (`Implementation` of the specification). What a client
/// says here is a claim: nothing may be decided by it.
struct implementation {
  std::string name;
  std::string version;
  std::string title{};        ///< for people; empty for none
  std::string description{};  ///< empty for none
  std::string website_url{};  ///< empty for none
  std::vector<icon> icons{};  ///< not read of a client
};

namespace protocol {

/// Writes the object, with the members that the revision knows.
inline void write(const implementation& who, const revision& wire, json::writer& out) {
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

/// What a client says of itself; nothing where that is no object with a name.
[[nodiscard]] inline std::optional<implementation> read_implementation(json::value v) {
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

}  // namespace protocol
}  // namespace sesame::inline v0
