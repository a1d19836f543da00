// What a handler throws, and is thrown.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <stdexcept>

namespace sesame::inline v0 {

/// Thrown by a tool, resource or prompt to say that, and why, the call failed. The text is shown: to
/// the model as the result of a tool, to the client as the error of anything else.
class tool_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Thrown into a handler whose question found no answer: the client answered with an error, sent
/// something that is no answer, or took too long. Uncaught, it is shown as any `tool_error`.
class client_error : public tool_error {
 public:
  using tool_error::tool_error;
};

}  // namespace sesame::inline v0
