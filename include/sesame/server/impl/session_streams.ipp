// What server/session_streams.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/server/session_streams.hpp"

#include <charconv>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE std::shared_ptr<session_stream> session_streams::own() {
  const std::scoped_lock lock{mutex_};
  auto& own = streams_[0];
  if (!own) own = std::make_shared<session_stream>(0);
  return own;
}

SESAME_INLINE std::shared_ptr<session_stream> session_streams::open() {
  const std::scoped_lock lock{mutex_};
  auto made = std::make_shared<session_stream>(++opened_);
  streams_.emplace(made->number, made);
  return made;
}

SESAME_INLINE void session_streams::append(session_stream& to, std::string message) {
  const std::scoped_lock lock{mutex_};
  add(to, std::move(message), false);
}

SESAME_INLINE void session_streams::finish(session_stream& to, std::string answer, int status) {
  const std::scoped_lock lock{mutex_};
  if (!answer.empty() && to.opened) {
    add(to, std::move(answer), true);
  } else if (to.reader != nullptr) {
    to.plain = std::move(answer);
    to.status = status;
  }
  to.finished = true;
  ring(to);
  drop_if_done(to);
}

SESAME_INLINE void session_streams::ring_own() {
  const std::scoped_lock lock{mutex_};
  if (const auto own = streams_.find(0); own != streams_.end()) ring(*own->second);
}

SESAME_INLINE std::optional<session_streams::position> session_streams::find(
    std::string_view id) const {
  std::uint64_t number = 0;
  std::uint64_t after = 0;
  const auto dash = id.find('-');
  if (dash == std::string_view::npos || !parse(id.substr(0, dash), number) ||
      !parse(id.substr(dash + 1), after))
    return std::nullopt;
  const std::scoped_lock lock{mutex_};
  const auto found = streams_.find(number);
  if (found == streams_.end()) return std::nullopt;
  const auto& stream = *found->second;
  if (!stream.opened || after > stream.last || after < stream.forgotten) return std::nullopt;
  return position{found->second, after};
}

SESAME_INLINE void session_streams::close() {
  {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
  }
  dismiss_readers();
}

SESAME_INLINE bool session_streams::being_read() const {
  const std::scoped_lock lock{mutex_};
  return readers_ != 0;
}

SESAME_INLINE bool session_streams::parse(std::string_view text, std::uint64_t& to) {
  const auto* const end = text.data() + text.size();
  const auto got = std::from_chars(text.data(), end, to);
  return got.ec == std::errc{} && got.ptr == end;
}

SESAME_INLINE void session_streams::keep(session_stream& to,
                                         std::shared_ptr<const stream_event> event) {
  bytes_ += event->message.size();
  ++to.kept;
  kept_.push_back({streams_.at(to.number), std::move(event)});
  while (kept_.size() > 1 && (bytes_ > most_bytes_ || kept_.size() > most_events_)) {
    const auto oldest = std::move(kept_.front());
    kept_.pop_front();
    bytes_ -= oldest.event->message.size();
    --oldest.stream->kept;
    oldest.stream->forgotten = oldest.event->number;
    drop_if_done(*oldest.stream);
  }
}

SESAME_INLINE void session_streams::drop_if_done(const session_stream& stream) {
  if (stream.finished && stream.kept == 0 && stream.reader == nullptr)
    streams_.erase(stream.number);
}

SESAME_INLINE stream_reader::stream_reader(std::shared_ptr<session_streams> all,
                                           std::shared_ptr<session_stream> stream,
                                           net::doorbell bell, std::optional<std::uint64_t> after)
    : all_(std::move(all)), stream_(std::move(stream)), bell_(std::move(bell)) {
  const std::scoped_lock lock{all_->mutex_};
  auto& s = *stream_;
  if (s.reader != nullptr) s.reader->dismiss();
  s.reader = this;
  ++all_->readers_;
  start_ = after.value_or(s.last);
  s.unsent.clear();
  s.unsent_bytes = 0;
  bell_.ring();
  // What was forgotten since the place was looked up cannot be made up for.
  dismissed_ = all_->closed_ || start_ < s.forgotten;
  if (dismissed_) return;
  for (const auto& [of, event] : all_->kept_) {
    if (of != stream_ || event->number <= start_) continue;
    s.unsent.push_back(event);
    s.unsent_bytes += event->message.size();
  }
}

SESAME_INLINE stream_reader::~stream_reader() {
  const std::scoped_lock lock{all_->mutex_};
  --all_->readers_;
  if (stream_->reader != this) return;
  stream_->reader = nullptr;
  stream_->unsent.clear();
  stream_->unsent_bytes = 0;
  all_->drop_if_done(*stream_);
}

SESAME_INLINE stream_reader::portion stream_reader::take() {
  const std::scoped_lock lock{all_->mutex_};
  portion next;
  auto& s = *stream_;
  next.opened = s.opened;
  next.last = dismissed_ || s.finished;
  if (s.reader != this) return next;
  next.events = std::exchange(s.unsent, {});
  s.unsent_bytes = 0;
  next.plain = std::move(s.plain);
  next.status = s.status;
  return next;
}

SESAME_INLINE void stream_reader::open() {
  const std::scoped_lock lock{all_->mutex_};
  if (!stream_->finished) stream_->opened = true;
}

SESAME_INLINE std::string stream_reader::id(std::optional<std::uint64_t> number) const {
  return std::to_string(stream_->number) + '-' + std::to_string(number.value_or(start_));
}

SESAME_INLINE void stream_reader::dismiss() {
  dismissed_ = true;
  bell_.ring();
}

SESAME_INLINE void session_streams::ring(session_stream& at) {
  if (at.reader != nullptr) at.reader->bell_.ring();
}

SESAME_INLINE void session_streams::add(session_stream& to, std::string message, bool is_last) {
  if (closed_) return;
  to.opened = true;
  const auto size = message.size();
  const auto event = std::make_shared<const stream_event>(
      stream_event{.number = ++to.last, .message = std::move(message)});
  if (to.reader != nullptr && !to.reader->dismissed_) {
    to.unsent.push_back(event);
    to.unsent_bytes += size;
    if (!is_last && to.unsent_bytes > most_bytes_) {
      // Too slow to be waited for: the client gets the rest when it comes back, as far as it is
      // kept.
      to.unsent.clear();
      to.unsent_bytes = 0;
      to.reader->dismiss();
    } else {
      ring(to);
    }
  }
  keep(to, event);
}

SESAME_INLINE void session_streams::let_go(session_stream& from) {
  const std::scoped_lock lock{mutex_};
  if (from.finished || from.reader == nullptr) return;
  from.opened = true;
  from.reader->dismiss();
}

SESAME_INLINE void session_streams::dismiss_readers() {
  const std::scoped_lock lock{mutex_};
  for (const auto& [number, stream] : streams_)
    if (stream->reader != nullptr) stream->reader->dismiss();
}

}  // namespace sesame::inline v0::detail
