// Reads HTTP/1.1 responses (RFC 9112), as strictly as requests are read.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/message_parser.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

/// An incremental parser of the one response that a connection brings. Interim responses (1xx)
/// before it are skipped; all heads together count towards the limits of one. A switch of protocols
/// (101) is refused, for none is asked for.
class http_response_parser final : public detail::message_parser {
 public:
  /// The answer to a HEAD request has no body whatever its fields say (RFC 9112, section 6.3).
  explicit http_response_parser(const http_limits& limits = {}, bool to_head = false)
      : message_parser(limits), to_head_(to_head) {}

  /// Goes on with the response that begins at `data`, of which `size` bytes have arrived: those of
  /// the call before and perhaps more. A chunked body is joined in place, and `size` may shrink for
  /// it. What comes behind a complete response is not looked at.
  [[nodiscard]] status parse(char* data, std::size_t& size);

  /// To be asked once the peer has closed and `parse` wants more: whether that was the end of a
  /// response without a length (section 6.3, rule 8) and not in the middle of one.
  [[nodiscard]] bool ends_here() const noexcept { return step_ == step::until_end; }

  /// The response, once it is complete.
  [[nodiscard]] incoming_response response() const;

 private:
  progress start() override;

  progress start_line(std::string_view line) override;

  progress end_of_head() override;

  int status_ = 0;
  bool to_head_;
};

/// Reads the bytes of a whole connection, from its first to its end. For tests and fuzzers; nothing
/// where the response is not complete.
[[nodiscard]] result<std::optional<incoming_response>, http_error> parse_response(
    std::string bytes, const http_limits& limits = {}, bool to_head = false);

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/http_response_parser.ipp"
#endif
