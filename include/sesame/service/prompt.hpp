// How a prompt is declared: messages that a user picks by name, for a model.
//
//     struct review_query {
//       std::string code;
//       language in = language::cpp;
//     };
//     struct editor : sesame::service<> {
//       std::string review(const review_query& query) const;
//
//       using prompts = sesame::prompts<sesame::prompt<&editor::review, "Review some code">>;
//     };
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/service/primitive.hpp"
#include "sesame/service/text_arguments.hpp"

#include <string_view>
#include <type_traits>

namespace sesame::inline v0 {

/// One prompt. Its function takes what that of a tool may take; the members of its struct of
/// arguments are texts, numbers, bools, enumerations and optionals of these, since users fill them
/// in as text. It returns a text or content (one message of the user), a `prompt_message`, a list of
/// these, a `prompt_result`, or a `result` or a `task` of these.
template <auto Function, fixed_string Description, class... Policies>
struct prompt : detail::item<detail::prompt_rules, Function, Description, Policies...> {
  static_assert(detail::is_function<Function>,
                "sesame: a prompt is a member function, a free function or a captureless lambda");
  static_assert(!Description.empty(), "sesame: a prompt needs a description");
  static constexpr primitive kind = primitive::prompt;

  template <class Declared>
  static consteval bool check() {
    static_assert(Declared::name.empty() || is_item_name(Declared::name),
                  "sesame: a prompt's name is 1 to 128 letters, digits, '_', '-' and '.'; add "
                  "named<\"...\"> to the prompt");
    static_assert(detail::has_text_fields<typename Declared::arguments>,
                  "sesame: an argument of a prompt is a string, a number, a bool, an enumeration, "
                  "a time or an optional of these");
    return true;
  }
};

/// The prompts of a service, in the order in which clients see them: a service's public member type
/// `prompts` names one of these.
template <class... Prompts>
struct prompts {};

}  // namespace sesame::inline v0
