// What net/detail/message_parser.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/detail/grammar.hpp"
#include "sesame/net/detail/message_parser.hpp"
#include "sesame/net/http_error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sesame::inline v0::net::detail {

SESAME_INLINE message_parser::status message_parser::advance_to_end(char* data, std::size_t& size) {
  data_ = data;
  size_ = size;
  auto now = progress::on;
  while (now == progress::on) now = advance();
  if (now == progress::failed) return status::failed;
  if (now == progress::complete) return status::complete;
  close_gap();
  size = size_;
  return status::need_more;
}

SESAME_INLINE void message_parser::reset() noexcept {
  step_ = step::start;
  at_ = scanned_ = fields_size_ = trailer_count_ = extensions_size_ = 0;
  fields_.clear();
  content_length_.reset();
  body_begin_ = body_size_ = remaining_ = 0;
  chunked_ = false;
}

SESAME_INLINE std::size_t message_parser::missing() const noexcept {
  const auto waits_for_data = step_ == step::body || step_ == step::chunk_data;
  const auto held = size_ - at_;
  return waits_for_data && remaining_ > held ? remaining_ - held : 1;
}

SESAME_INLINE message_parser::progress message_parser::advance() {
  switch (step_) {
    case step::start:
      return start();
    case step::start_line:
      return on_line(limits_.request_line, http_error::start_line_size);
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
    case step::until_end:
      return endless_body();
    case step::done:
      return progress::complete;
  }
  return progress::failed;
}

SESAME_INLINE message_parser::progress message_parser::fail(http_error why) noexcept {
  error_ = why;
  return progress::failed;
}

SESAME_INLINE message_parser::progress message_parser::on_line(std::size_t limit,
                                                               http_error too_long) {
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
    case step::start_line:
      return start_line(line);
    case step::fields:
      return line.empty() ? end_of_head() : field_line(line);
    case step::chunk_size:
      return chunk_size(line);
    default:
      return trailer_line(line);
  }
}

SESAME_INLINE message_parser::span message_parser::span_of(std::string_view part) const noexcept {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.data() - data_), static_cast<std::uint32_t>(part.size())};
}

SESAME_INLINE message_parser::progress message_parser::field_line(std::string_view line) {
  const auto read = parse_field_line(line);
  if (!read) return fail(http_error::field);
  fields_size_ += line.size() + 2;
  if (fields_size_ > limits_.fields_size || fields_.size() == limits_.field_count)
    return fail(http_error::fields_size);
  fields_.push_back({span_of(read->name), span_of(read->value)});
  return known_field(read->name, read->value);
}

SESAME_INLINE message_parser::progress message_parser::known_field(std::string_view name,
                                                                   std::string_view value) {
  if (equal_ignoring_case(name, "content-length")) {
    if (content_length_) return fail(http_error::length);
    content_length_ = parse_content_length(value);
    if (!content_length_) return fail(http_error::length);
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    if (chunked_ || value.empty() || minor_version_ == 0)
      return fail(http_error::transfer_encoding);
    if (!equal_ignoring_case(value, "chunked")) return fail(http_error::transfer_coding);
    chunked_ = true;
  }
  return progress::on;
}

SESAME_INLINE message_parser::progress message_parser::begin_body() {
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

SESAME_INLINE message_parser::progress message_parser::begin_endless_body() noexcept {
  body_begin_ = at_;
  step_ = step::until_end;
  return progress::on;
}

SESAME_INLINE message_parser::progress message_parser::without_body() noexcept {
  body_begin_ = at_;
  step_ = step::done;
  return progress::complete;
}

SESAME_INLINE message_parser::progress message_parser::fixed_body() noexcept {
  if (size_ - at_ < remaining_) return progress::starved;
  body_size_ = remaining_;
  at_ += remaining_;
  step_ = step::done;
  return progress::complete;
}

SESAME_INLINE message_parser::progress message_parser::chunk_size(std::string_view line) {
  const auto read = parse_chunk_line(line);
  if (!read) return fail(http_error::chunk);
  // Extensions are ignored, but not without end.
  extensions_size_ += read->extension_size;
  if (extensions_size_ > limits_.fields_size) return fail(http_error::chunk);
  if (read->size > limits_.body - body_size_) return fail(http_error::body_size);
  remaining_ = static_cast<std::size_t>(read->size);
  step_ = remaining_ == 0 ? step::trailers : step::chunk_data;
  return progress::on;
}

SESAME_INLINE message_parser::progress message_parser::chunk_data() noexcept {
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

SESAME_INLINE message_parser::progress message_parser::chunk_end() noexcept {
  if (size_ > at_ && data_[at_] != '\r') return fail(http_error::chunk);
  if (size_ - at_ < 2) return progress::starved;
  if (data_[at_ + 1] != '\n') return fail(http_error::chunk);
  at_ += 2;
  scanned_ = at_;
  step_ = step::chunk_size;
  return progress::on;
}

SESAME_INLINE message_parser::progress message_parser::trailer_line(std::string_view line) {
  if (line.empty()) {
    step_ = step::done;
    return progress::complete;
  }
  if (!parse_field_line(line)) return fail(http_error::field);
  fields_size_ += line.size() + 2;
  if (fields_size_ > limits_.fields_size || fields_.size() + ++trailer_count_ > limits_.field_count)
    return fail(http_error::fields_size);
  return progress::on;
}

SESAME_INLINE message_parser::progress message_parser::endless_body() noexcept {
  body_size_ = size_ - body_begin_;
  if (body_size_ > limits_.body) return fail(http_error::body_size);
  at_ = size_;
  return progress::starved;
}

SESAME_INLINE void message_parser::close_gap() noexcept {
  if (!chunked_ || !in_body()) return;
  const auto end = body_begin_ + body_size_;
  const auto gap = at_ - end;
  if (gap == 0) return;
  std::memmove(data_ + end, data_ + at_, size_ - at_);
  size_ -= gap;
  at_ = end;
  scanned_ = scanned_ > gap + end ? scanned_ - gap : end;
}

}  // namespace sesame::inline v0::net::detail
