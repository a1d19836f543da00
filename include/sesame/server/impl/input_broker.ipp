// Asking the user or the client while a request is served. In the stateless era the request is
// answered by the questions, and comes again with the answers and a sealed state; in a session the
// questions are requests to the client, and the handler waits.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/server/asking.hpp"
#include "sesame/server/engine.hpp"

#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE detail::request_identity engine::identity_of(const exchange& x) {
  return {x.message_.method, x.target_, detail::session_owner(x.in_.caller.get()),
          x.call_->arguments};
}

// Takes up what a request of the stateless era brings along of earlier rounds.
SESAME_INLINE std::optional<disposition> engine::read_input(exchange& x) {
  using protocol::error_kind;
  if (x.reply_->wire().era != protocol::era::stateless) return std::nullopt;
  const auto& params = x.message_.param;
  if (params.request_state) {
    const auto text = json::as_string(*params.request_state);
    auto state = text ? detail::open(*text, identity_of(x), clock::now(), sealer_) : std::nullopt;
    if (!state)
      return refuse(x, error_kind::invalid_params,
                    "requestState is not one of this server for this request, or too old");
    for (auto& [key, answer] : state->answers) x.input_.push_back({key, std::move(answer), true});
  }
  if (params.input_responses) {
    const auto answers = json::as_object(*params.input_responses);
    if (!answers) return refuse(x, error_kind::invalid_params, "inputResponses must be an object");
    // The state says nothing of what is answered now, so a client that sends an answer without
    // having been asked needs none. A state that is sent has to be right. What was answered in an
    // earlier round stays as it was.
    for (const auto member : *answers)
      if (x.find_input(member.key) == nullptr)
        x.input_.push_back({std::string{member.key}, json::minify(member.value)});
  }
  return std::nullopt;
}

// Answers the request with the questions that are open. The state takes along what has been answered.
SESAME_INLINE void engine::require_input(exchange& x,
                                         const std::vector<detail::client_question>& open) {
  auto& reply = *x.reply_;
  const auto expires =
      std::chrono::floor<std::chrono::seconds>(clock::now()) + options_.elicitation_timeout;
  detail::request_state state{expires.time_since_epoch().count(), {}};
  for (const auto& one : x.input_)
    if (one.is_used) state.answers.emplace(one.key, one.answer);
  reply.discard();
  reply.begin("input_required");
  reply.member("inputRequests");
  detail::write_input_requests(open, reply.out());
  reply.member("requestState");
  reply.out().string(detail::seal(state, identity_of(x), sealer_));
  reply.end();
}

// The answers to the form of a declaration, before its handler runs. Either finds it, or deals with
// the call in another way and says how.
SESAME_INLINE std::optional<disposition> engine::resolve_form(exchange& x,
                                                              const detail::entry& item) {
  const bool stateless = x.reply_->wire().era == protocol::era::stateless;
  const auto asked = detail::question_of(*item.form, x.reply_->wire());
  if (auto* const given = stateless ? x.find_input(asked.key) : nullptr) {
    given->is_used = true;
    if (auto wrong = take_form(x, item, given->answer))
      return refuse(x, protocol::error_kind::invalid_params, *wrong);
    return std::nullopt;
  }
  if (const auto wrong = item.check(x.call_->arguments)) {
    item.refuse(*x.call_, *wrong);
    return disposition::answered;
  }
  if (stateless) {
    require_input(x, {asked});
    return disposition::answered;
  }
  x.work_ = ask_and_invoke(x, item);
  return x.wait();
}

// Makes an answer that of the call's form, and says what is wrong with it.
SESAME_INLINE std::optional<std::string> engine::take_form(exchange& x, const detail::entry& item,
                                                           const std::string& answer) const {
  x.answer_ = std::make_unique<json::document>(
      json::limits{.size = std::max(answer.size(), std::size_t{1024})});
  const auto parsed = x.answer_->parse(answer);
  if (!parsed) return "the answer is not valid JSON";
  x.call_->form = *parsed;
  return item.form->check(*parsed);
}

SESAME_INLINE task<> engine::ask_and_invoke(exchange& x, const detail::entry& item) {
  std::vector<detail::client_question> questions;
  questions.push_back(detail::question_of(*item.form, x.reply_->wire()));
  std::optional<std::string> wrong;
  try {
    auto answers = co_await ask_in_session(x, std::move(questions));
    x.input_.push_back({std::string{item.form->key}, std::move(answers.front()), true});
    wrong = take_form(x, item, x.input_.back().answer);
  } catch (const client_error& none) {
    wrong = none.what();
  }
  if (wrong) {
    item.fail(*x.call_, *wrong);
    co_return;
  }
  if (auto work = run(x, item)) co_await *std::move(work);
}

// Sends all questions, and waits for all answers.
SESAME_INLINE task<std::vector<std::string>> engine::ask_in_session(
    exchange& x, std::vector<detail::client_question> questions) {
  std::vector<detail::open_question> open;
  for (const auto& one : questions) {
    auto& asked =
        open.emplace_back(x.session_, std::make_shared<detail::question>(x.in_.sink->executor()));
    if (!one.elicitation_id.empty()) x.session_->changes().expect(one.elicitation_id);
    if (!x.in_.sink->send(detail::request_text(asked.id(), one.method, one.params)))
      throw client_error("The client could not be asked.");
  }

  asio::steady_timer patience{x.in_.sink->executor(), options_.elicitation_timeout};
  std::vector<std::shared_ptr<detail::question>> all;
  all.reserve(open.size());
  for (const auto& one : open) all.push_back(one.asked());
  patience.async_wait([all](const std::error_code& stopped) {
    if (stopped) return;
    for (const auto& one : all) one->answered.set();
  });
  for (const auto& one : all) co_await one->answered.wait();
  patience.cancel();
  open.clear();

  std::vector<std::string> answers;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto answer = detail::result_of(all[i]->response, questions[i], options_.message);
    if (!answer) throw client_error(answer.error().message);
    answers.push_back(*std::move(answer));
  }
  co_return answers;
}

// Ends a handler whose request is answered already.
SESAME_INLINE void engine::settle(exchange& x) {
  x.call_->settled = true;
  throw detail::settled{};
}

// A handler's questions: those that are answered already, and the others asked as the era has it.
SESAME_INLINE task<std::vector<std::string>> engine::ask(
    exchange& x, std::vector<detail::client_question> questions) {
  std::vector<detail::client_question> open;
  client_capabilities needs;
  for (const auto& asked : questions) {
    auto* const given = x.find_input(asked.key);
    if (given == nullptr) {
      needs = needs.with(asked.needs);
      if (std::ranges::find(open, asked.key, &detail::client_question::key) != open.end())
        throw std::invalid_argument("two questions have the key " + asked.key);
      open.push_back(asked);
      continue;
    }
    given->is_used = true;
    if (const auto wrong = detail::check_text(asked, given->answer)) {
      refuse(x, protocol::error_kind::invalid_params, *wrong);
      settle(x);
    }
  }
  if (!x.capabilities_.covers(needs)) {
    refuse_client(x, needs);
    settle(x);
  }
  if (!open.empty() && !x.task_ && x.reply_->wire().era == protocol::era::stateless) {
    require_input(x, open);
    settle(x);
  }
  if (!open.empty()) {
    // Not `? :` over two awaitables: g++ 12 gets that wrong.
    std::vector<std::string> answers;
    if (x.task_)
      answers = co_await ask_in_task(x, open);
    else
      answers = co_await ask_in_session(x, open);
    for (std::size_t i = 0; i < open.size(); ++i)
      x.input_.push_back({open[i].key, std::move(answers[i]), true});
  }
  std::vector<std::string> answers;
  answers.reserve(questions.size());
  for (const auto& asked : questions) answers.push_back(x.find_input(asked.key)->answer);
  co_return answers;
}

SESAME_INLINE task<std::vector<std::string>> exchange::ask(
    std::vector<detail::client_question> questions) {
  return server_->ask(*this, std::move(questions));
}

}  // namespace sesame::inline v0
