// What is to be sent on a connection, and how the head of an answer is written (RFC 9112, section
// 4).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/spares.hpp"
#include "sesame/net/http_error.hpp"

#include <asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net::detail {

inline void append_number(std::string& out, std::size_t number, int base = 10) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

/// Bytes to send: a head (or heads, bodies and chunks in a row), then perhaps one large body that
/// is not worth copying.
struct output {
  std::string head, body;

  [[nodiscard]] bool empty() const noexcept { return head.empty() && body.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return head.size() + body.size(); }

  /// What is left once `sent` bytes are sent, to be gathered into one write.
  [[nodiscard]] std::array<asio::const_buffer, 2> after(std::size_t sent) const {
    const auto of_head = std::min(sent, head.size());
    return {asio::buffer(head) + of_head, asio::buffer(body) + (sent - of_head)};
  }

  /// Forgets everything, and keeps no more than `keep` bytes of memory for each part.
  void clear(std::size_t keep) {
    for (auto* each : {&head, &body}) detail::empty(*each, keep);
  }

  void swap(output& other) noexcept {
    head.swap(other.head);
    body.swap(other.body);
  }

  /// `size CRLF bytes CRLF`
  void append_chunk(std::string_view bytes) {
    append_number(head, bytes.size(), 16);
    head.append("\r\n").append(bytes).append("\r\n");
  }
};

/// Whether answers of that status have a body at all (RFC 9110, section 6.4.1).
[[nodiscard]] constexpr bool has_body(int status) noexcept {
  return status != 204 && status != 304;
}

/// What stands in the head of an answer.
struct response_head {
  int status = 200;
  int request_minor_version = 1;
  std::string_view date_line;         ///< with its line end
  std::string_view fields;            ///< each with its line end
  std::optional<std::size_t> length;  ///< of the body; nothing for a stream
  bool keep_alive = true;
};

inline void append_head(std::string& out, const response_head& head) {
  using namespace std::string_view_literals;  // whose size is known
  if (head.status == 200) {
    out += "HTTP/1.1 200 OK\r\n"sv;
  } else {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(std::clamp(head.status, 200, 999)));
    out.append(" ").append(reason_phrase(head.status)).append("\r\n");
  }
  out.append(head.date_line).append(head.fields);
  if (has_body(head.status)) {
    if (head.length) {
      out += "Content-Length: "sv;
      append_number(out, *head.length);
      out += "\r\n"sv;
    } else if (head.request_minor_version != 0) {
      out += "Transfer-Encoding: chunked\r\n";
    }
  }
  if (!head.keep_alive)
    out += "Connection: close\r\n";
  else if (head.request_minor_version == 0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n"sv;
}

}  // namespace sesame::inline v0::net::detail
