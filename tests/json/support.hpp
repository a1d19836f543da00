// Reading a value from a text, as the tests of this room want it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/result.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace json_test {

/// The mismatch in one line; texts that are no JSON are a fault of the test.
template <class T>
sesame::result<T, sesame::json::mismatch> parse(
    std::string_view text,
    sesame::json::unknown_members unknown = sesame::json::unknown_members::reject) {
  sesame::json::document document;
  const auto root = document.parse(text);
  if (!root) {
    return sesame::failure{
        sesame::json::mismatch{"", "JSON", std::string{sesame::json::describe(root.error())}}};
  }
  T value{};
  sesame::json::reader in{unknown};
  if (sesame::json::read(*root, value, in)) return value;
  return sesame::failure{std::move(in).error()};
}

/// What is wrong with a text, as a peer is told; empty where it fits.
template <class T>
std::string fault(std::string_view text,
                  sesame::json::unknown_members unknown = sesame::json::unknown_members::reject) {
  const auto value = parse<T>(text, unknown);
  return value ? std::string{} : value.error().message();
}

template <class T>
bool fits(std::string_view text) {
  return parse<T>(text).has_value();
}

/// A text read and written again; the fault where it does not fit.
template <class T>
std::string round_trip(std::string_view text) {
  const auto value = parse<T>(text);
  return value ? sesame::json::to_json(*value) : value.error().message();
}

/// What is written for a value, and whether the writer says that it is not right.
struct written {
  std::string text;
  bool failed;
};
template <class T>
written write(const T& value) {
  std::string text;
  sesame::json::writer out{text};
  sesame::json::write(value, out);
  const bool failed = out.failed();
  return {std::move(text), failed};
}

}  // namespace json_test
