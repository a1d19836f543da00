// What transport/http_message.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/transport/http_message.hpp"

#include <asio/any_io_executor.hpp>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE void response_sink::begin(net::http_response& response) {
  response_ = &response;
  early.clear();
  live_ = false;
}

SESAME_INLINE void response_sink::detach(std::shared_ptr<session> in,
                                         std::shared_ptr<session_stream> stream) {
  executor_ = response_->executor();
  response_ = nullptr;
  session_ = std::move(in);
  stream_ = std::move(stream);
  for (auto& message : early) session_->streams().append(*stream_, std::move(message));
}

SESAME_INLINE void response_sink::end() {
  session_.reset();
  stream_.reset();
  executor_ = {};
}

SESAME_INLINE bool response_sink::send(std::string_view message) {
  if (stream_) {
    session_->streams().append(*stream_, std::string{message});
    return true;
  }
  if (!live_) {
    early.emplace_back(message);
    return true;
  }
  if (!response_->streaming() && !response_->begin_stream("text/event-stream")) return false;
  std::string event;
  net::append_event(event, {.data = message, .event = "message"});
  return response_->write(event);
}

// media-range, without its parameters
SESAME_INLINE bool covers(std::string_view range, std::string_view type) {
  if (net::detail::equal_ignoring_case(range, type) || range == "*/*") return true;
  const auto slash = type.find('/');
  return range.size() == slash + 2 && range.ends_with("/*") &&
         net::detail::equal_ignoring_case(range.substr(0, slash), type.substr(0, slash));
}

SESAME_INLINE bool accepts(const net::http_request& request,
                           std::initializer_list<std::string_view> types) {
  bool asked = false;
  unsigned taken = 0;  // of the types, a bit for each
  for (const auto& field : request.fields) {
    if (!net::detail::equal_ignoring_case(field.name, "Accept")) continue;
    asked = true;
    for (auto list = field.value; !list.empty();) {
      const auto end = std::min(list.find(','), list.size());
      auto range = list.substr(0, end);
      list.remove_prefix(std::min(end + 1, list.size()));
      if (const auto parameters = range.find(';'); parameters != std::string_view::npos) {
        const auto quality = range.substr(parameters);
        range = range.substr(0, parameters);
        const auto none = quality.find("q=0");
        if (none != std::string_view::npos &&
            quality.find_first_of("123456789", none) == std::string_view::npos)
          continue;
      }
      range = net::detail::trim(range);
      unsigned bit = 1;
      for (const auto type : types) {
        if (covers(range, type)) taken |= bit;
        bit <<= 1;
      }
    }
  }
  return !asked || taken == (1U << types.size()) - 1;
}

SESAME_INLINE bool is_json(std::string_view content_type) {
  return net::detail::equal_ignoring_case(
      net::detail::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace sesame::inline v0::detail
