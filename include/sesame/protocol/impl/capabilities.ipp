// What protocol/capabilities.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/members.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/revision.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

namespace protocol::detail {

struct declared_capabilities {
  std::optional<json::value> elicitation, sampling, roots, extensions;
};
inline constexpr std::array<json::wanted_member<declared_capabilities>, 4> capability_table{
    {{"elicitation", &declared_capabilities::elicitation},
     {"sampling", &declared_capabilities::sampling},
     {"roots", &declared_capabilities::roots},
     {"extensions", &declared_capabilities::extensions}}};

}  // namespace protocol::detail

SESAME_INLINE client_capabilities client_capabilities::read(json::object members) noexcept {
  protocol::detail::declared_capabilities declared;
  (void)json::take_members<protocol::detail::capability_table>(members, declared);
  const auto object_in = [](const std::optional<json::value>& member) {
    return member ? json::as_object(*member) : std::nullopt;
  };
  std::uint8_t flags = 0;
  if (const auto asking = object_in(declared.elicitation)) {
    const bool url = json::find_object(*asking, "url").has_value();
    if (url) flags |= elicitation_url;
    if (!url || json::find_object(*asking, "form")) flags |= elicitation_form;
  }
  if (const auto models = object_in(declared.sampling)) {
    flags |= sampling;
    if (json::find_object(*models, "tools")) flags |= sampling_tools;
  }
  if (object_in(declared.roots)) flags |= roots;
  if (const auto extensions = object_in(declared.extensions)) {
    if (json::find_object(*extensions, "io.modelcontextprotocol/tasks")) flags |= tasks;
    const auto pages = json::find_object(*extensions, "io.modelcontextprotocol/ui");
    const auto listed = pages ? json::find(*pages, "mimeTypes") : std::nullopt;
    if (const auto types = listed ? json::as_array(*listed) : std::nullopt)
      for (const auto type : *types)
        if (json::as_string(type) == std::string_view{"text/html;profile=mcp-app"}) flags |= ui;
  }
  return client_capabilities{flags};
}

SESAME_INLINE std::string client_capabilities::to_json() const {
  std::string text = "{";
  const auto member = [&](std::string_view json) {
    if (text.size() > 1) text += ',';
    text += json;
  };
  const bool form = (flags_ & elicitation_form) != 0;
  if ((flags_ & elicitation_url) != 0)
    member(form ? R"("elicitation":{"form":{},"url":{}})" : R"("elicitation":{"url":{}})");
  else if (form)
    member(R"("elicitation":{})");
  if ((flags_ & sampling_tools) != 0)
    member(R"("sampling":{"tools":{}})");
  else if ((flags_ & sampling) != 0)
    member(R"("sampling":{})");
  if ((flags_ & roots) != 0) member(R"("roots":{})");
  if ((flags_ & (tasks | ui)) != 0) {
    member(R"("extensions":{)");
    if ((flags_ & tasks) != 0) text += R"("io.modelcontextprotocol/tasks":{})";
    if ((flags_ & tasks) != 0 && (flags_ & ui) != 0) text += ',';
    if ((flags_ & ui) != 0)
      text += R"("io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]})";
    text += '}';
  }
  return text + "}";
}

}  // namespace sesame::inline v0

namespace sesame::inline v0::protocol {

SESAME_INLINE void write(const server_capabilities& offered, const revision& wire,
                         json::writer& out) {
  const std::string_view changes = offered.list_changed ? R"("listChanged":true)" : "";
  out.raw(R"({"logging":{})");
  if (offered.completions && wire.tool_annotations) out.raw(R"(,"completions":{})");
  if (offered.prompts) {
    out.raw(R"(,"prompts":{)");
    out.raw(changes);
    out.raw('}');
  }
  if (offered.resources) {
    out.raw(R"(,"resources":{)");
    if (offered.subscribe) out.raw(R"("subscribe":true)");
    if (offered.subscribe && offered.list_changed) out.raw(',');
    out.raw(changes);
    out.raw('}');
  }
  if (offered.tools) {
    out.raw(R"(,"tools":{)");
    out.raw(changes);
    out.raw('}');
  }
  if (offered.tasks && wire.tasks == task_form::core)
    out.raw(R"(,"tasks":{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}})");
  if (offered.tasks && wire.tasks == task_form::extension)
    out.raw(R"(,"extensions":{"io.modelcontextprotocol/tasks":{}})");
  out.raw('}');
}

}  // namespace sesame::inline v0::protocol
