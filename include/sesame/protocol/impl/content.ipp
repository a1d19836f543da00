// What protocol/content.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/revision.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sesame::inline v0::protocol::detail {

SESAME_INLINE void member(json::writer& out, std::string_view key, std::string_view text) {
  out.raw(",\"");
  out.raw(key);
  out.raw("\":");
  out.string(text);
}

SESAME_INLINE void base64_member(json::writer& out, std::string_view key, std::string_view bytes) {
  out.raw(",\"");
  out.raw(key);
  out.raw("\":\"");
  json::append_base64(out.text(), bytes);
  out.raw('"');
}

SESAME_INLINE void write_annotations(const content_annotations& a, const revision& wire,
                                     json::writer& out) {
  const bool modified = wire.titles && !a.last_modified.empty();
  if (!a.for_user && !a.for_assistant && !a.priority && !modified) return;
  out.raw(R"(,"annotations":{)");
  std::string_view comma;
  if (a.for_user || a.for_assistant) {
    out.raw(R"("audience":[)");
    if (a.for_user) out.raw(R"("user")");
    if (a.for_user && a.for_assistant) out.raw(',');
    if (a.for_assistant) out.raw(R"("assistant")");
    out.raw(']');
    comma = ",";
  }
  if (a.priority) {
    out.raw(comma);
    out.raw(R"("priority":)");
    out.number(*a.priority);
    comma = ",";
  }
  if (modified) {
    out.raw(comma);
    out.raw(R"("lastModified":)");
    out.string(a.last_modified);
  }
  out.raw('}');
}

SESAME_INLINE bool is_meta_key(std::string_view key) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto alphanumeric = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  const auto all = [&](std::string_view text, std::string_view marks) {
    return std::ranges::all_of(
        text, [&](char c) { return alphanumeric(c) || marks.find(c) != std::string_view::npos; });
  };
  const auto slash = key.rfind('/');
  const auto name = slash == std::string_view::npos ? key : key.substr(slash + 1);
  if (!name.empty() &&
      (!alphanumeric(name.front()) || !alphanumeric(name.back()) || !all(name, "-_.")))
    return false;
  if (slash == std::string_view::npos) return !name.empty();
  auto prefix = key.substr(0, slash);
  for (std::size_t place = 0;; ++place) {
    const auto label = prefix.substr(0, prefix.find('.'));
    if (label.empty() || !letter(label.front()) || !alphanumeric(label.back()) || !all(label, "-"))
      return false;
    if (place == 1 && (label == "modelcontextprotocol" || label == "mcp")) return false;
    if (label.size() == prefix.size()) return true;
    prefix.remove_prefix(label.size() + 1);
  }
}

SESAME_INLINE void write_meta(std::string_view meta, const revision& wire, json::writer& out) {
  if (meta.empty() || !wire.titles) return;
  json::document document{{.size = std::max(meta.size(), std::size_t{1024})}};
  const auto parsed = document.parse(meta);
  const auto members = parsed ? json::as_object(*parsed) : std::nullopt;
  if (!members) return out.fail();
  for (const auto one : *members)
    if (!is_meta_key(one.key)) return out.fail();
  out.raw(R"(,"_meta":)");
  out.copy(*parsed);
}

SESAME_INLINE void write_held(std::string_view uri, std::string_view mime_type,
                              std::string_view data, bool binary, json::writer& out) {
  out.raw(R"("uri":)");
  out.string(uri);
  if (!mime_type.empty()) member(out, "mimeType", mime_type);
  if (binary)
    base64_member(out, "blob", data);
  else
    member(out, "text", data);
}

SESAME_INLINE void content_writer::operator()(const text_content& block) const {
  out.raw(R"({"type":"text","text":)");
  out.string(block.text);
  end(block);
}

SESAME_INLINE void content_writer::operator()(const image_content& block) const {
  out.raw(R"({"type":"image")");
  base64_member(out, "data", block.data);
  member(out, "mimeType", block.mime_type);
  end(block);
}

SESAME_INLINE void content_writer::operator()(const audio_content& block) const {
  if (!wire.tool_annotations) {
    (*this)(embedded_resource{"data:" + block.mime_type, block.mime_type, block.data, true,
                              block.annotations, block.meta});
    return;
  }
  out.raw(R"({"type":"audio")");
  base64_member(out, "data", block.data);
  member(out, "mimeType", block.mime_type);
  end(block);
}

SESAME_INLINE void content_writer::operator()(const resource_link& block) const {
  if (!wire.titles) {
    std::string text = block.name;
    text += ": ";
    text += block.uri;
    (*this)(text_content{std::move(text), block.annotations, block.meta});
    return;
  }
  out.raw(R"({"type":"resource_link")");
  member(out, "uri", block.uri);
  member(out, "name", block.name);
  if (!block.title.empty()) member(out, "title", block.title);
  if (!block.description.empty()) member(out, "description", block.description);
  if (!block.mime_type.empty()) member(out, "mimeType", block.mime_type);
  if (block.size) {
    out.raw(R"(,"size":)");
    out.number(*block.size);
  }
  write_icons(block.icons, wire, out);
  end(block);
}

SESAME_INLINE void content_writer::operator()(const embedded_resource& block) const {
  out.raw(R"({"type":"resource","resource":{)");
  // Here the specification wants one: what is nothing else is a text, or bytes.
  const std::string_view otherwise = block.binary ? "application/octet-stream" : "text/plain";
  write_held(block.uri, block.mime_type.empty() ? otherwise : block.mime_type, block.data,
             block.binary, out);
  out.raw('}');
  end(block);
}

}  // namespace sesame::inline v0::protocol::detail

namespace sesame::inline v0::protocol {

SESAME_INLINE void write(const content& block, const revision& wire, json::writer& out) {
  std::visit(detail::content_writer{wire, out}, block);
}

}  // namespace sesame::inline v0::protocol
