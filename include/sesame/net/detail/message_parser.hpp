// What requests and responses have in common (RFC 9112, sections 5 to 7): lines, fields, and the
// body with its framing. Strict: whatever two parsers could read in two ways is refused, for on such
// differences smuggling lives.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sesame::inline v0::net::detail {

/// An incremental parser of one message after the other. It keeps offsets only, so the caller may
/// move the bytes between two calls, and it never looks at a byte twice. Once its list of fields is
/// warm it allocates nothing.
class message_parser {
 public:
  enum class status : std::uint8_t { need_more, complete, failed };

  [[nodiscard]] http_error error() const noexcept { return error_; }
  [[nodiscard]] std::size_t consumed() const noexcept { return at_; }
  [[nodiscard]] bool in_body() const noexcept { return step_ > step::fields; }

  /// How many bytes are sure to be missing.
  [[nodiscard]] std::size_t missing() const noexcept;

 protected:
  enum class step : std::uint8_t {
    start,
    start_line,
    fields,
    body,
    chunk_size,
    chunk_data,
    chunk_end,
    trailers,
    until_end,
    done
  };
  enum class progress : std::uint8_t { on, starved, complete, failed };
  struct span {
    std::uint32_t begin = 0, size = 0;
  };
  struct field_spans {
    span name, value;
  };

  explicit message_parser(const http_limits& limits) : limits_(limits) {}
  message_parser(const message_parser&) = default;
  message_parser(message_parser&&) = default;
  message_parser& operator=(const message_parser&) = default;
  message_parser& operator=(message_parser&&) = default;
  ~message_parser() = default;

  /// What begins a message.
  virtual progress start() = 0;
  virtual progress start_line(std::string_view line) = 0;
  /// A field that frames the message or steers its connection. Here: Content-Length and
  /// Transfer-Encoding, on which `begin_body` relies.
  virtual progress known_field(std::string_view name, std::string_view value);
  /// All fields are there: how does the message go on?
  virtual progress end_of_head() = 0;

  /// Goes on with the `size` bytes at `data`; see `http_parser::parse`.
  [[nodiscard]] status advance_to_end(char* data, std::size_t& size);

  void reset() noexcept;

  progress fail(http_error why) noexcept;

  // The ways in which a message goes on behind its head: with a body as the fields frame it (none,
  // if they do not), with one that ends where the bytes end, or not at all.
  progress begin_body();

  progress begin_endless_body() noexcept;

  progress without_body() noexcept;

  [[nodiscard]] std::string_view view(span where) const noexcept {
    return {data_ + where.begin, where.size};
  }
  [[nodiscard]] span span_of(std::string_view part) const noexcept;
  [[nodiscard]] std::string_view body() const noexcept { return {data_ + body_begin_, body_size_}; }

  http_limits limits_;
  step step_ = step::start;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t at_ = 0;       // the first byte that is not understood yet
  std::size_t scanned_ = 0;  // before it there is no line end that is not understood yet
  int minor_version_ = 1;
  std::vector<field_spans> fields_;
  std::size_t fields_size_ = 0;
  bool chunked_ = false;
  std::optional<std::uint64_t> content_length_;
  std::size_t body_begin_ = 0, body_size_ = 0, remaining_ = 0;

 private:
  static constexpr std::size_t chunk_line_limit = 256;

  progress advance();

  /// Takes one line, if it is there, and hands it to the step. Its length is judged before its
  /// content and no sooner or later for arriving in pieces.
  progress on_line(std::size_t limit, http_error too_long);

  [[nodiscard]] std::size_t fields_room() const noexcept {
    return limits_.fields_size > fields_size_ ? limits_.fields_size - fields_size_ : 0;
  }

  progress field_line(std::string_view line);

  progress fixed_body() noexcept;

  // chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
  progress chunk_size(std::string_view line);

  progress chunk_data() noexcept;

  progress chunk_end() noexcept;

  /// Trailers are checked like fields and then dropped: nothing here has a use for them.
  progress trailer_line(std::string_view line);

  progress endless_body() noexcept;

  /// Drops the framing of the chunks read so far, so that a body in many small chunks takes no more
  /// room than one in few.
  void close_gap() noexcept;

  http_error error_ = http_error::start_line;
  std::size_t trailer_count_ = 0, extensions_size_ = 0;
};

}  // namespace sesame::inline v0::net::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/detail/impl/message_parser.ipp"
#endif
