// What is wrong with a message, and how a request is refused for it before any handler sees it (RFC
// 9110, section 15.5; RFC 9112).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sesame::inline v0::net {

/// The ways in which a message can be wrong.
enum class http_error : std::uint8_t {
  start_line,         ///< not `method SP target SP version`; of a response, no status line
  target,             ///< a request target in no form, or with bytes no URI has
  version,            ///< neither HTTP/1.0 nor HTTP/1.1
  method,             ///< CONNECT
  line_end,           ///< a line that ends without CR
  field,              ///< a malformed field line: folding, white space before ":", control bytes
  host,               ///< Host missing, repeated or malformed
  length,             ///< Content-Length repeated, no number, or beside Transfer-Encoding
  transfer_encoding,  ///< repeated, empty, or in HTTP/1.0
  transfer_coding,    ///< anything but "chunked"
  chunk,              ///< malformed chunked framing
  expectation,        ///< anything but "100-continue"
  start_line_size,    ///< longer than the limit
  fields_size,        ///< more fields, or larger ones, than the limits
  body_size,          ///< larger than the limit
  timeout,            ///< did not arrive in time
};

/// The status of the answer, and the text in it. Fixed: nothing of the request is repeated.
struct http_refusal {
  int status;
  std::string_view text;
};

[[nodiscard]] constexpr http_refusal describe(http_error error) noexcept {
  constexpr std::array<http_refusal, 16> refusals{{
      {400, "malformed request line\n"},
      {400, "malformed request target\n"},
      {505, "HTTP/1.1 or HTTP/1.0 is needed\n"},
      {501, "method not implemented\n"},
      {400, "lines have to end with CR LF\n"},
      {400, "malformed header field\n"},
      {400, "missing, repeated or malformed Host\n"},
      {400, "malformed or ambiguous Content-Length\n"},
      {400, "malformed Transfer-Encoding\n"},
      {501, "transfer coding not implemented\n"},
      {400, "malformed chunked body\n"},
      {417, "expectation failed\n"},
      {414, "request line too long\n"},
      {431, "header fields too large\n"},
      {413, "body too large\n"},
      {408, "request took too long\n"},
  }};
  return refusals[static_cast<std::size_t>(error)];
}

/// The words that belong to a status (RFC 9110, section 15); empty for one that is not listed.
[[nodiscard]] constexpr std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return {};
  }
}

}  // namespace sesame::inline v0::net
