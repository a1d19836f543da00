// The kinds of things that a service offers, and what the declarations of all of them have in
// common.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/function.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/service/change.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0 {

/// What a client can ask a service for.
enum class primitive : std::uint8_t { tool, resource, resource_template, prompt };

/// Whether a tool or a prompt of this name may be published: 1 to 128 of letters, digits, `_`, `-`
/// and `.`.
[[nodiscard]] constexpr bool is_item_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 128) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.') return false;
  }
  return true;
}

namespace detail {

/// The list that a thing of this kind is on. Templates are on that of the resources.
[[nodiscard]] constexpr change_kind list_of(primitive kind) noexcept {
  return kind == primitive::tool     ? change_kind::tools
         : kind == primitive::prompt ? change_kind::prompts
                                     : change_kind::resources;
}

/// The base of every declaration: a function, words on it, and policies. What is particular to a
/// kind is said by its `Rules`: how arguments are read, and how results and failures are written.
template <class Rules, auto Function, fixed_string Description, class... Policies>
struct item {
  using rules = Rules;
  static constexpr auto function = Function;
  static consteval std::string_view description() noexcept { return text.view(); }
  using signature = meta::signature<std::remove_const_t<decltype(Function)>>;
  using policies = meta::types<Policies...>;

 private:
  static constexpr auto text = Description;
};

template <auto Function>
inline constexpr bool is_function =
    meta::readable_function<std::remove_const_t<decltype(Function)>>;

struct tool_rules;
struct resource_rules;
struct prompt_rules;
struct completion_rules;

}  // namespace detail
}  // namespace sesame::inline v0
