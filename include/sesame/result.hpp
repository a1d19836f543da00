// A value, or the reason why there is none. `std::expected` is C++23; this has its names, and the
// same shape in every mode of the build.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace sesame::inline v0 {

/// A failure with nothing but a text. As the error of a tool's `result`, the text is shown to the
/// model that called the tool.
struct error {
  std::string message;
};

/// Marks its argument as the error of a `result`: `return failure{error{"no such record"}};`
template <class E>
struct failure {
  E error;
};
template <class E>
failure(E) -> failure<E>;

/// Either a `T` or an `E`. Asking for the one that is not there is a precondition failure, as with
/// `std::expected`'s unchecked access.
///
///     result<int> parse(std::string_view text);
///     if (auto n = parse("12")) use(*n); else report(n.error());
template <class T, class E = error>
class [[nodiscard]] result {
 public:
  using value_type = T;
  using error_type = E;

  template <class U = T>
    requires std::constructible_from<T, U> && (!std::same_as<std::remove_cvref_t<U>, result>)
  result(U&& value)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  template <class F>
    requires std::constructible_from<E, F>
  result(failure<F> failed)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, std::move(failed.error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  E& error() & noexcept { return *std::get_if<1>(&state_); }
  const E& error() const& noexcept { return *std::get_if<1>(&state_); }
  E&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, E> state_;
};

/// A success that carries nothing, or an `E`.
template <class E>
class [[nodiscard]] result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  result() = default;

  template <class F>
    requires std::constructible_from<E, F>
  result(failure<F> failed)  // NOLINT(google-explicit-constructor)
      : state_(std::in_place_index<1>, std::move(failed.error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  E& error() & noexcept { return *std::get_if<1>(&state_); }
  const E& error() const& noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<std::monostate, E> state_;
};

}  // namespace sesame::inline v0
