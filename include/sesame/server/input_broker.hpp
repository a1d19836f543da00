// Asking the user before a tool runs. In the stateless era the call is answered by a question, and
// comes again with the answer and a sealed state; in a session the question is a request to the
// client, and the call waits.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/server/engine.hpp"

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

namespace detail {

inline void write_form_request(const form_entry& form, const protocol::revision& wire,
                               json::writer& out) {
  out.raw(R"("method":"elicitation/create","params":{)");
  if (wire.elicitation == protocol::elicitation_modes::form_and_url) out.raw(R"("mode":"form",)");
  out.raw(R"("message":)");
  out.string(form.message);
  out.raw(R"(,"requestedSchema":)");
  out.raw(form.schema);
  out.raw('}');
}

// Takes a question back if its asker goes before the answer comes.
class open_question {
 public:
  open_question(std::shared_ptr<session> where, const std::shared_ptr<question>& asked)
      : where_(std::move(where)), id_(where_->ask(asked)) {}
  open_question(const open_question&) = delete;
  open_question& operator=(const open_question&) = delete;
  ~open_question() { close(); }
  void close() { where_->forget(id_); }
  [[nodiscard]] const std::string& id() const noexcept { return id_; }

 private:
  std::shared_ptr<session> where_;
  std::string id_;
};

}  // namespace detail

// Reads an `ElicitResult`; returns what is wrong with it, in words for the client.
inline std::optional<std::string> engine::read_answer(json::value given,
                                                      const detail::form_entry& form,
                                                      detail::form_answer& to) const {
  const auto members = json::as_object(given);
  const auto name = members ? json::find_string(*members, "action") : std::nullopt;
  const auto action = name ? meta::enum_value<elicitation_action>(*name) : std::nullopt;
  if (!action) return "an answer needs an action: accept, decline or cancel";
  to.action = *action;
  if (*action != elicitation_action::accept) return std::nullopt;
  to.content = json::find(*members, "content");
  if (!to.content) return "an accepted form needs its content";
  json::reader in{json::unknown_members::ignore};
  if (!form.check(*to.content, in)) return "the form's content: " + in.error().message();
  return std::nullopt;
}

// Either finds the user's answer, or deals with the call in another way and says how.
inline std::optional<disposition> engine::resolve_form(exchange& x, const detail::tool_entry& tool,
                                                       const tool_params& params) {
  using protocol::error_kind;
  const bool stateless = x.reply_->wire().era == protocol::era::stateless;
  if (stateless) {
    if (params.request_state) {
      const auto state = json::as_string(*params.request_state);
      const detail::request_state expected{std::string{tool.name},
                                           detail::digest_of(params.arguments),
                                           x.caller_ ? x.caller_->key() : std::string{}, 0};
      if (!state || !detail::is_state_of(*state, expected, clock::now(), sealer_))
        return refuse(x, error_kind::invalid_params,
                      "requestState is not one of this server for this request, or too old");
    }
    if (params.input_responses) {
      const auto answers = json::as_object(*params.input_responses);
      if (!answers)
        return refuse(x, error_kind::invalid_params, "inputResponses must be an object");
      const auto given = json::find(*answers, tool.form->key);
      // The state says nothing that this request does not say itself, so a client that sends its
      // answer without having been asked needs none. One that is sent has to be right.
      if (given) {
        detail::form_answer answer;
        if (auto wrong = read_answer(*given, *tool.form, answer))
          return refuse(x, error_kind::invalid_params, *wrong);
        x.call_->form = answer;
        return std::nullopt;
      }
    }
  }
  json::reader in;
  if (!tool.check(params.arguments, in)) {
    detail::refuse_arguments(*x.call_, in.error());
    return disposition::answered;
  }
  if (stateless) return ask(x, tool);
  x.work_ = ask_and_invoke(x, tool);
  return x.wait();
}

inline disposition engine::ask(exchange& x, const detail::tool_entry& tool) {
  auto& reply = *x.reply_;
  const auto expires =
      std::chrono::floor<std::chrono::seconds>(clock::now()) + options_.elicitation_timeout;
  const detail::request_state state{std::string{tool.name}, detail::digest_of(x.call_->arguments),
                                    x.caller_ ? x.caller_->key() : std::string{},
                                    expires.time_since_epoch().count()};
  reply.begin("input_required");
  reply.member("inputRequests");
  reply.out().raw('{');
  reply.out().string(tool.form->key);
  reply.out().raw(":{");
  detail::write_form_request(*tool.form, reply.wire(), reply.out());
  reply.out().raw("}}");
  reply.member("requestState");
  reply.out().string(detail::seal(state, sealer_));
  reply.end();
  return disposition::answered;
}

inline task<> engine::ask_and_invoke(exchange& x, const detail::tool_entry& tool) {
  const auto asked = std::make_shared<detail::question>(x.in_.sink->executor());
  detail::open_question open{x.session_, asked};
  std::string message = R"({"jsonrpc":"2.0","id":)" + open.id() + ',';
  json::writer out{message};
  detail::write_form_request(*tool.form, x.reply_->wire(), out);
  out.raw('}');
  if (!x.in_.sink->send(message)) {
    detail::write_text_result(*x.reply_, "The client could not be asked.", true);
    co_return;
  }

  asio::steady_timer patience{x.in_.sink->executor(), options_.elicitation_timeout};
  patience.async_wait([asked](const std::error_code& stopped) {
    if (!stopped) asked->answered.set();
  });
  co_await asked->answered.wait();
  patience.cancel();
  open.close();

  x.answer_ = std::make_unique<json::document>(options_.message);
  std::optional<std::string> wrong = "the user did not answer in time";
  detail::form_answer answer;
  if (!asked->response.empty()) {
    const auto parsed = x.answer_->parse(asked->response);
    const auto response = parsed ? json::as_object(*parsed) : std::nullopt;
    const auto result = response ? json::find(*response, "result") : std::nullopt;
    wrong = result ? read_answer(*result, *tool.form, answer)
                   : std::optional<std::string>{"the client answered with an error"};
  }
  if (wrong) {
    detail::write_text_result(*x.reply_, "The user could not be asked: " + *wrong, true);
    co_return;
  }
  x.call_->form = answer;
  if (auto work = tool.invoke(tool.service(parts_.services), *x.call_)) co_await *std::move(work);
}

}  // namespace sesame::inline v0
