// What a request and a response of HTTP are to the engine: the fields of a message, and the way that
// messages take that leave before the answer.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/sse.hpp"
#include "sesame/server/exchange.hpp"

#include <asio/any_io_executor.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

class request_fields final : public message_fields {
 public:
  const net::http_request* request = nullptr;
  std::optional<std::string_view> field(std::string_view name) const override {
    return request->field(name);
  }
  bool repeated(std::string_view name) const override { return request->repeated(name); }
};

// What leaves before the answer turns the response into an event stream. What a plain function
// sends is kept and leaves together with its answer, since nothing can be written before it
// returns.
class response_sink final : public message_sink {
 public:
  std::vector<std::string> early;

  void begin(net::http_response& response) {
    response_ = &response;
    early.clear();
    live_ = false;
  }
  /// From here on messages leave by the response as they come.
  void go_live() { live_ = true; }
  /// From here on they go to a stream of the session, and the response is not used any more.
  void detach(std::shared_ptr<session> in, std::shared_ptr<session_stream> stream) {
    executor_ = response_->executor();
    response_ = nullptr;
    session_ = std::move(in);
    stream_ = std::move(stream);
    for (auto& message : early) session_->streams().append(*stream_, std::move(message));
  }
  void end() {
    session_.reset();
    stream_.reset();
    executor_ = {};
  }

  bool send(std::string_view message) override {
    if (stream_) {
      session_->streams().append(*stream_, std::string{message});
      return true;
    }
    if (!live_) {
      early.emplace_back(message);
      return true;
    }
    if (!response_->streaming() && !response_->begin_stream("text/event-stream")) return false;
    scratch_.clear();
    net::append_event(scratch_, {.data = message, .event = "message"});
    return response_->write(scratch_);
  }
  void close() override {
    if (stream_) session_->streams().let_go(*stream_);
  }
  asio::any_io_executor executor() override {
    return response_ != nullptr ? response_->executor() : executor_;
  }

 private:
  net::http_response* response_ = nullptr;
  bool live_ = false;
  std::string scratch_;
  asio::any_io_executor executor_;
  std::shared_ptr<session> session_;
  std::shared_ptr<session_stream> stream_;
};

// Whether an Accept field takes a media type (RFC 9110, section 12.5.1), as far as a server that
// has one representation must know.
inline bool accepts(std::string_view accept, std::string_view type) {
  while (!accept.empty()) {
    const auto end = std::min(accept.find(','), accept.size());
    auto range = accept.substr(0, end);
    accept.remove_prefix(std::min(end + 1, accept.size()));
    const auto parameters = range.find(';');
    const auto quality =
        parameters == std::string_view::npos ? std::string_view{} : range.substr(parameters);
    range = net::detail::trim(range.substr(0, parameters));
    if (quality.find("q=0") != std::string_view::npos &&
        quality.find_first_of("123456789", quality.find("q=0")) == std::string_view::npos)
      continue;
    const auto slash = type.find('/');
    if (range == "*/*" || net::detail::equal_ignoring_case(range, type) ||
        (range.size() == slash + 2 && range.ends_with("/*") &&
         net::detail::equal_ignoring_case(range.substr(0, slash), type.substr(0, slash))))
      return true;
  }
  return false;
}

// A list may be spread over several fields. A request without any takes everything.
inline bool accepts(const net::http_request& request, std::string_view type) {
  bool asked = false;
  for (const auto& field : request.fields) {
    if (!net::detail::equal_ignoring_case(field.name, "Accept")) continue;
    if (accepts(field.value, type)) return true;
    asked = true;
  }
  return !asked;
}

inline bool is_json(std::string_view content_type) {
  return net::detail::equal_ignoring_case(
      net::detail::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}

}  // namespace sesame::inline v0::detail
