// The settings of a server over standard input and output.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unistd.h>

namespace sesame::inline v0 {

/// The settings of the stdio transport.
struct stdio_options {
  int input = STDIN_FILENO;
  int output = STDOUT_FILENO;
  std::size_t output_buffer = std::size_t{1} << 20;  ///< unread bytes, beyond which input waits
  std::chrono::milliseconds stop_grace{2'000};  ///< for what is being served when the input ends:
                                                ///< then it is cancelled, and has as long again

  /// The environment variable that holds the access token of whoever started the program. It is
  /// verified by the server's providers when serving begins, and from then on as every token; what
  /// messages bring themselves is not looked at. Empty: messages bring their own, or none.
  std::string token_env{};
};

}  // namespace sesame::inline v0
