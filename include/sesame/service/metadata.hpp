// The tags that tell a client more of a tool, resource or prompt than its name and description.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/service/policies.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// A picture to show beside the name; several may be given. `Sizes` are parted by spaces, as in
/// "48x48 96x96", or "any".
template <fixed_string Src, fixed_string MimeType = "", fixed_string Sizes = "",
          icon_theme Theme = icon_theme::any>
struct with_icon {};

/// The members `_meta` of an item, as the text of a JSON object. Checked when the server starts.
template <fixed_string Json>
struct with_meta {};

/// Who a tool with a page is for: the model, the page itself, or both.
enum class ui_visibility : std::uint8_t { both, model, app };

/// The page that shows a tool's results (MCP Apps, extension `io.modelcontextprotocol/ui`): the
/// `ui://` URI of a resource of the same server, which holds an HTML5 document. It is named to every
/// client, for lists are the same for all; a client without the extension shows the content of the
/// result, as ever. What the page may load is said by `with_meta` on its resource.
template <fixed_string Uri, ui_visibility Visibility = ui_visibility::both>
struct ui {};

/// The MIME type of a resource, where what its function returns does not say another.
template <fixed_string Type>
struct mime_type {};

/// The size of a resource in bytes, where it is always the same.
template <std::uint64_t Bytes>
struct resource_size {};

/// A resource that is for the user, as far as the client is asked.
struct for_user {};

/// A resource that is for the model.
struct for_assistant {};

/// How much a resource matters, in percent: 100 is as good as required.
template <unsigned Percent>
struct priority {};

/// When a resource was changed last: an RFC 3339 time.
template <fixed_string Time>
struct last_modified {};

namespace detail {

template <fixed_string Src, fixed_string MimeType, fixed_string Sizes, icon_theme Theme>
struct policy_traits<with_icon<Src, MimeType, Sizes, Theme>> : kind_of<policy_kind::icon> {
  static_assert(is_icon_source(Src.view()),
                "sesame: clients take icons from https: and data: URIs alone");
  static icon made() {
    icon one{std::string{Src.view()}, std::string{MimeType.view()}, {}, Theme};
    for (auto rest = Sizes.view(); !rest.empty();) {
      const auto size = rest.substr(0, net::detail::find_any(rest, " "));
      one.sizes.emplace_back(size);
      rest.remove_prefix(size.size() == rest.size() ? size.size() : size.size() + 1);
    }
    return one;
  }
};

template <fixed_string Json>
struct policy_traits<with_meta<Json>> : text_policy<policy_kind::meta, Json> {};
template <fixed_string Uri, ui_visibility Visibility>
struct policy_traits<ui<Uri, Visibility>> : text_policy<policy_kind::ui, Uri> {
  static_assert(Uri.view().starts_with("ui://"), "sesame: the URI of a page begins with ui://");
  static constexpr ui_visibility visibility = Visibility;
};
template <fixed_string Type>
struct policy_traits<mime_type<Type>> : text_policy<policy_kind::mime_type, Type> {
  static_assert(net::detail::find_any(Type.view(), "/") != std::string_view::npos &&
                    net::detail::find_any(Type.view(), " \t\r\n") == std::string_view::npos,
                "sesame: a MIME type is such as \"text/markdown\"");
};
template <std::uint64_t Bytes>
struct policy_traits<resource_size<Bytes>> : kind_of<policy_kind::size> {
  static constexpr std::uint64_t bytes = Bytes;
};
template <>
struct policy_traits<for_user> : kind_of<policy_kind::annotation> {
  static void annotate(content_annotations& to) { to.for_user = true; }
};
template <>
struct policy_traits<for_assistant> : kind_of<policy_kind::annotation> {
  static void annotate(content_annotations& to) { to.for_assistant = true; }
};
template <unsigned Percent>
struct policy_traits<priority<Percent>> : kind_of<policy_kind::annotation> {
  static_assert(Percent <= 100, "sesame: a priority is from 0 to 100 percent");
  static void annotate(content_annotations& to) { to.priority = Percent / 100.0; }
};
template <fixed_string Time>
struct policy_traits<last_modified<Time>> : kind_of<policy_kind::annotation> {
  static void annotate(content_annotations& to) { to.last_modified = Time.view(); }
};

// The pages of MCP Apps.
inline constexpr std::string_view page_type = "text/html;profile=mcp-app";
constexpr bool is_page(std::string_view uri) noexcept {
  return uri.starts_with("ui://");
}

// What the policies of a list come to.

template <class... P>
std::vector<icon> icons_of(meta::types<P...>) {
  return {policy_traits<P>::made()...};
}
template <class... P>
content_annotations annotations_of(meta::types<P...>) {
  content_annotations all;
  (policy_traits<P>::annotate(all), ...);
  return all;
}
// The text of the one policy in a list, or nothing.
template <class List>
inline constexpr std::string_view text_of_policy{};
template <class P>
inline constexpr std::string_view text_of_policy<meta::types<P>> = policy_traits<P>::view();
template <class List>
inline constexpr ui_visibility visibility_of_policy = ui_visibility::both;
template <class P>
inline constexpr ui_visibility visibility_of_policy<meta::types<P>> = policy_traits<P>::visibility;
template <class List>
inline constexpr std::uint64_t size_of_policy = 0;
template <class P>
inline constexpr std::uint64_t size_of_policy<meta::types<P>> = policy_traits<P>::bytes;

/// The text of an item's `_meta` with one more member, whose value is JSON.
std::string with_member(std::string_view meta, std::string_view name, std::string_view value);

/// What is said of a tool's page.
std::string page_member(std::string_view uri, ui_visibility visibility);

}  // namespace detail
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/metadata.ipp"
#endif
