// How a tool is declared.
//
//     struct records : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
//       record fetch(const record_query& query, const sesame::principal& caller);
//       std::string status() const;
//
//       using tools = sesame::tools<
//           sesame::tool<&records::fetch, "Fetch one of your records", sesame::read_only>,
//           sesame::tool<&records::status, "Is the service up?", sesame::anonymous>>;
//     };
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/function.hpp"
#include "sesame/meta/types.hpp"

#include <string_view>

namespace sesame::inline v0 {

/// One tool: a member function, free function or captureless lambda, what it does in words for the
/// model, and its policies.
///
/// The function's parameters say what it needs, in any order: at most one struct of arguments,
/// `const principal&` (or `const principal*`, null for an anonymous caller), `context&`,
/// `const elicited<Form>&`. It returns a struct, a string, content, a list of these, an optional or
/// a `result` of these, nothing, or a `task` of any of them. A failure meant for the model is
/// thrown as `tool_error`; whatever else it throws is logged and hidden.
template <auto Function, fixed_string Description, class... Policies>
struct tool {
  static_assert(meta::readable_function<std::remove_const_t<decltype(Function)>>,
                "sesame: a tool is a member function, a free function or a captureless lambda");
  static_assert(!Description.empty(),
                "sesame: a tool needs a description; it is all that a model knows of it");
  static constexpr auto function = Function;
  static constexpr std::string_view description() noexcept { return text.view(); }
  using signature = meta::signature<std::remove_const_t<decltype(Function)>>;
  using policies = meta::types<Policies...>;

 private:
  static constexpr auto text = Description;
};

/// The tools of a service, in the order in which clients see them: a service's public member type
/// `tools` names one of these. A list of free functions may be given to a server as it is.
template <class... Tools>
struct tools {};

/// Whether a tool of this name may be published: 1 to 128 of letters, digits, `_`, `-` and `.`.
[[nodiscard]] constexpr bool is_tool_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 128) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.') return false;
  }
  return true;
}

}  // namespace sesame::inline v0
