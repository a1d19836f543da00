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

#include "sesame/service/mcp_header.hpp"
#include "sesame/service/primitive.hpp"

#include <string_view>
#include <type_traits>

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
struct tool : detail::item<detail::tool_rules, Function, Description, Policies...> {
  static_assert(detail::is_function<Function>,
                "sesame: a tool is a member function, a free function or a captureless lambda");
  static_assert(!Description.empty(),
                "sesame: a tool needs a description; it is all that a model knows of it");
  static constexpr primitive kind = primitive::tool;

  template <class Declared>
  static consteval bool check() {
    static_assert(Declared::name.empty() || is_item_name(Declared::name),
                  "sesame: a tool name is 1 to 128 letters, digits, '_', '-' and '.'; add "
                  "named<\"...\"> to the tool");
    return detail::check_headers<typename Declared::arguments>();
  }
};

/// The tools of a service, in the order in which clients see them: a service's public member type
/// `tools` names one of these. A list of free functions may be given to a server as it is.
template <class... Tools>
struct tools {};

}  // namespace sesame::inline v0
