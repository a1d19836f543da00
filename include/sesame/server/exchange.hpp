// One message on its way through the server: what came in, who sent it, and what goes out. The one
// door of this room: every transport fills an exchange in and reads its answer from it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/json/document.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/server/cancellation.hpp"
#include "sesame/server/session.hpp"
#include "sesame/server/subscription.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/task.hpp"

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

class engine;

/// The header fields of the request that carried a message, over HTTP.
class message_fields {
 public:
  /// The value of a field, by its name in any case; nothing if there is none.
  [[nodiscard]] virtual std::optional<std::string_view> field(std::string_view name) const = 0;
  /// The same, but nothing if a second field has that name, too.
  [[nodiscard]] virtual std::optional<std::string_view> only(std::string_view name) const = 0;

 protected:
  ~message_fields() = default;
};

/// Where messages go that leave before the answer: progress, logs, questions.
class message_sink {
 public:
  /// Takes one complete message. False if it could not be taken, because the peer is gone or slow.
  virtual bool send(std::string_view message) = 0;
  /// Lets the peer go, where it can come back for the answer; the work goes on.
  virtual void close() {}
  /// What the request's coroutine runs on: a single thread, or a strand.
  [[nodiscard]] virtual asio::any_io_executor executor() = 0;

 protected:
  ~message_sink() = default;
};

/// The lasting side of a transport that is one peer for all its life, as a process on stdio is: its
/// one session, and what it has asked for and not got yet.
struct message_peer {
  bool sends_tokens = true;  ///< within its messages; else its caller is known
  secret token{};            ///< the one of all its messages, in the place of what they bring
  std::shared_ptr<detail::session> session;
  std::vector<std::pair<std::string, std::shared_ptr<detail::cancellation>>> in_flight;
};

/// What a transport gives with a message. What it points to outlives the exchange's work, unless it
/// says otherwise.
struct inbound {
  std::string_view text;       ///< the message; not needed after `begin`
  std::size_t padding = 0;     ///< so many bytes behind it may be read, whatever they are
  std::string* out = nullptr;  ///< the answer is appended to it
  message_sink* sink = nullptr;
  const message_fields* fields = nullptr;     ///< over HTTP; not read after `begin`
  message_peer* peer = nullptr;               ///< not over HTTP
  std::shared_ptr<const principal> caller{};  ///< whose token was verified already; may be null
  bool part_of_batch = false;                 ///< an element of an array
};

/// What became of a message.
enum class disposition : std::uint8_t {
  answered,  ///< the answer is in `out`
  accepted,  ///< there is nothing to answer
  pending,   ///< the answer will be there when `finish` completes
};

/// Why a caller was not let in, for the transport's own words on it.
struct denial {
  auth_error error = auth_error::missing_token;
  std::vector<std::string_view> scopes;  ///< all that the refused operation needs
};

/// A reusable workplace for one message at a time. Warm, a plain tool's call allocates nothing
/// here.
class exchange final : public detail::request_channel {
 public:
  explicit exchange(json::limits limits) : limits_(limits), document_(limits) {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  /// The bounds of a message that it was made for.
  [[nodiscard]] const json::limits& limits() const noexcept { return limits_; }

  /// About how many bytes of memory it holds for messages as large as it has seen: what has been read
  /// of one takes several times its size.
  [[nodiscard]] std::size_t weight() const noexcept { return 4 * document_.capacity(); }

  /// The HTTP status of the answer.
  [[nodiscard]] int status() const noexcept { return reply_ ? reply_->status() : 202; }

  /// The session that this message opened, if it did.
  [[nodiscard]] const detail::session* opened() const noexcept {
    return opened_ ? session_.get() : nullptr;
  }

  /// The session that this message belongs to, if it does.
  [[nodiscard]] const std::shared_ptr<detail::session>& session() const noexcept {
    return session_;
  }

  /// After how long a caller who came too often may come again.
  [[nodiscard]] const std::optional<std::chrono::seconds>& retry_after() const noexcept {
    return retry_after_;
  }
  /// Why the caller was refused, if that is what happened.
  [[nodiscard]] const std::optional<sesame::denial>& denied() const noexcept { return denial_; }

  /// Completes when the answer is in `out`, or when the request was cancelled and there is none;
  /// see `cancelled`. To be awaited once, on the sink's executor, after `pending`.
  [[nodiscard]] task<> finish();

  /// Cancels the request; from the sink's executor.
  void cancel() {
    if (cancellation_) cancellation_->request();
  }

  /// Ends what would last as long as the server: its last words are said, and `finish` completes.
  /// From the sink's executor.
  void stop() {
    if (const auto open = subscription_.lock()) open->end();
  }

  // What a tool's context shows of the request.
  const principal* caller() const noexcept override { return in_.caller.get(); }
  const implementation* client() override;
  client_capabilities capabilities() const noexcept override { return capabilities_; }
  const protocol::revision& wire() const noexcept override { return reply_->wire(); }
  task<std::vector<std::string>> ask(std::vector<detail::client_question> questions) override;
  void progress(double done, std::optional<double> total, std::string_view message) override;
  bool wants_log(log_level level) const noexcept override {
    return log_threshold_ && level >= *log_threshold_ && !cancelled();
  }
  void log(log_level level, std::string_view logger, std::string_view data) override;
  bool cancelled() const noexcept override { return cancellation_ && cancellation_->requested(); }
  std::stop_token stop_token() override;
  std::string_view trace_member(std::string_view key) const noexcept override;
  std::string report_fault(std::string_view what) override;
  void publish(const detail::change& what) override;
  bool require(const std::vector<elicit_url>& pages) override;
  void close_stream() override {
    if (reply_->wire().resumes_answers) in_.sink->close();
  }

 private:
  friend class engine;

  void reset(engine& server, inbound&& in, std::string_view own_meta);

  // What lies idle for long keeps nothing of its message but the id.
  void let_go_of_message();

  disposition wait();
  bool may_notify();

  void make_cancellable() {
    cancellation_ = std::make_shared<detail::cancellation>(in_.sink->executor());
  }

  engine* server_ = nullptr;
  inbound in_;
  json::limits limits_;
  json::document document_;
  protocol::message message_;
  std::optional<protocol::reply> reply_;
  std::shared_ptr<detail::session> session_;
  bool opened_ = false;
  std::optional<sesame::denial> denial_;
  std::optional<std::chrono::seconds> retry_after_;

  client_capabilities capabilities_;
  std::unique_ptr<const implementation> client_;  // once it has been asked for
  std::optional<protocol::message_id> progress_token_;
  std::optional<double> progressed_;
  std::optional<log_level> log_threshold_;
  // How many messages have left beside the answer since a moment.
  std::size_t notified_ = 0;
  std::chrono::steady_clock::time_point notified_since_;

  std::shared_ptr<detail::cancellation> cancellation_;
  std::optional<task<>> work_;
  std::optional<detail::invocation> call_;
  const detail::entry* item_ = nullptr;        // what is called
  std::string_view target_;                    // what the request names: a tool, a prompt, a URI
  std::unique_ptr<json::document> variables_;  // of a URI, as an object

  // What the client has answered to questions of this call.
  struct input {
    std::string key;
    std::string answer;    // JSON text
    bool is_used = false;  // some question had this key, in this round or in an earlier one
  };
  std::vector<input> input_;
  std::unique_ptr<json::document> answer_;         // what the call's form points into
  bool as_task_ = false;                           // whether the call goes on as a task
  std::shared_ptr<detail::background_task> task_;  // as which it goes on here
  std::weak_ptr<detail::subscription> subscription_;
  std::string kept_id_;

  input* find_input(std::string_view key);
};

}  // namespace sesame::inline v0
