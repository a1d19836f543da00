// What a client and a server declare that they can do.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/revision.hpp"

#include <cstdint>
#include <string>

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
    ui = 64,     ///< MCP Apps: shows pages of the one type that there is
  };

  client_capabilities() = default;
  explicit constexpr client_capabilities(std::uint8_t flags) noexcept : flags_(flags) {}

  /// Reads a `ClientCapabilities` object. `"elicitation": {}` declares the form mode alone.
  [[nodiscard]] static client_capabilities read(json::object declared) noexcept;

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
  [[nodiscard]] std::string to_json() const;

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
void write(const server_capabilities& offered, const revision& wire, json::writer& out);

}  // namespace protocol

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/capabilities.ipp"
#endif
