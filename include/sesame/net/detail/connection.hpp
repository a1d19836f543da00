// One HTTP/1.1 connection: reads requests, calls the handler, writes answers (RFC 9112).
//
// It is a machine of callbacks on one thread. At most one read and one write are under way at any
// time. A request that is answered without suspending costs no allocation, no coroutine and one
// write; one that suspends is driven by a coroutine while the machine goes on reading (to notice
// when the peer leaves) and writing (what the handler streams).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/detail/input_buffer.hpp"
#include "sesame/net/detail/output.hpp"
#include "sesame/net/detail/worker.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_parser.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace sesame::inline v0::net::detail {

/// Calls a member function of a connection when an operation is done, and keeps the connection
/// until then.
template <auto Done, class Connection>
auto then(Connection* connection) {
  return [self = counted<Connection>(connection)](const std::error_code& failed, auto... results) {
    (self.operator->()->*Done)(failed, results...);
  };
}

/// `Stream` is `tcp_socket` or an `asio::ssl::stream` of one.
template <class Stream>
class connection final : public worker_connection, public response_channel {
  static constexpr bool plain = std::is_same_v<Stream, tcp_socket>;

 public:
  connection(worker& owner, Stream stream, const asio::ip::tcp::endpoint& peer,
             connection_slot slot)
      : worker_connection(owner),
        slot_(std::move(slot)),
        stream_(std::move(stream)),
        peer_address_(peer.address().to_string()),
        parser_(owner.options.limits),
        response_(*this) {
    request_.peer = {peer_address_, peer.port(), !plain};
    request_.body_padding = input_buffer::padding;
    parser_.reset();
  }

  void start() {
    std::error_code ignored;
    socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    deadline_ = now() + options().timeouts.header;
    if constexpr (plain) {
      socket().non_blocking(true, ignored);
      read();
    } else {
      stream_.async_handshake(Stream::server, then<&connection::on_handshake>(this));
    }
  }

  // What the worker wants.

  void tick(steady_time time) override {
    if (time >= write_deadline_) {
      lose_peer();
    } else if (time >= deadline_) {
      on_timeout();
    } else if (worker_.shared.crowded && phase_ == phase::idle) {
      retire();
    } else if (worker_.shared.crowded && lingering_ &&
               time >= deadline_ - linger_time + crowded_linger_time) {
      close();
    } else if (event_stream_ && !writing_ && out_.empty() &&
               time - last_write_ >= options().timeouts.keep_alive_comment) {
      write_stream(":\n\n");
    }
  }

  void stop() override {
    if (phase_ == phase::handling)
      tell(response_access::tell_stop);
    else if (phase_ == phase::handshake)
      close();
    else if (waits_for_first_byte())
      retire();
  }

  void abort() override { lose_peer(); }

  // What the response wants.

  asio::any_io_executor executor() override { return socket().get_executor(); }
  [[nodiscard]] bool disconnected() const override { return gone_; }
  [[nodiscard]] bool stopping() const override { return worker_.stopping(); }

  void call_soon(std::function<void()> call) override {
    asio::post(socket().get_executor(), [self = counted(this), call = std::move(call)] { call(); });
  }

  bool begin_stream(std::string_view content_type) override {
    if (gone_) return false;
    if (request_.method == "HEAD" || !has_body(response_.status))
      framing_ = framing::nothing;
    else
      framing_ = request_.minor_version == 0 ? framing::until_close : framing::chunks;
    if (framing_ == framing::until_close) keep_alive_ = false;
    event_stream_ = framing_ != framing::nothing && http_response::is_event_stream(content_type);
    begin_answer(std::nullopt);
    flush_soon();
    return true;
  }

  bool write_stream(std::string_view bytes) override {
    constexpr std::size_t chunk_framing = 20;
    if (gone_ || framing_ == framing::nothing) return false;
    if (bytes.empty()) return true;
    const auto waiting = out_.size() + sending_.size() - sent_;
    const auto bound = options().stream_buffer;
    if (waiting + chunk_framing > bound || bytes.size() > bound - chunk_framing - waiting)
      return false;
    if (framing_ == framing::until_close)
      out_.head += bytes;
    else
      out_.append_chunk(bytes);
    flush_soon();
    return true;
  }

 private:
  enum class phase : unsigned char {
    handshake,  // TLS
    head,       // the head of a request is arriving, or the first one is awaited
    body,       // its body is arriving
    answering,  // a handler is called, or its answer is being sent
    handling,   // a handler is suspended
    idle,       // another request is awaited
    closing,    // the last answer is being sent, or what the peer still sends is thrown away
  };

  /// How the end of a stream is told.
  enum class framing : unsigned char { nothing, chunks, until_close };

  static constexpr std::size_t least_room = std::size_t{2} << 10;  // of a read
  // A peer that waits for an answer sends little meanwhile, if anything.
  static constexpr std::size_t first_ahead = 64;
  static constexpr std::size_t most_ahead = std::size_t{16} << 10;
  static constexpr std::size_t copied_body = std::size_t{16} << 10;    // larger ones are not copied
  static constexpr std::size_t enough_output = std::size_t{64} << 10;  // then it is sent
  static constexpr std::chrono::seconds linger_time{2};
  static constexpr std::chrono::milliseconds crowded_linger_time{100};

  [[nodiscard]] const http_options& options() const noexcept { return worker_.options; }
  [[nodiscard]] static steady_time now() { return std::chrono::steady_clock::now(); }
  [[nodiscard]] tcp_socket& socket() noexcept {
    if constexpr (plain)
      return stream_;
    else
      return stream_.next_layer();
  }
  [[nodiscard]] bool waits_for_first_byte() const noexcept {
    return (phase_ == phase::idle || phase_ == phase::head) && in_.empty() && !writing_;
  }

  /// Closes, unless a request has come meanwhile. The bytes of one may be in the kernel, or may
  /// have been read by an operation whose completion waits its turn; only a cancelled read tells.
  void retire() {
    retiring_ = true;
    std::error_code ignored;
    socket().cancel(ignored);
  }
  void close_if_silent() {
    retiring_ = false;
    std::error_code failed;
    if (socket().available(failed) == 0 || failed)
      close();
    else
      read();
  }

  // Reading.

  void on_handshake(const std::error_code& failed) {
    if (failed) return close();
    phase_ = phase::head;
    read();
  }

  /// Reads on: into the buffer, or, while views into that are in use, beside it.
  void read() {
    if (reading_ || gone_) return;
    asio::mutable_buffer where;
    read_beside_ = phase_ == phase::handling;
    if (read_beside_) {
      // A full one means that a leaving peer goes unnoticed until something is sent.
      if (ahead_.size() >= most_ahead) return;
      read_at_ = ahead_.prepare(1);
      where = asio::buffer(read_at_, ahead_.room());
    } else {
      // A large body gets its room as it arrives, not when it is announced.
      const auto wanted = std::max(parser_.missing(), least_room);
      auto* room = in_.prepare(std::min(wanted, std::max(least_room, in_.size())));
      where = asio::buffer(room, in_.room());
    }
    reading_ = true;
    stream_.async_read_some(where, then<&connection::on_read>(this));
  }

  void on_read(const std::error_code& failed, std::size_t count) {
    reading_ = false;
    if (phase_ == phase::closing) {
      if (!failed) return linger();
      ends_ = true;
      if (!writing_) close();
      return;
    }
    if (phase_ == phase::handling) {
      if (failed) return lose_peer();
      keep_ahead(count);
      return read();
    }
    if (failed == asio::error::operation_aborted && retiring_) return close_if_silent();
    retiring_ = false;
    if (failed) {
      // The answer to what came before may still be on its way to a peer that has only stopped
      // sending.
      if (!writing_) return close();
      ends_ = true;
      return;
    }
    if (read_beside_)
      in_.append({read_at_, count});
    else
      in_.commit(count);
    if (!writing_) process();
  }

  /// Keeps what was read beside the buffer. It is in its place already, unless the request before was
  /// still in work when the read began; then there is room for it at the front.
  void keep_ahead(std::size_t count) {
    std::memmove(ahead_.prepare(count), read_at_, count);
    ahead_.commit(count);
  }

  /// Answers what has arrived, as far as it has.
  void process() {
    for (;;) {
      auto size = in_.size();
      switch (parser_.parse(in_.data(), size, request_)) {
        case http_parser::status::complete:
          if (!handle() || !finish_answer()) return;
          break;
        case http_parser::status::failed:
          return refuse(parser_.error());
        case http_parser::status::need_more:
          in_.truncate(size);
          if (parser_.wants_continue() && !std::exchange(continued_, true))
            out_.head += "HTTP/1.1 100 Continue\r\n\r\n";
          if (ends_) return finish();
          if (flush()) await_bytes();
          return;
      }
    }
  }

  void await_bytes() {
    const auto& times = options().timeouts;
    const auto before = phase_;
    if (parser_.in_body())
      phase_ = phase::body;
    else
      phase_ = in_.empty() && requests_ != 0 ? phase::idle : phase::head;
    if (phase_ == phase::idle) {
      in_.release_above(heavy);
      deadline_ = now() + times.idle;
      if (worker_.stopping()) return close_if_silent();
    } else if (phase_ != before) {
      deadline_ = now() + (phase_ == phase::body ? times.body : times.header);
    }
    read();
  }

  void refuse(http_error why) {
    const auto [status, text] = describe(why);
    response_access::reset(response_, heavy);
    response_.status = status;
    response_.body = text;
    response_.add("Content-Type", "text/plain");
    request_.method = {};
    request_.minor_version = 1;
    keep_alive_ = false;
    append_answer();
    finish();
  }

  void on_timeout() {
    deadline_ = never;
    if (phase_ == phase::body || (phase_ == phase::head && !in_.empty()))
      refuse(http_error::timeout);
    else
      close();
  }

  // Handling.

  /// Calls the handler. False if it is suspended.
  bool handle() {
    deadline_ = never;
    phase_ = phase::answering;
    ++requests_;
    keep_alive_ = parser_.keep_alive() && requests_ < options().requests_per_connection &&
                  !worker_.shared.crowded;
    response_access::reset(response_, heavy);
    try {
      auto pending = worker_.handle.call(worker_.handle.handler, request_, response_);
      if (!pending) return true;
      phase_ = phase::handling;
      asio::co_spawn(socket().get_executor(), std::move(*pending),
                     [self = counted(this)](std::exception_ptr thrown) {
                       self->on_handled(std::move(thrown));
                     });
    } catch (...) {
      phase_ = phase::answering;
      return on_thrown(std::current_exception());
    }
    flush();
    read();
    return false;
  }

  void on_handled(std::exception_ptr thrown) {
    phase_ = phase::answering;
    if (gone_) {
      event_stream_ = false;
      response_access::reset(response_, 0);
      if (thrown) on_thrown(std::move(thrown));
      return;
    }
    if (thrown && !on_thrown(std::move(thrown))) return;
    if (finish_answer()) process();
  }

  /// Reports, and makes a 500 of the answer. False if it is too late for that.
  bool on_thrown(std::exception_ptr thrown) {
    report(std::move(thrown));
    if (gone_) return false;
    if (response_.streaming()) {
      // The peer must not take what it has for the whole.
      lose_peer();
      return false;
    }
    response_access::reset(response_, heavy);
    response_.status = 500;
    response_.body = "internal server error\n";
    response_.add("Content-Type", "text/plain");
    return true;
  }

  void report(std::exception_ptr thrown) {
    try {
      std::rethrow_exception(std::move(thrown));
    } catch (const std::exception& what) {
      worker_.report(what.what());
    } catch (...) {
      worker_.report("a handler threw something that is no std::exception");
    }
  }

  /// Puts the rest of the answer into the output and makes ready for the next request. False if
  /// that has to wait, or will not come.
  bool finish_answer() {
    if (!response_.streaming())
      append_answer();
    else if (framing_ == framing::chunks)
      out_.head += "0\r\n\r\n";
    event_stream_ = false;
    if (!keep_alive_) {
      finish();
      return false;
    }
    in_.consume(parser_.consumed());
    parser_.reset();
    continued_ = false;
    // A read that is still under way beside the buffer will bring its bytes when it is done.
    in_.append({ahead_.data(), ahead_.size()});
    ahead_.consume(ahead_.size());
    return out_.size() < enough_output && out_.body.empty() ? true : flush();
  }

  // Writing.

  void begin_answer(std::optional<std::size_t> length) {
    if (response_access::closes(response_) || worker_.stopping()) keep_alive_ = false;
    response_head head;
    head.status = response_.status;
    head.request_minor_version = request_.minor_version;
    head.date_line = worker_.date_line();
    head.fields = response_access::fields(response_);
    head.length = length;
    head.keep_alive = keep_alive_;
    append_head(out_.head, head);
  }

  void append_answer() {
    auto& body = response_.body;
    begin_answer(body.size());
    if (!has_body(response_.status) || request_.method == "HEAD") return;
    if (body.size() <= copied_body)
      out_.head += body;
    else
      std::swap(out_.body, body);
  }

  /// Flushes once the handler has suspended.
  void flush_soon() {
    if (writing_ || std::exchange(flush_pending_, true)) return;
    asio::post(socket().get_executor(), [self = counted(this)] {
      self->flush_pending_ = false;
      // The end of the answer may have come first, and has seen to it.
      if (self->phase_ == phase::handling) self->flush();
    });
  }

  /// Sends what is to be sent. True if nothing is left; else a write is under way, or failed.
  bool flush() {
    if (writing_ || gone_) return false;
    if (out_.empty()) return true;
    sending_.swap(out_);
    sent_ = 0;
    if (event_stream_) last_write_ = now();
    if constexpr (plain) {
      std::error_code failed;
      // One part alone is sent by the simpler system call.
      sent_ = sending_.body.empty() ? socket().write_some(asio::buffer(sending_.head), failed)
                                    : socket().write_some(sending_.after(sent_), failed);
      if (failed && failed != asio::error::would_block && failed != asio::error::try_again) {
        // The peer's leaving is told by the read, not inside of what may be the handler's call.
        sent_ = 0;
      } else if (sent_ == sending_.size()) {
        sent_all();
        return true;
      }
    }
    writing_ = true;
    write();
    return false;
  }

  void write() {
    write_deadline_ = now() + options().timeouts.write;
    stream_.async_write_some(sending_.after(sent_), then<&connection::on_written>(this));
  }

  void sent_all() {
    // Most of the time there is nothing on a stream.
    sending_.clear(event_stream_ ? 0 : heavy);
    sent_ = 0;
  }

  void on_written(const std::error_code& failed, std::size_t count) {
    if (failed) {
      writing_ = false;
      write_deadline_ = never;
      return lose_peer();
    }
    sent_ += count;
    if (sent_ < sending_.size()) return write();
    sent_all();
    writing_ = false;
    write_deadline_ = never;
    last_write_ = now();
    if (!flush()) return;
    if (phase_ == phase::handling) return;
    if (phase_ == phase::closing) return finish();
    process();
  }

  // Leaving.

  /// Sends what is left to send, then closes in order.
  void finish() {
    phase_ = phase::closing;
    deadline_ = never;
    if (!flush()) return;
    if (ends_) return close();
    deadline_ = now() + linger_time;
    if constexpr (plain)
      on_shutdown({});
    else
      stream_.async_shutdown(then<&connection::on_shutdown>(this));
  }

  /// Closing a socket with unread bytes resets the connection, and the peer may lose the answer; so
  /// what still comes is read for a while (RFC 9112, section 9.6).
  void on_shutdown(const std::error_code& /*failed*/) {
    std::error_code failed;
    socket().shutdown(tcp_socket::shutdown_send, failed);
    if (failed) return close();
    lingering_ = true;
    linger();
  }

  void linger() {
    if (!lingering_ || reading_ || gone_) return;
    auto* room = ahead_.prepare(least_room);
    socket().async_read_some(asio::buffer(room, ahead_.room()),
                             [self = counted(this)](const std::error_code& failed, std::size_t) {
                               if (failed) return self->close();
                               self->linger();
                             });
  }

  void close() {
    gone_ = true;
    phase_ = phase::closing;
    deadline_ = write_deadline_ = never;
    std::error_code ignored;
    socket().close(ignored);
  }

  /// The peer is gone, or not worth waiting for. A suspended handler is told.
  void lose_peer() {
    if (gone_) return;
    const bool handling = phase_ == phase::handling;
    close();
    if (handling) {
      phase_ = phase::handling;
      tell(response_access::tell_disconnect);
    }
  }

  /// Callbacks of a handler must not throw; one that does is reported and harms nobody else.
  void tell(void (*what)(http_response&)) {
    try {
      what(response_);
    } catch (...) {
      report(std::current_exception());
    }
  }

  connection_slot slot_;
  Stream stream_;
  std::string peer_address_;
  phase phase_ = plain ? phase::head : phase::handshake;
  bool reading_ = false, read_beside_ = false, writing_ = false, flush_pending_ = false;
  framing framing_ = framing::nothing;
  bool keep_alive_ = true, continued_ = false, event_stream_ = false;
  bool retiring_ = false;   // to be closed if no request comes
  bool ends_ = false;       // the peer sends no more; what is being sent is the last
  bool lingering_ = false;  // everything is sent
  bool gone_ = false;       // the socket is closed
  steady_time deadline_ = never, write_deadline_ = never, last_write_{};
  std::size_t requests_ = 0;
  input_buffer in_{least_room};
  input_buffer ahead_{first_ahead};  // what a peer sends while a handler is suspended
  char* read_at_ = nullptr;          // where in that the read puts it that is under way
  output out_, sending_;
  std::size_t sent_ = 0;
  http_parser parser_;
  http_request request_;
  http_response response_;
};

}  // namespace sesame::inline v0::net::detail
