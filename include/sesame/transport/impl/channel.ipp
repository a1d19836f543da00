// What transport/channel.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/transport/channel.hpp"
#include "sesame/transport/pool.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE std::shared_ptr<message_channel> message_channel::open(engine& engine,
                                                                     asio::any_io_executor executor,
                                                                     output send) {
  return std::shared_ptr<message_channel>(
      new message_channel(engine, std::move(executor), std::move(send)));
}

SESAME_INLINE void message_channel::speak_for(std::shared_ptr<const principal> caller) {
  peer_.sends_tokens = false;
  caller_ = std::move(caller);
}

SESAME_INLINE void message_channel::receive(std::string_view text) {
  if (closed_) return;
  auto& places = detail::pool<workplace>::local();
  auto place = places.take(engine_.options().message);
  place->channel = this;
  place->out.clear();
  const auto became = engine_.begin(
      place->x,
      {.text = text, .out = &place->out, .sink = place.get(), .peer = &peer_, .caller = caller_});
  if (became == disposition::pending) {
    waiting_.insert(&place->x);
    asio::co_spawn(executor_, finish(shared_from_this(), std::move(place)), asio::detached);
    return;
  }
  if (became == disposition::answered) say(place->out, true);
  places.give(std::move(place));
  if (heard_ != peer_.session) hear_changes();
}

SESAME_INLINE void message_channel::close() {
  closed_ = true;
  ignore_changes();
  cancel();
}

SESAME_INLINE void message_channel::tell_changes() {
  if (!heard_) return;
  heard_->changes().take(
      [&](const detail::change& what) { return say(detail::notification_of(what), false); });
}

SESAME_INLINE void message_channel::hear_changes() {
  ignore_changes();
  heard_ = peer_.session;
  heard_->changes().on_change([weak = weak_from_this(), executor = executor_] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->tell_changes();
    });
  });
}

SESAME_INLINE void message_channel::ignore_changes() {
  if (heard_) heard_->changes().on_change({});
  heard_.reset();
}

SESAME_INLINE asio::awaitable<void> message_channel::finish(std::shared_ptr<message_channel> self,
                                                            std::unique_ptr<workplace> place) {
  co_await place->x.finish();
  if (!place->out.empty()) self->say(place->out, true);
  self->waiting_.erase(&place->x);
  if (!self->closed_ && self->heard_ != self->peer_.session) self->hear_changes();
  if (self->finished_) self->finished_();
  detail::pool<workplace>::local().give(std::move(place));
}

}  // namespace sesame::inline v0
