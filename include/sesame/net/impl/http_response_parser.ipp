// What net/http_response_parser.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/detail/grammar.hpp"
#include "sesame/net/detail/output.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_response_parser.hpp"
#include "sesame/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

SESAME_INLINE http_response_parser::status http_response_parser::parse(char* data,
                                                                       std::size_t& size) {
  return advance_to_end(data, size);
}

SESAME_INLINE http_response_parser::progress http_response_parser::start() {
  if (size_ == at_) return progress::starved;
  // What begins otherwise need not be waited for.
  if (data_[at_] != 'H') return fail(http_error::start_line);
  step_ = step::start_line;
  return progress::on;
}

SESAME_INLINE http_response_parser::progress http_response_parser::start_line(
    std::string_view line) {
  const auto read = detail::parse_status_line(line);
  if (!read) return fail(read.error());
  minor_version_ = read->minor_version;
  status_ = read->status;
  fields_size_ += line.size() + 2;
  if (fields_size_ > limits_.fields_size) return fail(http_error::fields_size);
  step_ = step::fields;
  return progress::on;
}

SESAME_INLINE http_response_parser::progress http_response_parser::end_of_head() {
  if (status_ < 200) {
    if (status_ == 101) return fail(http_error::start_line);
    if (chunked_ || content_length_) return fail(http_error::length);
    fields_.clear();
    step_ = step::start;
    return progress::on;
  }
  if (to_head_ || !detail::has_body(status_)) return without_body();
  return chunked_ || content_length_ ? begin_body() : begin_endless_body();
}

SESAME_INLINE incoming_response http_response_parser::response() const {
  incoming_response read{status_, {}, std::string(body())};
  read.fields.reserve(fields_.size());
  for (const auto& each : fields_)
    read.fields.push_back({std::string(view(each.name)), std::string(view(each.value))});
  return read;
}

SESAME_INLINE result<std::optional<incoming_response>, http_error> parse_response(
    std::string bytes, const http_limits& limits, bool to_head) {
  http_response_parser parser(limits, to_head);
  auto size = bytes.size();
  const auto now = parser.parse(bytes.data(), size);
  if (now == http_response_parser::status::failed) return failure{parser.error()};
  if (now == http_response_parser::status::need_more && !parser.ends_here())
    return std::optional<incoming_response>();
  return std::optional(parser.response());
}

}  // namespace sesame::inline v0::net
