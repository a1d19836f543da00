// What a client and a server declare that they can do.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/revision.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// The capabilities of a client, as one set of flags.
class client_capabilities {
 public:
  enum flag : std::uint8_t {
    elicitation_form = 1,
    elicitation_url = 2,
    sampling = 4,
    sampling_tools = 8,
    roots = 16,
    tasks = 32,  ///< the extension, which sessions do not have
  };

  client_capabilities() = default;
  explicit constexpr client_capabilities(std::uint8_t flags) noexcept : flags_(flags) {}

  /// Reads a `ClientCapabilities` object. `"elicitation": {}` declares the form mode alone.
  [[nodiscard]] static client_capabilities read(json::object declared) noexcept {
    std::uint8_t flags = 0;
    if (const auto asking = json::find_object(declared, "elicitation")) {
      const bool url = json::find_object(*asking, "url").has_value();
      if (url) flags |= elicitation_url;
      if (!url || json::find_object(*asking, "form")) flags |= elicitation_form;
    }
    if (const auto models = json::find_object(declared, "sampling")) {
      flags |= sampling;
      if (json::find_object(*models, "tools")) flags |= sampling_tools;
    }
    if (json::find_object(declared, "roots")) flags |= roots;
    if (const auto extensions = json::find_object(declared, "extensions"))
      if (json::find_object(*extensions, "io.modelcontextprotocol/tasks")) flags |= tasks;
    return client_capabilities{flags};
  }

  /// Whether all of the other set are in this one.
  [[nodiscard]] constexpr bool covers(client_capabilities needed) const noexcept {
    return (flags_ & needed.flags_) == needed.flags_;
  }
  /// Both sets together.
  [[nodiscard]] constexpr client_capabilities with(client_capabilities more) const noexcept {
    return client_capabilities{static_cast<std::uint8_t>(flags_ | more.flags_)};
  }
  /// What of this set a revision knows of: the rest cannot be used in it, whatever a client says.
  [[nodiscard]] constexpr client_capabilities known_to(
      const protocol::revision& wire) const noexcept {
    auto known = flags_;
    if (wire.elicitation == protocol::elicitation_modes::none) known &= ~elicitation_form;
    if (wire.elicitation != protocol::elicitation_modes::form_and_url) known &= ~elicitation_url;
    if (!wire.sampling_tools) known &= ~sampling_tools;
    if (wire.tasks != protocol::task_form::extension) known &= ~tasks;
    return client_capabilities{static_cast<std::uint8_t>(known)};
  }
  [[nodiscard]] constexpr bool empty() const noexcept { return flags_ == 0; }

  /// The set as a `ClientCapabilities` object, as error -32021 names what is missing.
  [[nodiscard]] std::string to_json() const {
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
    if ((flags_ & tasks) != 0) member(R"("extensions":{"io.modelcontextprotocol/tasks":{}})");
    return text + "}";
  }

  friend bool operator==(client_capabilities, client_capabilities) = default;

 private:
  std::uint8_t flags_ = 0;
};

namespace protocol {

/// What a server has to offer. Follows from what it is made of.
struct server_capabilities {
  bool tools = false;
  bool resources = false;
  bool prompts = false;
  bool completions = false;
  bool tasks = false;         ///< some tool's call can be a task
  bool list_changed = false;  ///< tells when a list of these has changed
  bool subscribe = false;     ///< tells when a resource has changed
};

/// Writes the `ServerCapabilities` object, with the members that the revision knows.
inline void write(const server_capabilities& offered, const revision& wire, json::writer& out) {
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

}  // namespace protocol

}  // namespace sesame::inline v0
