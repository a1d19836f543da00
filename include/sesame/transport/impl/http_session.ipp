// Sessions over HTTP: their work does not depend on a connection. What a client gets travels on
// streams, of the session or of one of its requests, and a client that lost its connection goes on
// where it was (MCP 2025-03-26 to 2025-11-25, Streamable HTTP).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/server/session.hpp"
#include "sesame/transport/http.hpp"
#include "sesame/transport/write_all.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sesame::inline v0 {

namespace detail {

// A session's streams, which keep their session.
SESAME_INLINE std::shared_ptr<session_streams> streams_of(const std::shared_ptr<session>& in) {
  return {in, &in->streams()};
}

}  // namespace detail

// Serves a request on a stream of its session, and sends that stream on the connection of the
// request for as long as that is there.
SESAME_INLINE asio::awaitable<void> http_endpoint::serve_detached(handle place,
                                                                  net::http_response& response) {
  auto in = place->x.session();
  auto stream = in->streams().open();
  const net::doorbell bell{response.executor()};
  auto reader = std::make_unique<detail::stream_reader>(detail::streams_of(in), stream, bell);
  place->sink.detach(in, stream);
  asio::co_spawn(response.executor(), work(std::move(place), in, std::move(stream)),
                 asio::detached);
  return pump(*this, std::move(in), std::move(reader), bell, true, nullptr, response);
}

SESAME_INLINE asio::awaitable<void> http_endpoint::work(
    handle place, std::shared_ptr<detail::session> in,
    std::shared_ptr<detail::session_stream> stream) {
  co_await place->x.finish();
  in->streams().finish(*stream, std::move(place->out), place->x.status());
  place->sink.end();
  detail::pool<workplace>::local().give(std::move(place));
}

// Sends a stream of a session on one connection, until the stream ends or the connection does, or the
// token of the caller who has opened it by itself; the answer to a request is said in any case.
SESAME_INLINE asio::awaitable<void> http_endpoint::pump(
    const http_endpoint& self, std::shared_ptr<detail::session> in,
    std::unique_ptr<detail::stream_reader> reader, net::doorbell bell, bool of_request,
    std::shared_ptr<const principal> caller, net::http_response& response) {
  // After that time a client wants to know that it may come back.
  constexpr std::chrono::seconds silence{1};
  const auto patience = std::chrono::steady_clock::now() + silence;
  const auto part = self.options_.server.stream_buffer / 2;
  const auto end = engine::stream_end(caller.get());
  const bool resumes = in->wire().resumes_answers;
  response.on_disconnect([bell] { bell.ring(); });
  response.on_stop([bell] { bell.ring(); });
  while (!response.disconnected()) {
    const bool waits_for_answer = of_request && resumes && !response.streaming();
    const bool rung = co_await bell.rung(waits_for_answer ? std::min(patience, end) : end);
    if (!self.engine_.may_hear_on(caller)) break;
    if (!rung) reader->open();
    if (!of_request) in->gather_changes();
    auto next = reader->take();
    std::string events;
    if (next.opened && !response.streaming()) {
      response.begin_stream("text/event-stream");
      if (resumes)
        net::append_event(
            events,
            {.data = {}, .id = reader->id(), .retry = self.engine_.options().reconnect_delay});
    }
    for (const auto& event : next.events)
      net::append_event(
          events, {.data = event->message, .id = reader->id(event->number), .event = "message"});
    next.events.clear();
    if (!events.empty()) co_await detail::write_all(response, events, part);
    if (!next.last && !(response.stopping() && !of_request)) continue;
    if (!response.streaming() && !next.plain.empty()) {
      response.status = next.status;
      response.body = std::move(next.plain);
      response.add("Content-Type", "application/json");
    } else if (!response.streaming()) {
      // Cancelled: an event stream that ends says nothing.
      response.begin_stream("text/event-stream");
    }
    break;
  }
  // Whoever lost the connection has as long as any other to come back.
  in->touch();
  response.on_disconnect([] {});
  response.on_stop([] {});
}

// The session's own stream, or what is left of one that the client lost.
SESAME_INLINE std::optional<asio::awaitable<void>> http_endpoint::get(
    const net::http_request& request, net::http_response& response,
    std::shared_ptr<const principal> caller) {
  detail::request_fields fields;
  fields.request = &request;
  const auto found = engine_.find_session(fields, caller.get());
  if (!found) {
    fail(response, found.error());
    return std::nullopt;
  }
  const auto& in = *found;
  auto& streams = in->streams();
  auto stream = streams.own();
  std::optional<std::uint64_t> after;
  if (const auto last = request.field("Last-Event-ID")) {
    auto from = streams.find(*last);
    if (!from) {
      fail(response, 400, protocol::error_kind::invalid_request,
           "Last-Event-ID is none of this session, or what followed is not kept any more");
      return std::nullopt;
    }
    stream = std::move(from->stream);
    after = from->after;
  }
  const bool of_request = stream->number != 0;
  const net::doorbell bell{response.executor()};
  auto reader = std::make_unique<detail::stream_reader>(detail::streams_of(in), std::move(stream),
                                                        bell, after);
  reader->open();
  return pump(*this, in, std::move(reader), bell, of_request, std::move(caller), response);
}

SESAME_INLINE void http_endpoint::end_session(const net::http_request& request,
                                              net::http_response& response,
                                              const principal* caller) {
  detail::request_fields fields;
  fields.request = &request;
  if (const auto found = engine_.find_session(fields, caller); !found) {
    fail(response, found.error());
  } else {
    engine_.sessions().remove((*found)->id(), detail::session_owner(caller));
    response.status = 204;
  }
}

}  // namespace sesame::inline v0
