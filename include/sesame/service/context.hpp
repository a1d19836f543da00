// What a tool can know and do of the request it serves.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/scalars.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/service/change.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// How much a log message matters, ascending (RFC 5424, as MCP has it).
enum class log_level : std::uint8_t {
  debug,
  info,
  notice,
  warning,
  error,
  critical,
  alert,
  emergency,
};

namespace detail {

/// Who stands behind a context: the server's side of one request.
class request_channel {
 public:
  virtual const principal* caller() const noexcept = 0;
  virtual const implementation* client() const noexcept = 0;
  virtual client_capabilities capabilities() const noexcept = 0;
  virtual void progress(double done, std::optional<double> total, std::string_view message) = 0;
  virtual bool wants_log(log_level level) const noexcept = 0;
  virtual void log(log_level level, std::string_view logger, std::string_view data) = 0;
  virtual bool cancelled() const noexcept = 0;
  virtual std::stop_token stop_token() = 0;
  virtual void publish(const change& what) = 0;
  virtual void close_stream() = 0;
  /// Logs what a tool threw; returns what the peer may quote to find it there.
  virtual std::string report_fault(std::string_view what) = 0;

 protected:
  ~request_channel() = default;
};

}  // namespace detail

/// The request that a tool serves: who called, with what client, and how to speak to it meanwhile.
///
/// Lives as long as the call; a tool takes it as `sesame::context&` and must not keep it. It
/// belongs to the call's own thread of execution. A coroutine's progress and logs leave as they are
/// made; a plain function's leave together with its answer.
class context {
 public:
  explicit context(detail::request_channel& channel) noexcept : channel_(&channel) {}
  context(const context&) = delete;
  context& operator=(const context&) = delete;

  /// The verified caller; null where the tool is anonymous and no token came.
  [[nodiscard]] const principal* caller() const noexcept { return channel_->caller(); }

  /// What the client calls itself, if it says. A claim: decide nothing by it.
  [[nodiscard]] const implementation* client_info() const noexcept { return channel_->client(); }

  /// What the client declared that it can do.
  [[nodiscard]] client_capabilities capabilities() const noexcept {
    return channel_->capabilities();
  }

  /// Tells how far the work is. Nothing is sent unless the client asked for it, nor for a value
  /// that is not above the last one. `total` is in the same unit, if it is known.
  void progress(double done, std::optional<double> total = {}, std::string_view message = {}) {
    channel_->progress(done, total, message);
  }

  /// Sends a log message to the client, if it asked for this level. `data` is a text or any value
  /// with a JSON form; it must hold no secret.
  template <class Data>
  void log(log_level level, const Data& data, std::string_view logger = {}) {
    if (!channel_->wants_log(level)) return;
    std::string json;
    json::writer out{json};
    if constexpr (std::convertible_to<const Data&, std::string_view>)
      out.string(data);
    else
      json::write(data, out);
    channel_->log(level, logger, json);
  }

  /// Tells every client that listens that a list is not what it was, or that the resource `uri` has
  /// new content: not only the caller's.
  void tools_changed() { channel_->publish({detail::change_kind::tools}); }
  void prompts_changed() { channel_->publish({detail::change_kind::prompts}); }
  void resources_changed() { channel_->publish({detail::change_kind::resources}); }
  void resource_updated(std::string_view uri) {
    channel_->publish({detail::change_kind::resource, uri});
  }

  /// Gives the connection back that waits for the answer, where the client can fetch the answer
  /// later (MCP 2025-11-25, over HTTP): for a tool that takes long. The work goes on. Does nothing
  /// elsewhere.
  void close_stream() { channel_->close_stream(); }

  /// Whether nobody waits for the answer any more. Asio operations of a coroutine are cancelled by
  /// themselves.
  [[nodiscard]] bool cancelled() const noexcept { return channel_->cancelled(); }

  /// Stop is requested when the call is cancelled; may be handed to other threads.
  [[nodiscard]] std::stop_token stop_token() { return channel_->stop_token(); }

 private:
  detail::request_channel* channel_;
};

}  // namespace sesame::inline v0
