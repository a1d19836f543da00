// What a tool can know and do of the request it serves.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/fwd.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/scalars.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/service/change.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/questions.hpp"
#include "sesame/service/tool_error.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

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

/// Leaves a handler whose request has been answered by what it asked: the client comes again with
/// what is wanted, and the handler runs anew. Deliberately no `std::exception`.
struct settled {};

/// Who stands behind a context: the server's side of one request.
class request_channel {
 public:
  virtual const principal* caller() const noexcept = 0;
  virtual const implementation* client() = 0;
  virtual client_capabilities capabilities() const noexcept = 0;
  /// What the client speaks. For what is sent to it: handlers never see a version.
  virtual const protocol::revision& wire() const noexcept = 0;
  /// The answers to some questions, in their order, each as JSON text that its question has checked.
  /// Throws `client_error`, or `settled` where the request ends here.
  virtual task<std::vector<std::string>> ask(std::vector<client_question> questions) = 0;
  virtual void progress(double done, std::optional<double> total, std::string_view message) = 0;
  virtual bool wants_log(log_level level) const noexcept = 0;
  virtual void log(log_level level, std::string_view logger, std::string_view data) = 0;
  virtual bool cancelled() const noexcept = 0;
  virtual std::stop_token stop_token() = 0;
  virtual std::string_view trace_member(std::string_view key) const noexcept = 0;
  virtual void publish(const change& what) = 0;
  virtual void close_stream() = 0;
  /// Answers that some pages have to be visited first, where the client knows such an answer.
  virtual bool require(const std::vector<elicit_url>& pages) = 0;
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
  [[nodiscard]] const implementation* client_info() const { return channel_->client(); }

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

  /// Asks the user or the client, and waits for all answers: a tuple of them, in the order of the
  /// questions (`elicit_form`, `elicit_url`, `create_message`, `list_roots`). Only in a coroutine.
  ///
  /// In a session the client is asked while the handler waits. In the 2026-07-28 revision the call
  /// ends here, by an exception that must be let pass; it comes again with the answers, perhaps to
  /// another server, and the handler **runs again from its top**, where the questions that were
  /// answered before return at once. So whatever stands before a question is done once more for each
  /// round: it must do no harm then, and lead to the same questions. What must happen only once
  /// belongs behind the last question. Ask at once what does not depend on another answer.
  ///
  /// A client that did not declare what a question needs is told so, and the handler does not go on;
  /// `capabilities` says beforehand. Throws `client_error` where no answer came.
  template <question... Questions>
  [[nodiscard]] task<std::tuple<typename Questions::answer...>> ask(Questions... questions);

  /// Asks the user to fill in a form; see `ask` and `elicit_form`.
  template <class Form>
  [[nodiscard]] task<elicited<Form>> elicit(std::string message, std::string key = {});

  /// Asks the user to visit a web page; see `ask` and `elicit_url`.
  [[nodiscard]] task<elicitation_action> elicit(elicit_url page);

  /// Asks the client's model; see `ask` and `create_message`.
  [[nodiscard]] task<sampling_result> sample(create_message request);

  /// Asks for the client's folders; see `ask` and `list_roots`.
  [[nodiscard]] task<std::vector<root>> roots();

  /// Tells the client that its user is done with a page that he was asked to visit (`elicit_url::id`;
  /// from any call). Also there for the whole server.
  void elicitation_completed(std::string_view id) {
    channel_->publish({detail::change_kind::elicitation, id});
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

  /// Where the request stands in a distributed trace: the `traceparent`, `tracestate` and `baggage`
  /// of W3C Trace Context and Baggage, as the client sent them in `_meta`, to be handed on to what is
  /// called from here. Empty where there is none, or one of another form. Valid as long as the call.
  [[nodiscard]] std::string_view trace_parent() const noexcept {
    const auto text = channel_->trace_member("traceparent");
    return is_trace_parent(text) ? text : std::string_view{};
  }
  [[nodiscard]] std::string_view trace_state() const noexcept {
    return trace_parent().empty() ? std::string_view{} : header_safe("tracestate");
  }
  [[nodiscard]] std::string_view baggage() const noexcept { return header_safe("baggage"); }

 private:
  // version "-" trace-id "-" parent-id "-" flags, in lower-case digits (W3C Trace Context, 3.2.2)
  static constexpr bool is_trace_parent(std::string_view text) noexcept {
    if (text.size() != 55 || text.starts_with("ff")) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool dash = i == 2 || i == 35 || i == 52;
      const char c = text[i];
      if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    constexpr auto none = std::string_view::npos;
    return text.substr(3, 32).find_first_not_of('0') != none &&
           text.substr(36, 16).find_first_not_of('0') != none;
  }
  // Both are values of header fields where they come from.
  [[nodiscard]] std::string_view header_safe(std::string_view key) const noexcept {
    const auto text = channel_->trace_member(key);
    const bool fits = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
    return fits && text.size() <= 8192 ? text : std::string_view{};
  }

  template <class Question>
  detail::client_question write_question(const Question& asked) {
    ++asked_;
    detail::client_question made{
        asked.key(), Question::method, {}, asked.needs(), &detail::check_answer<Question>};
    if constexpr (requires { asked.id(); }) made.elicitation_id = asked.id();
    if (made.key.empty()) made.key = "question-" + std::to_string(asked_);
    json::writer out{made.params};
    asked.write(channel_->wire(), out);
    return made;
  }

  template <class... Questions, std::size_t... I>
  static std::tuple<typename Questions::answer...> read_answers(
      const std::vector<std::string>& answers, std::index_sequence<I...>) {
    return {read_answer<Questions>(answers[I])...};
  }

  template <class Question>
  static typename Question::answer read_answer(const std::string& text) {
    json::document document{{.size = std::max(text.size(), std::size_t{1024})}};
    const auto parsed = document.parse(text);
    auto answer = parsed ? Question::read(*parsed)
                         : result<typename Question::answer, std::string>{failure{std::string{}}};
    if (!answer) throw client_error("the client's answer cannot be read");
    return *std::move(answer);
  }

  detail::request_channel* channel_;
  std::size_t asked_ = 0;  // makes the keys of questions that were given none
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/context.ipp"
#endif
