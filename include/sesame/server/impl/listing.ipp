// What server/listing.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/server/listing.hpp"
#include "sesame/service/entry.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE void begin_definition(const entry& item, const protocol::revision& wire,
                                    json::writer& out) {
  out.raw(R"({"name":)");
  out.string(item.name);
  if (wire.titles && !item.title.empty()) protocol::detail::member(out, "title", item.title);
  protocol::detail::member(out, "description", item.description);
}

SESAME_INLINE void end_definition(const entry& item, const protocol::revision& wire,
                                  json::writer& out) {
  protocol::write_icons(item.icons, wire, out);
  protocol::detail::write_meta(item.meta, wire, out);
  out.raw('}');
}

SESAME_INLINE void write_definition(const tool_entry& tool, const protocol::revision& wire,
                                    json::writer& out) {
  begin_definition(tool, wire, out);
  out.raw(R"(,"inputSchema":)");
  out.raw(tool.input_schema);
  if (wire.titles && !tool.output_schema.empty() &&
      (wire.any_structured_content || tool.output_is_object)) {
    out.raw(R"(,"outputSchema":)");
    out.raw(tool.output_schema);
  }
  const bool title_as_hint = !wire.titles && !tool.title.empty();
  if (wire.tool_annotations && (!tool.hints.empty() || title_as_hint)) {
    out.raw(R"(,"annotations":{)");
    if (title_as_hint) {
      out.raw(R"("title":)");
      out.string(tool.title);
    }
    for (std::size_t i = 0; i < tool.hints.size(); ++i) {
      if (i != 0 || title_as_hint) out.raw(',');
      out.raw(tool.hints[i]);
    }
    out.raw('}');
  }
  if (wire.titles && !tool.security.empty()) {
    out.raw(R"(,"securitySchemes":)");
    out.raw(tool.security);
  }
  if (tool.tasks != task_support::forbidden && wire.tasks == protocol::task_form::core) {
    out.raw(R"(,"execution":{"taskSupport":")");
    out.raw(meta::enum_name(tool.tasks));
    out.raw("\"}");
  }
  end_definition(tool, wire, out);
}

SESAME_INLINE void write_definition(const resource_entry& resource, const protocol::revision& wire,
                                    json::writer& out) {
  begin_definition(resource, wire, out);
  const bool is_template = resource.key.find('{') != std::string_view::npos;
  protocol::detail::member(out, is_template ? "uriTemplate" : "uri", resource.key);
  if (!resource.mime_type.empty()) protocol::detail::member(out, "mimeType", resource.mime_type);
  if (resource.size) {
    out.raw(R"(,"size":)");
    out.number(*resource.size);
  }
  protocol::detail::write_annotations(resource.annotations, wire, out);
  end_definition(resource, wire, out);
}

SESAME_INLINE void write_definition(const prompt_entry& prompt, const protocol::revision& wire,
                                    json::writer& out) {
  begin_definition(prompt, wire, out);
  for (const auto& argument : prompt.arguments) {
    out.raw(&argument == prompt.arguments.data() ? std::string_view{R"(,"arguments":[)"}
                                                 : std::string_view{","});
    out.raw(R"({"name":)");
    out.string(argument.name);
    if (!argument.description.empty())
      protocol::detail::member(out, "description", argument.description);
    out.raw(R"(,"required":)");
    out.boolean(argument.required);
    out.raw('}');
  }
  if (!prompt.arguments.empty()) out.raw(']');
  end_definition(prompt, wire, out);
}

SESAME_INLINE std::optional<std::size_t> listing::write_page(
    std::size_t begin, std::size_t most, const protocol::revision& wire, json::writer& out,
    bool (*shown)(const principal* caller, const entry& item), const principal* caller) const {
  const auto& text = texts_[protocol::index_of(wire)];
  std::optional<std::size_t> next;
  std::size_t count = 0;
  bool some = false;
  // The items from `first` to before `last`.
  const auto copy = [&](std::size_t first, std::size_t last) {
    if (first == last) return;
    if (std::exchange(some, true)) out.raw(',');
    const auto from = text.starts[first];
    out.raw(std::string_view{text.all}.substr(from, text.starts[last] - 1 - from));
  };
  out.raw('[');
  std::size_t first = begin;
  std::size_t i = begin;
  for (; i < items_.size(); ++i) {
    if (!items_[i]->enabled.on() || (shown != nullptr && !shown(caller, *items_[i]))) {
      copy(first, i);
      first = i + 1;
    } else if (most != 0 && count == most) {
      next = i;
      break;
    } else {
      ++count;
    }
  }
  copy(first, i);
  out.raw(']');
  return next;
}

SESAME_INLINE std::optional<std::size_t> listing::open(std::string_view cursor,
                                                       const auth::sealer& sealer) const {
  const auto text = sealer.open(cursor, use());
  if (!text) return std::nullopt;
  std::size_t place = 0;
  const auto end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, place);
  if (read.ec != std::errc{} || read.ptr != end || place >= size()) return std::nullopt;
  return place;
}

}  // namespace sesame::inline v0::detail
