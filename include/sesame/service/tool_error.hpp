// What a handler throws, and is thrown.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

/// Thrown by a tool, resource or prompt to say that, and why, the call failed. The text is shown: to
/// the model as the result of a tool, to the client as the error of anything else.
class tool_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  /// `meta`: members of the `_meta` of a tool's result, for the client and not the model, as JSON
  /// (`"com.example/hint":1`).
  tool_error(const std::string& text, std::string meta)
      : runtime_error(text), meta_(std::make_shared<const std::string>(std::move(meta))) {}

  [[nodiscard]] std::string_view meta() const noexcept {
    return meta_ ? std::string_view{*meta_} : std::string_view{};
  }

 private:
  std::shared_ptr<const std::string> meta_;  // an exception is copied without a throw
};

/// Thrown into a handler whose question found no answer: the client answered with an error, sent
/// something that is no answer, or took too long. Uncaught, it is shown as any `tool_error`.
class client_error : public tool_error {
 public:
  using tool_error::tool_error;
};

}  // namespace sesame::inline v0
