// Reads HTTP/1.1 requests (RFC 9112), strictly: whatever two parsers could read in two ways is
// refused, for on such differences request smuggling lives.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace sesame::inline v0::net {

/// An incremental parser of one request after the other. It keeps offsets only, so the caller may
/// move the bytes between two calls, and it never looks at a byte twice. Once its list of fields is
/// warm it allocates nothing.
class http_parser {
 public:
  enum class status : std::uint8_t { need_more, complete, failed };

  explicit http_parser(const http_limits& limits = {}) : limits_(limits) {}

  /// Goes on with the message that begins at `data`, of which `size` bytes have arrived: those of
  /// the call before and perhaps more. When `complete`, fills `request` with views into `data`; the
  /// message then takes `consumed()` bytes. The body of a chunked message is joined in place, and
  /// `size` may shrink for it.
  [[nodiscard]] status parse(char* data, std::size_t& size, http_request& request);

  /// Makes ready for the next message.
  void reset() noexcept;

  [[nodiscard]] http_error error() const noexcept { return error_; }
  [[nodiscard]] std::size_t consumed() const noexcept { return at_; }
  [[nodiscard]] bool in_body() const noexcept { return step_ > step::fields; }

  /// How many bytes are sure to be missing.
  [[nodiscard]] std::size_t missing() const noexcept;

  /// Whether the peer waits for "100 Continue" before it sends the body (RFC 9110, section 10.1.1).
  [[nodiscard]] bool wants_continue() const noexcept {
    return expects_continue_ && in_body() && body_size_ == 0 && size_ == at_;
  }

  /// Whether the connection may serve another request (RFC 9112, section 9.3).
  [[nodiscard]] bool keep_alive() const noexcept {
    return !closes_ && (minor_version_ == 1 || keeps_);
  }

 private:
  enum class step : std::uint8_t {
    start,
    request_line,
    fields,
    body,
    chunk_size,
    chunk_data,
    chunk_end,
    trailers,
    done
  };
  enum class progress : std::uint8_t { on, starved, complete, failed };
  struct span {
    std::uint32_t begin = 0, size = 0;
  };
  struct field_spans {
    span name, value;
  };

  static constexpr std::size_t chunk_line_limit = 256;

  progress advance();

  progress fail(http_error why) noexcept;

  /// An empty line before the request line is skipped, once (RFC 9112, section 2.2).
  progress start();

  /// Takes one line, if it is there, and hands it to the step. Its length is judged before its
  /// content and no sooner or later for arriving in pieces.
  progress on_line(std::size_t limit, http_error too_long);

  [[nodiscard]] std::size_t fields_room() const noexcept {
    return limits_.fields_size > fields_size_ ? limits_.fields_size - fields_size_ : 0;
  }

  [[nodiscard]] std::string_view view(span where) const noexcept {
    return {data_ + where.begin, where.size};
  }
  [[nodiscard]] span span_of(std::string_view part) const noexcept;

  progress request_line(std::string_view line);

  progress field_line(std::string_view line);

  /// The fields that frame a message or steer its connection.
  progress known_field(std::string_view name, std::string_view value);

  void connection_options(std::string_view list) noexcept;

  progress end_of_head();

  progress fixed_body() noexcept;

  // chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
  progress chunk_size(std::string_view line);

  progress chunk_data() noexcept;

  progress chunk_end() noexcept;

  /// Trailers are checked like fields and then dropped: nothing here has a use for them.
  progress trailer_line(std::string_view line);

  /// Drops the framing of the chunks read so far, so that a body in many small chunks takes no more
  /// room than one in few.
  void close_gap() noexcept;

  void fill(http_request& request) const;

  http_limits limits_;
  step step_ = step::start;
  http_error error_ = http_error::request_line;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t at_ = 0;       // the first byte that is not understood yet
  std::size_t scanned_ = 0;  // before it there is no line end that is not understood yet
  int minor_version_ = 1;
  span method_, target_, target_host_, path_, query_;
  std::vector<field_spans> fields_;
  std::optional<span> host_;
  std::optional<std::uint64_t> content_length_;
  std::size_t fields_size_ = 0, trailer_count_ = 0, extensions_size_ = 0;
  std::size_t body_begin_ = 0, body_size_ = 0, remaining_ = 0;
  bool chunked_ = false, expects_continue_ = false, closes_ = false, keeps_ = false;
};

}  // namespace sesame::inline v0::net

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/impl/http_parser.ipp"
#endif
