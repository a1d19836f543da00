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

SESAME_INLINE bool accepts(std::string_view accept, std::string_view type) {
  while (!accept.empty()) {
    const auto end = std::min(accept.find(','), accept.size());
    auto range = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    if (const auto parameters = range.find(';'); parameters != std::string_view::npos) {
      const auto quality = range.substr(parameters);
      range = range.substr(0, parameters);
      const auto none = quality.find("q=0");
      if (none != std::string_view::npos &&
          quality.find_first_of("123456789", none) == std::string_view::npos)
        continue;
    }
    range = net::detail::trim(range);
    const auto slash = type.find('/');
    if (range == "*/*" || net::detail::equal_ignoring_case(range, type) ||
        (range.size() == slash + 2 && range.ends_with("/*") &&
         net::detail::equal_ignoring_case(range.substr(0, slash), type.substr(0, slash))))
      return true;
  }
  return false;
}

SESAME_INLINE bool accepts(const net::http_request& request, std::string_view type) {
  bool asked = false;
  for (const auto& field : request.fields) {
    if (!net::detail::equal_ignoring_case(field.name, "Accept")) continue;
    if (accepts(field.value, type)) return true;
    asked = true;
  }
  return !asked;
}

SESAME_INLINE bool is_json(std::string_view content_type) {
  return net::detail::equal_ignoring_case(
      net::detail::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace sesame::inline v0::detail
