// What net/http_parser.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/detail/grammar.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_parser.hpp"
#include "sesame/net/http_request.hpp"

#include <cstddef>
#include <string_view>

namespace sesame::inline v0::net {

SESAME_INLINE http_parser::status http_parser::parse(char* data, std::size_t& size,
                                                     http_request& request) {
  const auto now = advance_to_end(data, size);
  if (now == status::complete) fill(request);
  return now;
}

SESAME_INLINE void http_parser::reset() noexcept {
  message_parser::reset();
  host_.reset();
  expects_continue_ = closes_ = keeps_ = false;
}

SESAME_INLINE http_parser::progress http_parser::start() {
  if (size_ == at_) return progress::starved;
  if (data_[at_] == '\r' && at_ == 0) {
    if (size_ == 1) return progress::starved;
    if (data_[1] != '\n') return fail(http_error::start_line);
    at_ = scanned_ = 2;
    return progress::on;
  }
  // What begins like no method need not be waited for (TLS on a plain port, for one).
  if (!detail::is(data_[at_], detail::token_character)) return fail(http_error::start_line);
  step_ = step::start_line;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::start_line(std::string_view line) {
  const auto read = detail::parse_request_line(line);
  if (!read) return fail(read.error());
  const auto parts = detail::parse_request_target(read->method, read->target);
  if (!parts) return fail(parts.error());
  minor_version_ = read->minor_version;
  method_ = span_of(read->method);
  target_ = span_of(read->target);
  target_host_ = span_of(parts->host);
  path_ = span_of(parts->path);
  query_ = span_of(parts->query);
  step_ = step::fields;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::known_field(std::string_view name,
                                                             std::string_view value) {
  using detail::equal_ignoring_case;
  switch (name.size()) {
    case 4:
      if (!equal_ignoring_case(name, "host")) break;
      if (host_ || !authority::parse(value)) return fail(http_error::host);
      host_ = span_of(value);
      break;
    case 6:
      if (!equal_ignoring_case(name, "expect") || minor_version_ == 0) break;
      if (!equal_ignoring_case(value, "100-continue")) return fail(http_error::expectation);
      expects_continue_ = true;
      break;
    case 10:
      if (equal_ignoring_case(name, "connection")) connection_options(value);
      break;
    case 14:
    case 17:
      return message_parser::known_field(name, value);
    default:
      break;
  }
  return progress::on;
}

SESAME_INLINE void http_parser::connection_options(std::string_view list) noexcept {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto option = detail::trim(list.substr(0, comma));
    if (detail::equal_ignoring_case(option, "close")) closes_ = true;
    if (detail::equal_ignoring_case(option, "keep-alive")) keeps_ = true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

SESAME_INLINE http_parser::progress http_parser::end_of_head() {
  if (minor_version_ == 1 && !host_) return fail(http_error::host);
  return begin_body();
}

SESAME_INLINE void http_parser::fill(http_request& request) const {
  request.method = view(method_);
  request.target = view(target_);
  request.path = path_.size != 0 ? view(path_) : std::string_view("/");
  request.query = view(query_);
  request.host =
      target_host_.size != 0 ? view(target_host_) : (host_ ? view(*host_) : std::string_view{});
  request.minor_version = minor_version_;
  request.body = body();
  request.fields.clear();
  for (const auto& each : fields_) request.fields.push_back({view(each.name), view(each.value)});
}

}  // namespace sesame::inline v0::net
