// A tool, resource or prompt as the server sees it, with its types left behind: one row of the
// dispatch table.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/fwd.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/json/value.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/service/guards.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/mcp_header.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/primitive.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sesame::inline v0::detail {

/// What is asked of the user before a function runs.
struct form_entry {
  std::string_view key;
  std::string_view message;
  std::string_view schema;
  std::optional<std::string> (*check)(json::value answer);  ///< as of `client_question`
};

/// How one argument is completed: out of what an enumeration has, by a function, or not at all.
struct completer {
  std::string_view argument;
  std::span<const std::string_view> choices{};
  std::optional<task<>> (*invoke)(void* service, invocation& call) = nullptr;

  [[nodiscard]] bool completes() const noexcept { return invoke != nullptr || !choices.empty(); }
};

/// Something that any thread may switch off and on while others look at it.
class toggle {
 public:
  toggle() = default;
  toggle(const toggle& other) noexcept : on_(other.on()) {}
  toggle& operator=(const toggle&) = delete;

  [[nodiscard]] bool on() const noexcept { return on_.load(std::memory_order_relaxed); }
  /// Whether that was a change.
  bool turn(bool on) noexcept { return on_.exchange(on) != on; }

 private:
  std::atomic<bool> on_ = true;
};

/// What all kinds have.
struct entry {
  std::string_view key;  ///< what clients ask for it by: a name, a URI, a URI template
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::vector<icon> icons;
  std::string meta;
  std::span<const std::string_view> scopes;  ///< what a challenge asks for
  std::vector<scope_rule> scope_rules;       ///< with all that follows from them
  std::span<const guard> guards;             ///< what has to hold of a caller
  std::span<const std::size_t> providers;    ///< places among the server's; empty: anonymous
  call_rate rate;                            ///< of one caller
  client_capabilities needs;                 ///< what the client must have declared
  std::optional<form_entry> form;
  task_support tasks = task_support::forbidden;  ///< of tools
  std::vector<completer> completers;  ///< one for each argument, where arguments are texts
  toggle enabled;

  /// The service the call goes to. Everything reaches it through here.
  void* (*service)(void* services);

  /// What does not fit in the arguments, if something does not.
  std::optional<json::mismatch> (*check)(const std::optional<json::object>& arguments);

  /// Whether the caller may do this with these arguments; null where he may with any. Those that do
  /// not fit he may use: they will be refused.
  bool (*allows)(const principal& caller, const std::optional<json::object>& arguments) = nullptr;

  /// Runs the function. Nothing is returned where the reply is written; otherwise what has to be
  /// awaited until it is.
  std::optional<task<>> (*invoke)(void* service, invocation& call);

  /// Writes the answer to arguments that do not fit.
  void (*refuse)(invocation& call, const json::mismatch& why);

  /// Writes the answer of a call that failed in a way the peer may know.
  void (*fail)(invocation& call, std::string_view text);
};

struct tool_entry : entry {
  std::string_view input_schema;
  std::string_view output_schema;           ///< empty for none
  bool output_is_object = false;            ///< known to revisions that take objects alone
  std::span<const std::string_view> hints;  ///< JSON members of the annotations
  std::vector<mirrored_header> headers;
  std::string security;  ///< `securitySchemes`, as JSON; empty: not told
};

/// A resource or a template of resources.
struct resource_entry : entry {
  std::string_view mime_type;
  std::optional<std::uint64_t> size;
  content_annotations annotations;
};

struct prompt_entry : entry {
  struct argument {
    std::string_view name;
    std::string_view description;
    bool required;
  };
  std::vector<argument> arguments;
};

template <primitive Kind>
using entry_of =
    std::conditional_t<Kind == primitive::tool, tool_entry,
                       std::conditional_t<Kind == primitive::prompt, prompt_entry, resource_entry>>;

}  // namespace sesame::inline v0::detail
