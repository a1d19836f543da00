// Completing what a user types as an argument of a prompt or of a resource template.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/primitive.hpp"

#include <optional>
#include <string_view>

namespace sesame::inline v0 {

/// What the user has filled in before the argument that is being completed. Valid as long as the
/// call.
class completion_context {
 public:
  completion_context() = default;
  explicit completion_context(std::optional<json::object> arguments) : arguments_(arguments) {}

  /// The value of another argument, if the client told it. Not checked in any way.
  [[nodiscard]] std::optional<std::string_view> argument(std::string_view name) const noexcept {
    return arguments_ ? json::find_string(*arguments_, name) : std::nullopt;
  }

 private:
  std::optional<json::object> arguments_;
};

/// `Function` completes the argument `Field`. It takes the text that is typed so far as a
/// `std::string_view`, and what else it wants of `const completion_context&`, `const principal&` (or
/// `const principal*`) and `context&`; it returns a list of strings, or a `task` of one. The best
/// hundred are sent. Who may not use the prompt or the template is not told its completions either.
///
/// An argument that is an enumeration needs none of this.
template <fixed_string Field, auto Function>
struct completes {};

namespace detail {

template <fixed_string Field, auto Function>
struct policy_traits<completes<Field, Function>> : kind_of<policy_kind::completer> {
  static_assert(is_function<Function>,
                "sesame: what completes an argument is a member function, a free function or a "
                "captureless lambda");
  static constexpr std::string_view field() { return text.view(); }

  // Declared as if it stood in the service beside what it completes for, under the same policies of
  // who may call.
  template <class... Policies>
  struct item : detail::item<completion_rules, Function, "", Policies...> {
    static constexpr std::string_view key() { return text.view(); }
    template <class>
    static consteval bool check() {
      return true;
    }
  };

 private:
  static constexpr auto text = Field;
};

}  // namespace detail
}  // namespace sesame::inline v0
