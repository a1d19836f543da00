// Reads HTTP/1.1 requests (RFC 9112), strictly: whatever two parsers could read in two ways is
// refused, for on such differences request smuggling lives.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/message_parser.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace sesame::inline v0::net {

/// An incremental parser of one request after the other (see detail::message_parser).
class http_parser final : public detail::message_parser {
 public:
  explicit http_parser(const http_limits& limits = {}) : message_parser(limits) {}

  /// Goes on with the message that begins at `data`, of which `size` bytes have arrived: those of
  /// the call before and perhaps more. When `complete`, fills `request` with views into `data`; the
  /// message then takes `consumed()` bytes. The body of a chunked message is joined in place, and
  /// `size` may shrink for it.
  [[nodiscard]] status parse(char* data, std::size_t& size, http_request& request);

  /// Makes ready for the next message.
  void reset() noexcept;

  /// Whether the peer waits for "100 Continue" before it sends the body (RFC 9110, section 10.1.1).
  [[nodiscard]] bool wants_continue() const noexcept {
    return expects_continue_ && in_body() && body_size_ == 0 && size_ == at_;
  }

  /// Whether the connection may serve another request (RFC 9112, section 9.3).
  [[nodiscard]] bool keep_alive() const noexcept {
    return !closes_ && (minor_version_ == 1 || keeps_);
  }

 private:
  /// An empty line before the request line is skipped, once (RFC 9112, section 2.2).
  progress start() override;

  progress start_line(std::string_view line) override;

  progress known_field(std::string_view name, std::string_view value) override;

  progress end_of_head() override;

  void connection_options(std::string_view list) noexcept;

  void fill(http_request& request) const;

  span method_, target_, target_host_, path_, query_;
  std::optional<span> host_;
  bool expects_continue_ = false, closes_ = false, keeps_ = false;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/http_parser.ipp"
#endif
