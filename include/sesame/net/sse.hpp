// Server-sent events, as bytes (WHATWG HTML, section 9.2.5 "Parsing an event stream").
//
//     std::string out;
//     net::append_event(out, {.data = R"({"jsonrpc":"2.0"})", .event = "message"});
//     response.write(out);
//
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

/// One event. Only `data` may hold line ends.
struct sse_event {
  std::string_view data;                             ///< may be empty; several lines arrive as such
  std::optional<std::string_view> id{};              ///< what a client sends back as Last-Event-ID
  std::optional<std::string_view> event{};           ///< the type; "message" where it is missing
  std::optional<std::chrono::milliseconds> retry{};  ///< how long to wait before reconnecting
};

/// Appends `data` as lines that begin with `prefix`; CRLF, CR and LF all end a line.
namespace detail {
inline void append_lines(std::string& out, std::string_view prefix, std::string_view data) {
  for (;;) {
    const auto end = data.find_first_of("\r\n");
    out.append(prefix).append(data.substr(0, end)) += '\n';
    if (end == std::string_view::npos) return;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
}
}  // namespace detail

/// Appends one event. False, and nothing appended, if `id` or `event` holds a line end or `id` a
/// NUL: those would make another event of it.
inline bool append_event(std::string& out, const sse_event& what) {
  using namespace std::string_view_literals;
  if (what.id && what.id->find_first_of("\r\n\0"sv) != std::string_view::npos) return false;
  if (what.event && what.event->find_first_of("\r\n") != std::string_view::npos) return false;
  if (what.id) out.append("id: ").append(*what.id) += '\n';
  if (what.event) out.append("event: ").append(*what.event) += '\n';
  if (what.retry) out.append("retry: ").append(std::to_string(what.retry->count())) += '\n';
  detail::append_lines(out, "data: ", what.data);
  out += '\n';
  return true;
}

/// Appends a comment, which clients ignore and proxies count as traffic.
inline void append_comment(std::string& out, std::string_view text = {}) {
  detail::append_lines(out, text.empty() ? ":" : ": ", text);
  out += '\n';
}

}  // namespace sesame::inline v0::net
