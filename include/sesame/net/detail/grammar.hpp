// The productions of a message, each as a function of the line it is in (RFC 9112, sections 3 to
// 7).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/characters.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sesame::inline v0::net::detail {

// HTTP-version = "HTTP/" DIGIT "." DIGIT; gives the minor version of HTTP/1.0 and HTTP/1.1
[[nodiscard]] result<int, http_error> parse_version(std::string_view text);

struct request_line {
  std::string_view method, target;
  int minor_version = 1;
};

// request-line = method SP request-target SP HTTP-version
[[nodiscard]] result<request_line, http_error> parse_request_line(std::string_view line);

struct status_line {
  int status = 0;
  int minor_version = 1;
};

// status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112, section 4)
[[nodiscard]] result<status_line, http_error> parse_status_line(std::string_view line);

struct request_target {
  std::string_view host;  ///< of the absolute form, else empty
  std::string_view path;  ///< empty in an absolute form without one
  std::string_view query;
};

// request-target = origin-form / absolute-form / asterisk-form (RFC 9112, section 3.2)
[[nodiscard]] result<request_target, http_error> parse_request_target(std::string_view method,
                                                                      std::string_view target);

// field-line = field-name ":" OWS field-value OWS
[[nodiscard]] std::optional<http_field> parse_field_line(std::string_view line) noexcept;

// Content-Length = 1*DIGIT
[[nodiscard]] constexpr std::optional<std::uint64_t> parse_content_length(
    std::string_view value) noexcept {
  if (value.empty() || value.size() > 19 || !all_are(value, digit_character)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : value) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

struct chunk_line {
  std::uint64_t size = 0;
  std::size_t extension_size = 0;
};

// chunk-size [ chunk-ext ] (RFC 9112, section 7.1)
[[nodiscard]] std::optional<chunk_line> parse_chunk_line(std::string_view line) noexcept;

}  // namespace sesame::inline v0::net::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/net/detail/impl/grammar.ipp"
#endif
