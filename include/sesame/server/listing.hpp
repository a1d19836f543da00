// The lists of what a server offers: their texts, made once for each revision, and the pages they
// are given out by.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/service/entry.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace sesame::inline v0::detail {

// The definition of an item as a list has it. What a revision does not know is left out.

inline void begin_definition(const entry& item, const protocol::revision& wire, json::writer& out) {
  out.raw(R"({"name":)");
  out.string(item.name);
  if (wire.titles && !item.title.empty()) protocol::detail::member(out, "title", item.title);
  protocol::detail::member(out, "description", item.description);
}

inline void end_definition(const entry& item, const protocol::revision& wire, json::writer& out) {
  protocol::write_icons(item.icons, wire, out);
  protocol::detail::write_meta(item.meta, wire, out);
  out.raw('}');
}

inline void write_definition(const tool_entry& tool, const protocol::revision& wire,
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
  if (tool.tasks != task_support::forbidden && wire.tasks == protocol::task_form::core) {
    out.raw(R"(,"execution":{"taskSupport":")");
    out.raw(meta::enum_name(tool.tasks));
    out.raw("\"}");
  }
  end_definition(tool, wire, out);
}

// A template has a brace in it, which no URI has.
inline void write_definition(const resource_entry& resource, const protocol::revision& wire,
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

inline void write_definition(const prompt_entry& prompt, const protocol::revision& wire,
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

/// One list. The places of its items never change, whatever is switched off, so a cursor is good for
/// as long as the program.
class listing {
 public:
  listing() = default;

  /// `member` is the list's name in the result. The entries must stay where they are.
  template <class Entry>
  listing(const std::vector<Entry>& entries, std::string_view member) : member_(member) {
    for (const auto& one : entries) {
      items_.push_back(&one);
      for (std::size_t i = 0; i < protocol::revisions.size(); ++i) {
        json::writer out{texts_[i].emplace_back()};
        write_definition(one, protocol::revisions[i], out);
        if (out.failed())
          throw configuration_error(std::string{one.name},
                                    "with_meta takes the text of a JSON object");
      }
    }
  }

  [[nodiscard]] std::string_view member() const noexcept { return member_; }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

  /// Writes the items from a place on that are switched on, `most` of them at most (0: all), as an
  /// array. Returns the place where the next page begins, if there is one.
  std::optional<std::size_t> write_page(std::size_t begin, std::size_t most,
                                        const protocol::revision& wire, json::writer& out) const {
    const auto& texts = texts_[protocol::index_of(wire)];
    std::optional<std::size_t> next;
    std::size_t written = 0;
    out.raw('[');
    for (std::size_t i = begin; i < items_.size() && !next; ++i) {
      if (!items_[i]->enabled.on()) continue;
      if (most != 0 && written == most) {
        next = i;
        continue;
      }
      if (written++ != 0) out.raw(',');
      out.raw(texts[i]);
    }
    out.raw(']');
    return next;
  }

  /// A place as a text that nobody else can make, and that is nothing to another list.
  [[nodiscard]] std::string seal(std::size_t place, const auth::sealer& sealer) const {
    return sealer.seal(std::to_string(place), use());
  }
  [[nodiscard]] std::optional<std::size_t> open(std::string_view cursor,
                                                const auth::sealer& sealer) const {
    const auto text = sealer.open(cursor, use());
    if (!text) return std::nullopt;
    std::size_t place = 0;
    const auto end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, place);
    if (read.ec != std::errc{} || read.ptr != end || place >= size()) return std::nullopt;
    return place;
  }

 private:
  [[nodiscard]] std::string use() const { return "sesame cursor 1 " + std::string{member_}; }

  std::string_view member_;
  std::vector<const entry*> items_;
  std::array<std::vector<std::string>, protocol::revisions.size()> texts_;
};

}  // namespace sesame::inline v0::detail
