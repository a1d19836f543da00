// What net/http_parser.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/detail/grammar.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_parser.hpp"
#include "sesame/net/http_request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace sesame::inline v0::net {

SESAME_INLINE http_parser::status http_parser::parse(char* data, std::size_t& size,
                                                     http_request& request) {
  data_ = data;
  size_ = size;
  auto now = progress::on;
  while (now == progress::on) now = advance();
  if (now == progress::failed) return status::failed;
  if (now == progress::starved) {
    close_gap();
    size = size_;
    return status::need_more;
  }
  fill(request);
  return status::complete;
}

SESAME_INLINE void http_parser::reset() noexcept {
  step_ = step::start;
  at_ = scanned_ = fields_size_ = trailer_count_ = extensions_size_ = 0;
  fields_.clear();
  host_.reset();
  content_length_.reset();
  body_begin_ = body_size_ = remaining_ = 0;
  chunked_ = expects_continue_ = closes_ = keeps_ = false;
}

SESAME_INLINE std::size_t http_parser::missing() const noexcept {
  const auto waits_for_data = step_ == step::body || step_ == step::chunk_data;
  const auto held = size_ - at_;
  return waits_for_data && remaining_ > held ? remaining_ - held : 1;
}

SESAME_INLINE http_parser::progress http_parser::advance() {
  switch (step_) {
    case step::start:
      return start();
    case step::request_line:
      return on_line(limits_.request_line, http_error::request_line_size);
    case step::fields:
    case step::trailers:
      return on_line(fields_room(), http_error::fields_size);
    case step::body:
      return fixed_body();
    case step::chunk_size:
      return on_line(chunk_line_limit, http_error::chunk);
    case step::chunk_data:
      return chunk_data();
    case step::chunk_end:
      return chunk_end();
    case step::done:
      return progress::complete;
  }
  return progress::failed;
}

SESAME_INLINE http_parser::progress http_parser::fail(http_error why) noexcept {
  error_ = why;
  return progress::failed;
}

SESAME_INLINE http_parser::progress http_parser::start() {
  if (size_ == at_) return progress::starved;
  if (data_[at_] == '\r' && at_ == 0) {
    if (size_ == 1) return progress::starved;
    if (data_[1] != '\n') return fail(http_error::request_line);
    at_ = scanned_ = 2;
    return progress::on;
  }
  // What begins like no method need not be waited for (TLS on a plain port, for one).
  if (!detail::is(data_[at_], detail::token_character)) return fail(http_error::request_line);
  step_ = step::request_line;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::on_line(std::size_t limit, http_error too_long) {
  const auto* end = static_cast<const char*>(
      scanned_ < size_ ? std::memchr(data_ + scanned_, '\n', size_ - scanned_) : nullptr);
  const auto length = (end != nullptr ? static_cast<std::size_t>(end - data_) : size_) - at_;
  if (length > limit + 1) return fail(too_long);
  if (end == nullptr) {
    scanned_ = size_;
    return progress::starved;
  }
  if (length == 0 || data_[at_ + length - 1] != '\r') return fail(http_error::line_end);
  const std::string_view line(data_ + at_, length - 1);
  const auto begin = at_;
  at_ = scanned_ = begin + length + 1;
  switch (step_) {
    case step::request_line:
      return request_line(line);
    case step::fields:
      return line.empty() ? end_of_head() : field_line(line);
    case step::chunk_size:
      return chunk_size(line);
    default:
      return trailer_line(line);
  }
}

SESAME_INLINE http_parser::span http_parser::span_of(std::string_view part) const noexcept {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.data() - data_), static_cast<std::uint32_t>(part.size())};
}

SESAME_INLINE http_parser::progress http_parser::request_line(std::string_view line) {
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

SESAME_INLINE http_parser::progress http_parser::field_line(std::string_view line) {
  const auto read = detail::parse_field_line(line);
  if (!read) return fail(http_error::field);
  fields_size_ += line.size() + 2;
  if (fields_size_ > limits_.fields_size || fields_.size() == limits_.field_count)
    return fail(http_error::fields_size);
  fields_.push_back({span_of(read->name), span_of(read->value)});
  return known_field(read->name, read->value);
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
      if (!equal_ignoring_case(name, "content-length")) break;
      if (content_length_) return fail(http_error::length);
      content_length_ = detail::parse_content_length(value);
      if (!content_length_) return fail(http_error::length);
      break;
    case 17:
      if (!equal_ignoring_case(name, "transfer-encoding")) break;
      if (chunked_ || value.empty() || minor_version_ == 0)
        return fail(http_error::transfer_encoding);
      if (!equal_ignoring_case(value, "chunked")) return fail(http_error::transfer_coding);
      chunked_ = true;
      break;
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
  if (chunked_ && content_length_) return fail(http_error::length);
  body_begin_ = at_;
  if (chunked_) {
    step_ = step::chunk_size;
    return progress::on;
  }
  if (content_length_.value_or(0) > limits_.body) return fail(http_error::body_size);
  remaining_ = static_cast<std::size_t>(content_length_.value_or(0));
  step_ = step::body;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::fixed_body() noexcept {
  if (size_ - at_ < remaining_) return progress::starved;
  body_size_ = remaining_;
  at_ += remaining_;
  step_ = step::done;
  return progress::complete;
}

SESAME_INLINE http_parser::progress http_parser::chunk_size(std::string_view line) {
  const auto read = detail::parse_chunk_line(line);
  if (!read) return fail(http_error::chunk);
  // Extensions are ignored, but not without end.
  extensions_size_ += read->extension_size;
  if (extensions_size_ > limits_.fields_size) return fail(http_error::chunk);
  if (read->size > limits_.body - body_size_) return fail(http_error::body_size);
  remaining_ = static_cast<std::size_t>(read->size);
  step_ = remaining_ == 0 ? step::trailers : step::chunk_data;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::chunk_data() noexcept {
  const auto here = remaining_ < size_ - at_ ? remaining_ : size_ - at_;
  if (here == 0) return progress::starved;
  if (const auto end = body_begin_ + body_size_; end != at_)
    std::memmove(data_ + end, data_ + at_, here);
  body_size_ += here;
  at_ += here;
  remaining_ -= here;
  if (remaining_ != 0) return progress::starved;
  step_ = step::chunk_end;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::chunk_end() noexcept {
  if (size_ > at_ && data_[at_] != '\r') return fail(http_error::chunk);
  if (size_ - at_ < 2) return progress::starved;
  if (data_[at_ + 1] != '\n') return fail(http_error::chunk);
  at_ += 2;
  scanned_ = at_;
  step_ = step::chunk_size;
  return progress::on;
}

SESAME_INLINE http_parser::progress http_parser::trailer_line(std::string_view line) {
  if (line.empty()) {
    step_ = step::done;
    return progress::complete;
  }
  if (!detail::parse_field_line(line)) return fail(http_error::field);
  fields_size_ += line.size() + 2;
  if (fields_size_ > limits_.fields_size || fields_.size() + ++trailer_count_ > limits_.field_count)
    return fail(http_error::fields_size);
  return progress::on;
}

SESAME_INLINE void http_parser::close_gap() noexcept {
  if (!chunked_ || !in_body()) return;
  const auto end = body_begin_ + body_size_;
  const auto gap = at_ - end;
  if (gap == 0) return;
  std::memmove(data_ + end, data_ + at_, size_ - at_);
  size_ -= gap;
  at_ = end;
  scanned_ = scanned_ > gap + end ? scanned_ - gap : end;
}

SESAME_INLINE void http_parser::fill(http_request& request) const {
  request.method = view(method_);
  request.target = view(target_);
  request.path = path_.size != 0 ? view(path_) : std::string_view("/");
  request.query = view(query_);
  request.host =
      target_host_.size != 0 ? view(target_host_) : (host_ ? view(*host_) : std::string_view{});
  request.minor_version = minor_version_;
  request.body = {data_ + body_begin_, body_size_};
  request.fields.clear();
  for (const auto& each : fields_) request.fields.push_back({view(each.name), view(each.value)});
}

}  // namespace sesame::inline v0::net
