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

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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
  std::vector<std::shared_ptr<const stream_event>> unsent;  // to the reader
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

  /// The stream of the session itself, which is there once somebody has asked for it.
  [[nodiscard]] std::shared_ptr<session_stream> own();

  /// A new stream, for a request.
  std::shared_ptr<session_stream> open();

  /// A message before the answer.
  void append(session_stream& to, std::string message);

  /// The answer, with its HTTP status in case that it needs no stream; empty for none.
  void finish(session_stream& to, std::string answer, int status);

  /// Gives the connection back; the client comes for the rest.
  void let_go(session_stream& from);

  /// Says that there may be something new on the session's own stream.
  void ring_own();

  /// Where a client goes on that names this event as the last it has got. Nothing if the id is none
  /// of this session, or if what followed is not kept any more.
  struct position {
    std::shared_ptr<session_stream> stream;
    std::uint64_t after;
  };
  [[nodiscard]] std::optional<position> find(std::string_view id) const;

  /// Ends every connection that reads one of the streams; the clients may come back.
  void dismiss_readers();

  /// Ends all streams.
  void close();

  /// Whether some connection reads one of the streams.
  [[nodiscard]] bool being_read() const;

 private:
  friend class stream_reader;

  struct kept_event {
    std::shared_ptr<session_stream> stream;
    std::shared_ptr<const stream_event> event;
  };

  static bool parse(std::string_view text, std::uint64_t& to);

  void add(session_stream& to, std::string message, bool is_last);
  static void ring(session_stream& at);

  void keep(session_stream& to, std::shared_ptr<const stream_event> event);

  // Nobody can ask for anything of it any more.
  void drop_if_done(const session_stream& stream);

  const std::size_t most_bytes_;
  const std::size_t most_events_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<session_stream>> streams_;
  std::list<kept_event> kept_;  // of all streams, the oldest first
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
                net::doorbell bell, std::optional<std::uint64_t> after = {});
  stream_reader(const stream_reader&) = delete;
  stream_reader& operator=(const stream_reader&) = delete;
  ~stream_reader();

  /// What there is to be sent.
  struct portion {
    bool opened = false;  ///< as events; else the answer stands alone, if this is the last
    bool last = false;    ///< nothing comes after it on this connection
    std::vector<std::shared_ptr<const stream_event>> events;
    std::string plain;
    int status = 200;
  };
  [[nodiscard]] portion take();

  /// Makes events of whatever comes, unless the answer is there already.
  void open();

  /// The id of an event of the stream; of the one before the first that this reader gets, by
  /// default.
  [[nodiscard]] std::string id(std::optional<std::uint64_t> number = {}) const;

 private:
  friend class session_streams;

  void dismiss();

  std::shared_ptr<session_streams> all_;
  std::shared_ptr<session_stream> stream_;
  net::doorbell bell_;
  std::uint64_t start_ = 0;
  bool dismissed_ = false;
};

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/session_streams.ipp"
#endif
