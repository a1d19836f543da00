// What a request and a response of HTTP are to the engine: the fields of a message, and the way that
// messages take that leave before the answer.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/server/exchange.hpp"

#include <asio/any_io_executor.hpp>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::detail {

class request_fields final : public message_fields {
 public:
  const net::http_request* request = nullptr;
  std::optional<std::string_view> field(std::string_view name) const override {
    return request->field(name);
  }
  std::optional<std::string_view> only(std::string_view name) const override {
    return request->only(name);
  }
};

// What leaves before the answer turns the response into an event stream. What a plain function
// sends is kept and leaves together with its answer, since nothing can be written before it
// returns.
class response_sink final : public message_sink {
 public:
  std::vector<std::string> early;

  void begin(net::http_response& response);
  /// From here on messages leave by the response as they come.
  void go_live() { live_ = true; }
  /// From here on they go to a stream of the session, and the response is not used any more.
  void detach(std::shared_ptr<session> in, std::shared_ptr<session_stream> stream);
  void end();

  bool send(std::string_view message) override;
  void close() override {
    if (stream_) session_->streams().let_go(*stream_);
  }
  asio::any_io_executor executor() override {
    return response_ != nullptr ? response_->executor() : executor_;
  }

 private:
  net::http_response* response_ = nullptr;
  bool live_ = false;
  asio::any_io_executor executor_;
  std::shared_ptr<session> session_;
  std::shared_ptr<session_stream> stream_;
};

// Whether the Accept fields take each of these media types (RFC 9110, section 12.5.1), as far as a
// server must know that has one representation. A list may be spread over several fields; a request
// without any takes everything.
bool accepts(const net::http_request& request, std::initializer_list<std::string_view> types);

bool is_json(std::string_view content_type);

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/transport/impl/http_message.ipp"
#endif
