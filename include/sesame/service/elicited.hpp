// What came of asking the user, and what may be asked.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/schema.hpp"
#include "sesame/meta/fields.hpp"
#include "sesame/result.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

/// What the user did with a form.
enum class elicitation_action : std::uint8_t { accept, decline, cancel };

/// A form as the user left it. `decline` is a no; `cancel` means that it was put aside.
template <class Form>
class elicited {
 public:
  elicited() = default;
  /// Not filled in: `action` is `decline` or `cancel`.
  explicit elicited(elicitation_action action) : action_(action) {}
  explicit elicited(Form filled)
      : action_(elicitation_action::accept), content_(std::move(filled)) {}

  [[nodiscard]] elicitation_action action() const noexcept { return action_; }
  [[nodiscard]] bool accepted() const noexcept { return action_ == elicitation_action::accept; }
  explicit operator bool() const noexcept { return accepted(); }

  /// The filled-in form; only where it was accepted.
  const Form& operator*() const noexcept { return content_; }
  const Form* operator->() const noexcept { return &content_; }

 private:
  elicitation_action action_ = elicitation_action::cancel;
  Form content_{};
};

namespace detail {

/// An `ElicitResult` of a client.
struct elicit_result {
  elicitation_action action = elicitation_action::cancel;
  std::optional<json::value> content;  ///< only of an acceptance
};

/// Reads one; fails with what is wrong with it, in words for the client.
result<elicit_result, std::string> read_elicit_result(json::value given);

/// Reads the answer to a form; fails like `read_elicit_result`.
template <class Form>
result<elicited<Form>, std::string> read_elicited(json::value given) {
  const auto outcome = read_elicit_result(given);
  if (!outcome) return failure{outcome.error()};
  if (outcome->action != elicitation_action::accept) return elicited<Form>{outcome->action};
  if (!outcome->content) return failure{std::string{"an accepted form needs its content"}};
  Form content{};
  json::reader in{json::unknown_members::ignore};
  if (!json::read(*outcome->content, content, in))
    return failure{"the form's content: " + in.error().message()};
  return elicited<Form>{std::move(content)};
}

template <class T>
inline constexpr bool is_form_field =
    std::same_as<T, bool> || json::integer<T> || std::floating_point<T> ||
    std::same_as<T, std::string> || std::is_enum_v<T>;
template <class T>
inline constexpr bool is_form_field<std::optional<T>> = is_form_field<T>;
template <class T>
  requires std::is_enum_v<T>
inline constexpr bool is_form_field<std::vector<T>> = true;
template <class Duration>
inline constexpr bool is_form_field<std::chrono::sys_time<Duration>> = true;
template <>
inline constexpr bool is_form_field<std::chrono::year_month_day> = true;

// Names under which people keep what must never be typed into a form that a client sees (MCP,
// client/elicitation: secrets go by URL mode).
inline constexpr std::array<std::string_view, 14> secret_names{
    "password", "passwd", "passphrase", "secret",     "apikey",     "token",      "credential",
    "pin",      "cvv",    "cvc",        "creditcard", "cardnumber", "privatekey", "ssn"};

// Whether a field's name, without case and underscores, is or ends with one of those.
constexpr bool names_a_secret(std::string_view name) {
  std::array<char, 128> plain{};
  std::size_t n = 0;
  for (const char c : name)
    if (c != '_' && n < plain.size())
      plain[n++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string_view text{plain.data(), n};
  for (const auto secret : secret_names)
    if (secret.size() <= 3 ? text == secret : text.ends_with(secret)) return true;
  return false;
}

template <class Form>
consteval bool check_form() {
  constexpr bool is_struct = json::reflected<Form>;
  static_assert(is_struct, "sesame: an elicitation form is a plain struct");
  if constexpr (is_struct) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      constexpr bool flat = (is_form_field<meta::field_type<Form, I>> && ...);
      static_assert(flat,
                    "sesame: a field of this elicitation form has a type that forms cannot have; "
                    "use strings, numbers, bools, enum classes, dates and vectors of enum classes");
      constexpr bool open = (!names_a_secret(meta::field_name<Form, I>) && ...);
      static_assert(
          open,
          "sesame: an elicitation form asks for a secret; passwords, keys and tokens must "
          "not go through the client, use URL mode");
      return flat && open;
    }(std::make_index_sequence<meta::field_count<Form>>{});
  } else {
    return false;
  }
}

// A form's schema has no word on unnamed members: that is all a client may be given.
template <class Form>
struct form_schema_text {
  static constexpr void write(auto& out) {
    out.raw('{');
    json::codec<Form>::schema_members(out);
    if constexpr (meta::field_count<Form> == 0) out.raw(R"(,"properties":{})");
    out.raw('}');
  }
};

}  // namespace detail

/// The `requestedSchema` of a form, in static storage.
template <class Form>
[[nodiscard]] constexpr std::string_view form_schema() {
  return json::detail::text_of<Form, detail::form_schema_text<Form>>();
}

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/elicited.ipp"
#endif
