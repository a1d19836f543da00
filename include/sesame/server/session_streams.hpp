// The event streams of a session: what goes to the client, on whatever connection it has for that,
// and what is kept for one that lost its connection and comes back (MCP 2025-03-26 to 2025-11-25,
// Streamable HTTP, "Resumability and Redelivery").
//
// A stream belongs to one request, or, as number 0, to the session itself. Its events are numbered;
// an event's id is `<stream>-<number>`. A connection reads a stream by a `stream_reader`, one at a
// time.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/doorbell.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

/// One message on a stream.
struct stream_event {
  std::uint64_t number = 0;  ///< from 1 on, within its stream
  std::string message;
};

class stream_reader;

/// One stream. All of it is guarded by the `session_streams` it belongs to.
struct session_stream {
  explicit session_stream(std::uint64_t own_number) : number(own_number) {}

  const std::uint64_t number;
  std::uint64_t last = 0;       // the number of its newest event
  std::uint64_t forgotten = 0;  // the number of the newest event that is not kept any more
  std::size_t kept = 0;
  bool opened = false;  // the client knows an id of it, so that it can come back
  bool finished = false;
  std::string plain;  // the answer of one that was not opened
  int status = 200;
  stream_reader* reader = nullptr;
  std::deque<std::shared_ptr<const stream_event>> unsent;  // to the reader
  std::size_t unsent_bytes = 0;
};

/// All streams of one session. May be used by several threads at once.
class session_streams {
 public:
  /// Keeps as many events, and no more bytes than that unless a single event has more.
  session_streams(std::size_t bytes, std::size_t events)
      : most_bytes_(bytes), most_events_(events) {}
  session_streams(const session_streams&) = delete;
  session_streams& operator=(const session_streams&) = delete;

  /// The stream of the session itself.
  [[nodiscard]] const std::shared_ptr<session_stream>& own() const noexcept { return own_; }

  /// A new stream, for a request.
  std::shared_ptr<session_stream> open() {
    const std::scoped_lock lock{mutex_};
    auto made = std::make_shared<session_stream>(++opened_);
    streams_.emplace(made->number, made);
    return made;
  }

  /// A message before the answer.
  void append(session_stream& to, std::string message) {
    const std::scoped_lock lock{mutex_};
    add(to, std::move(message), false);
  }

  /// The answer, with its HTTP status in case that it needs no stream; empty for none.
  void finish(session_stream& to, std::string answer, int status) {
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

  /// Gives the connection back; the client comes for the rest.
  void let_go(session_stream& from);

  /// Says that there may be something new on the session's own stream.
  void ring_own() {
    const std::scoped_lock lock{mutex_};
    ring(*own_);
  }

  /// Where a client goes on that names this event as the last it has got. Nothing if the id is none
  /// of this session, or if what followed is not kept any more.
  struct position {
    std::shared_ptr<session_stream> stream;
    std::uint64_t after;
  };
  [[nodiscard]] std::optional<position> find(std::string_view id) const {
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

  /// Ends every connection that reads one of the streams; the clients may come back.
  void dismiss_readers();

  /// Ends all streams.
  void close() {
    {
      const std::scoped_lock lock{mutex_};
      closed_ = true;
    }
    dismiss_readers();
  }

  /// Whether some connection reads one of the streams.
  [[nodiscard]] bool being_read() const {
    const std::scoped_lock lock{mutex_};
    return readers_ != 0;
  }

 private:
  friend class stream_reader;

  struct kept_event {
    std::shared_ptr<session_stream> stream;
    std::shared_ptr<const stream_event> event;
  };

  static bool parse(std::string_view text, std::uint64_t& to) {
    const auto* const end = text.data() + text.size();
    const auto got = std::from_chars(text.data(), end, to);
    return got.ec == std::errc{} && got.ptr == end;
  }

  void add(session_stream& to, std::string message, bool is_last);
  static void ring(session_stream& at);

  void keep(session_stream& to, std::shared_ptr<const stream_event> event) {
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

  // Nobody can ask for anything of it any more.
  void drop_if_done(const session_stream& stream) {
    if (stream.finished && stream.kept == 0 && stream.reader == nullptr)
      streams_.erase(stream.number);
  }

  const std::size_t most_bytes_;
  const std::size_t most_events_;
  const std::shared_ptr<session_stream> own_ = std::make_shared<session_stream>(0);
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<session_stream>> streams_{{0, own_}};
  std::deque<kept_event> kept_;  // of all streams, the oldest first
  std::size_t bytes_ = 0;
  std::uint64_t opened_ = 0;
  std::size_t readers_ = 0;
  bool closed_ = false;
};

/// A connection that reads a stream. Whoever comes last reads; a connection before it, which the
/// client may have lost without the server's knowing, is dismissed.
class stream_reader {
 public:
  /// `bell` is rung whenever there is something to take, and for the first time at once. With
  /// `after`, everything behind that event is read again.
  stream_reader(std::shared_ptr<session_streams> all, std::shared_ptr<session_stream> stream,
                net::doorbell bell, std::optional<std::uint64_t> after = {})
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
  stream_reader(const stream_reader&) = delete;
  stream_reader& operator=(const stream_reader&) = delete;
  ~stream_reader() {
    const std::scoped_lock lock{all_->mutex_};
    --all_->readers_;
    if (stream_->reader != this) return;
    stream_->reader = nullptr;
    stream_->unsent.clear();
    stream_->unsent_bytes = 0;
    all_->drop_if_done(*stream_);
  }

  /// What there is to be sent.
  struct portion {
    bool opened = false;  ///< as events; else the answer stands alone, if this is the last
    bool last = false;    ///< nothing comes after it on this connection
    std::vector<std::shared_ptr<const stream_event>> events;
    std::string plain;
    int status = 200;
  };
  [[nodiscard]] portion take() {
    const std::scoped_lock lock{all_->mutex_};
    portion next;
    auto& s = *stream_;
    next.opened = s.opened;
    next.last = dismissed_ || s.finished;
    if (s.reader != this) return next;
    next.events.assign(s.unsent.begin(), s.unsent.end());
    s.unsent.clear();
    s.unsent_bytes = 0;
    next.plain = std::move(s.plain);
    next.status = s.status;
    return next;
  }

  /// Makes events of whatever comes, unless the answer is there already.
  void open() {
    const std::scoped_lock lock{all_->mutex_};
    if (!stream_->finished) stream_->opened = true;
  }

  /// The id of an event of the stream; of the one before the first that this reader gets, by
  /// default.
  [[nodiscard]] std::string id(std::optional<std::uint64_t> number = {}) const {
    return std::to_string(stream_->number) + '-' + std::to_string(number.value_or(start_));
  }

 private:
  friend class session_streams;

  void dismiss() {
    dismissed_ = true;
    bell_.ring();
  }

  std::shared_ptr<session_streams> all_;
  std::shared_ptr<session_stream> stream_;
  net::doorbell bell_;
  std::uint64_t start_ = 0;
  bool dismissed_ = false;
};

inline void session_streams::ring(session_stream& at) {
  if (at.reader != nullptr) at.reader->bell_.ring();
}

inline void session_streams::add(session_stream& to, std::string message, bool is_last) {
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

inline void session_streams::let_go(session_stream& from) {
  const std::scoped_lock lock{mutex_};
  if (from.finished || from.reader == nullptr) return;
  from.opened = true;
  from.reader->dismiss();
}

inline void session_streams::dismiss_readers() {
  const std::scoped_lock lock{mutex_};
  for (const auto& [number, stream] : streams_)
    if (stream->reader != nullptr) stream->reader->dismiss();
}

}  // namespace sesame::inline v0::detail
