// What net/http_response.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/http_response.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::net {

SESAME_INLINE bool http_response::add(std::string_view name, std::string_view value) {
  using namespace std::string_view_literals;
  if (name.empty() || !detail::all_are(name, detail::token_character) ||
      !detail::is_field_value(value) || is_own(name))
    return false;
  fields_.append(name).append(": "sv).append(detail::trim(value)).append("\r\n"sv);
  return true;
}

SESAME_INLINE bool http_response::begin_stream(std::string_view content_type) {
  if (streaming_ || !add("Content-Type", content_type)) return false;
  if (is_event_stream(content_type)) {
    add("Cache-Control", "no-store");
    add("X-Accel-Buffering", "no");
  }
  streaming_ = true;
  return channel_->begin_stream(content_type);
}

SESAME_INLINE void http_response::on_disconnect(std::function<void()> call) {
  if (disconnected())
    channel_->call_soon(std::move(call));
  else
    disconnect_call_ = std::move(call);
}

SESAME_INLINE void http_response::on_stop(std::function<void()> call) {
  if (stopping())
    channel_->call_soon(std::move(call));
  else
    stop_call_ = std::move(call);
}

}  // namespace sesame::inline v0::net

namespace sesame::inline v0::net::detail {

SESAME_INLINE void response_access::reset(http_response& response, std::size_t keep) {
  response.status = 200;
  empty(response.body, keep);
  response.fields_.clear();
  if (response.disconnect_call_) response.disconnect_call_ = nullptr;
  if (response.stop_call_) response.stop_call_ = nullptr;
  response.closes_ = response.streaming_ = false;
}

}  // namespace sesame::inline v0::net::detail
