// Pictures that a client may show beside the name of a server, a tool, a prompt or a resource.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/protocol/revision.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// The background that an icon is made for.
enum class icon_theme : std::uint8_t { any, light, dark };

/// One picture in one or more sizes. `src` is an `https:` or `data:` URI; a client takes other
/// schemes for an attack.
struct icon {
  std::string src;
  std::string mime_type{};           ///< empty: the client finds out
  std::vector<std::string> sizes{};  ///< such as "48x48", or "any"
  icon_theme theme = icon_theme::any;
};

/// Whether clients take an icon from there.
[[nodiscard]] constexpr bool is_icon_source(std::string_view src) noexcept {
  for (const std::string_view scheme : {"https:", "data:"})
    if (src.starts_with(scheme) && src.size() > scheme.size()) return true;
  return false;
}

namespace protocol {

/// Writes the member `icons` behind others, for a revision that has it.
inline void write_icons(std::span<const icon> icons, const revision& wire, json::writer& out) {
  if (icons.empty() || !wire.icons) return;
  out.raw(R"(,"icons":[)");
  for (const auto& one : icons) {
    if (&one != icons.data()) out.raw(',');
    out.raw(R"({"src":)");
    out.string(one.src);
    if (!one.mime_type.empty()) {
      out.raw(R"(,"mimeType":)");
      out.string(one.mime_type);
    }
    for (const auto& size : one.sizes) {
      out.raw(&size == one.sizes.data() ? std::string_view{R"(,"sizes":[)"}
                                        : std::string_view{","});
      out.string(size);
    }
    if (!one.sizes.empty()) out.raw(']');
    if (one.theme != icon_theme::any)
      out.raw(one.theme == icon_theme::light ? std::string_view{R"(,"theme":"light")"}
                                             : std::string_view{R"(,"theme":"dark")"});
    out.raw('}');
  }
  out.raw(']');
}

}  // namespace protocol
}  // namespace sesame::inline v0
