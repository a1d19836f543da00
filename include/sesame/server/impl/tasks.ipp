// Tasks: calls of tools that are answered at once by an id, and go on (MCP extension
// io.modelcontextprotocol/tasks for 2026-07-28; core tasks of 2025-11-25). One table, and two ways to
// write what is in it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/current_principal.hpp"
#include "sesame/linkage.hpp"
#include "sesame/server/asking.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/server/task_text.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

// A task at work: an exchange of its own, with nobody at the other end.
struct task_run final : message_sink {
  task_run(json::limits limits, asio::any_io_executor executor)
      : x(limits), where(std::move(executor)) {}
  bool send(std::string_view) override { return false; }
  asio::any_io_executor executor() override { return where; }

  exchange x;
  std::string out;
  asio::any_io_executor where;
};

// Where a server is taken down, what it still does goes with its threads.
struct abandons_at_end {
  std::shared_ptr<background_task> task;
  ~abandons_at_end() { task->abandon(); }
};

}  // namespace detail

// Under which a caller's tasks are kept. Whoever has not signed in has those of the session, or, where
// there is none, those whose ids it knows.
SESAME_INLINE std::string engine::task_owner(const exchange& x) {
  std::string owner = x.reply_->wire().tasks == protocol::task_form::core ? "core " : "extension ";
  if (x.in_.caller) return owner + detail::session_owner(x.in_.caller.get());
  return x.session_ ? owner + x.session_->id() : owner;
}

// Decides whether a call is to go on as a task. Where it has to and cannot, or the other way round, it
// is refused.
SESAME_INLINE std::optional<disposition> engine::decide_on_task(exchange& x,
                                                                const detail::entry& item) {
  using detail::task_support;
  using protocol::error_kind;
  using protocol::task_form;
  const client_capabilities extension{client_capabilities::tasks};
  const auto form = x.reply_->wire().tasks;
  if (form == task_form::core) {
    const auto& wanted = x.message_.param.task;
    x.as_task_ = x.message_.method == "tools/call" && wanted && wanted->is_object();
    if (x.as_task_ && item.tasks == task_support::forbidden)
      return refuse(x, error_kind::method_not_found, "this tool makes no task");
    if (!x.as_task_ && item.tasks == task_support::required)
      return refuse(x, error_kind::method_not_found, "this tool has to be called as a task");
    return std::nullopt;
  }
  x.as_task_ = form == task_form::extension && item.tasks != task_support::forbidden &&
               x.capabilities_.covers(extension);
  if (!x.as_task_ && item.tasks == task_support::required) return refuse_client(x, extension);
  return std::nullopt;
}

// Answers a call by a task, which then goes on by itself. The call's checks have all been made.
SESAME_INLINE void engine::start_task(exchange& x, const detail::entry& item) {
  auto ttl = options_.task_ttl;
  const auto& params = *x.message_.params;
  if (const auto& given = x.message_.param.task; given && given->is_object())
    if (const auto wanted = json::find(*json::as_object(*given), "ttl"))
      if (std::int64_t ms = 0; wanted->get(ms) && ms > 0)
        ttl = std::min(ttl, std::chrono::milliseconds{ms});

  const auto executor = x.in_.sink->executor();
  auto run = std::make_shared<detail::task_run>(options_.message, executor);
  auto cancel = std::make_shared<detail::cancellation>(executor);
  auto made = std::make_shared<detail::background_task>(task_owner(x), item, ttl, cancel);

  auto& y = run->x;
  y.reset(*this, {.text = {}, .out = &run->out, .sink = run.get()}, own_meta_);
  y.reply_->speak(x.reply_->wire());
  y.in_.caller = x.in_.caller;
  y.session_ = x.session_;
  y.capabilities_ = x.capabilities_;
  y.input_ = x.input_;
  y.cancellation_ = std::move(cancel);
  y.task_ = made;
  auto& call = y.call_.emplace(y, *y.reply_);
  // The call's message goes with its answer, so the task has one of its own.
  const auto parsed = y.document_.parse(json::minify(params));
  if (!parsed || protocol::read_params(*parsed, y.message_)) {
    refuse(x, protocol::error_kind::internal);
    return;
  }
  if (const auto& given = y.message_.param.arguments) call.arguments = json::as_object(*given);
  if (item.form)
    if (const auto* answer = y.find_input(item.form->key)) take_form(y, item, answer->answer);

  if (!tasks_.add(made)) {
    item.fail(*x.call_, "Too many tasks are at work. Try again later.");
    return;
  }
  auto& reply = *x.reply_;
  const auto members = detail::task_members(*made, made->look(), options_, reply.wire());
  if (reply.wire().tasks == protocol::task_form::extension) {
    reply.begin("task");
    reply.members(members);
  } else {
    reply.begin();
    reply.member("task");
    reply.out().raw('{');
    reply.out().raw(members);
    reply.out().raw('}');
  }
  reply.end();
  asio::co_spawn(detail::on_behalf_of(y.in_.caller, executor), run_task(run, made),
                 asio::bind_cancellation_slot(run->x.cancellation_->slot(), asio::detached));
}

SESAME_INLINE task<> engine::run_task(std::shared_ptr<detail::task_run> run,
                                      std::shared_ptr<detail::background_task> made) {
  asio::steady_timer life{run->where, made->ttl()};
  life.async_wait([weak = std::weak_ptr{made}](const std::error_code& stopped) {
    if (const auto old = stopped ? nullptr : weak.lock()) old->cancel();
  });
  const detail::abandons_at_end noted{made};
  const auto& item = made->item();
  bool threw = false;
  try {
    if (auto work = item.invoke(item.service(parts_.services), *run->x.call_))
      co_await *std::move(work);
  } catch (...) {
    threw = true;
  }
  if (threw) {
    if (!run->x.cancelled()) report("serving a task threw");
    run->out.clear();
  }
  auto outcome = detail::outcome_of(run->out);
  // What the one form takes for a success that says so of itself, the other takes for a failure.
  const bool failed = run->x.reply_->wire().tasks == protocol::task_form::extension
                          ? outcome.is_error
                          : outcome.has_failed;
  made->finish(failed ? detail::task_status::failed : detail::task_status::completed,
               std::move(outcome));
}

// A handler's questions, where it runs as a task: the client finds them in the task.
SESAME_INLINE task<std::vector<std::string>> engine::ask_in_task(
    exchange& x, std::vector<detail::client_question> questions) {
  const auto executor = x.in_.sink->executor();
  std::vector<std::shared_ptr<detail::task_question>> all;
  for (auto& one : questions) {
    all.push_back(std::make_shared<detail::task_question>(std::move(one), executor));
    x.task_->ask(all.back());
  }
  asio::steady_timer patience{executor, options_.elicitation_timeout};
  patience.async_wait([all](const std::error_code& stopped) {
    if (stopped) return;
    for (const auto& one : all) one->answered.set();
  });
  for (const auto& one : all) co_await one->answered.wait();
  patience.cancel();
  std::vector<std::string> answers;
  for (const auto& one : all) {
    if (one->answer.empty()) {
      for (const auto& other : all) x.task_->forget(other);
      throw client_error("The client could not be asked: there was no answer in time");
    }
    answers.push_back(one->answer);
  }
  co_return answers;
}

// The task that a request names, if the caller may have it; otherwise the request is answered.
SESAME_INLINE std::shared_ptr<detail::background_task> engine::find_task(exchange& x,
                                                                         disposition& done) {
  const client_capabilities extension{client_capabilities::tasks};
  done = disposition::answered;
  if (x.reply_->wire().tasks == protocol::task_form::extension &&
      !x.capabilities_.covers(extension)) {
    done = refuse_client(x, extension);
    return nullptr;
  }
  const auto id = detail::task_parameter.text_in(x.message_);
  auto found = id ? tasks_.find(*id, task_owner(x)) : nullptr;
  if (!found) {
    done = refuse(x, protocol::error_kind::invalid_params,
                  id ? "unknown task" : "taskId must be a string");
    return nullptr;
  }
  if (const auto refused = authorize(x, found->item())) {
    done = *refused;
    return nullptr;
  }
  return found;
}

SESAME_INLINE disposition engine::read_task(exchange& x) {
  disposition done{};
  const auto found = find_task(x, done);
  if (!found) return done;
  write_task(x, *found);
  return done;
}

// A task as the whole result.
SESAME_INLINE void engine::write_task(exchange& x, const detail::background_task& task) {
  const auto seen = task.look();
  auto& reply = *x.reply_;
  reply.begin();
  reply.members(reply.wire().tasks == protocol::task_form::extension
                    ? detail::task_details(task, seen, options_, reply.wire())
                    : detail::task_members(task, seen, options_, reply.wire()));
  reply.end();
}

SESAME_INLINE disposition engine::cancel_task(exchange& x) {
  disposition done{};
  const auto found = find_task(x, done);
  if (!found) return done;
  const bool was_open = found->cancel();
  if (x.reply_->wire().tasks == protocol::task_form::extension) return ping(x);
  if (!was_open) return refuse(x, protocol::error_kind::invalid_params, "the task has ended");
  write_task(x, *found);
  return done;
}

// Answers to the questions of a task. What is not asked is ignored.
SESAME_INLINE disposition engine::update_task(exchange& x) {
  disposition done{};
  const auto found = find_task(x, done);
  if (!found) return done;
  const auto& sent = x.message_.param.input_responses;
  const auto given = sent ? json::as_object(*sent) : std::nullopt;
  if (!given)
    return refuse(x, protocol::error_kind::invalid_params, "inputResponses must be an object");
  const auto open = found->look().questions;
  for (const auto& one : open)
    if (const auto answer = json::find(*given, one->asked.key))
      if (const auto wrong = one->asked.check(*answer))
        return refuse(x, protocol::error_kind::invalid_params, *wrong);
  for (const auto& one : open)
    if (const auto answer = json::find(*given, one->asked.key))
      found->answer(one->asked.key, json::minify(*answer));
  return ping(x);
}

SESAME_INLINE disposition engine::list_tasks(exchange& x) {
  auto& reply = *x.reply_;
  const auto all = tasks_.of(task_owner(x));
  std::size_t begin = 0;
  constexpr std::string_view use = "sesame task cursor 1";
  if (const auto& cursor = x.message_.param.cursor) {
    const auto text = json::as_string(*cursor);
    const auto last = text ? sealer_.open(*text, use) : std::nullopt;
    const auto place =
        last ? std::ranges::find(all, *last,
                                 [](const auto& one) -> const auto& { return one->id(); })
             : all.end();
    if (place == all.end())
      return refuse(x, protocol::error_kind::invalid_params, "unknown cursor");
    begin = static_cast<std::size_t>(place - all.begin()) + 1;
  }
  const auto page = options_.page_size == 0 ? all.size() : options_.page_size;
  const auto end = begin + std::min(page, all.size() - begin);
  reply.begin();
  reply.member("tasks");
  reply.out().raw('[');
  for (auto i = begin; i < end; ++i) {
    reply.out().raw(i == begin ? std::string_view{"{"} : std::string_view{",{"});
    reply.out().raw(detail::task_members(*all[i], all[i]->look(), options_, reply.wire()));
    reply.out().raw('}');
  }
  reply.out().raw(']');
  if (end != all.size()) {
    reply.member("nextCursor");
    reply.out().string(sealer_.seal(all[end - 1]->id(), use));
  }
  reply.end();
  return disposition::answered;
}

// `tasks/result` of 2025-11-25: waits for the end, and meanwhile asks the client what the task asks.
SESAME_INLINE disposition engine::await_task(exchange& x) {
  disposition done{};
  const auto found = find_task(x, done);
  if (!found) return done;
  x.work_ = await_outcome(x, found);
  return x.wait();
}

SESAME_INLINE task<> engine::await_outcome(exchange& x,
                                           std::shared_ptr<detail::background_task> task) {
  const net::doorbell bell{x.in_.sink->executor()};
  const detail::background_task::watch watch{task, bell};
  const auto related =
      R"("_meta":{"io.modelcontextprotocol/related-task":{"taskId":")" + task->id() + "\"}}";
  auto seen = task->look();
  while (!detail::is_final(seen.status)) {
    for (const auto& one : seen.questions) {
      if (one->is_sent.exchange(true)) continue;
      detail::open_question open{x.session_,
                                 std::make_shared<detail::question>(x.in_.sink->executor())};
      const std::string_view params = std::string_view{one->asked.params}.substr(1);
      std::string with = '{' + related;
      if (params != "}") with += ',';
      with += params;
      if (!one->asked.elicitation_id.empty())
        x.session_->changes().expect(one->asked.elicitation_id);
      if (x.in_.sink->send(detail::request_text(open.id(), one->asked.method, with)))
        asio::co_spawn(x.in_.sink->executor(), relay(std::move(open), task, one), asio::detached);
      else
        one->is_sent = false;
    }
    co_await bell.rung();
    seen = task->look();
  }
  auto& reply = *x.reply_;
  if (seen.status == detail::task_status::cancelled) {
    refuse(x, protocol::error_kind::invalid_params, "the task was cancelled");
  } else if (seen.outcome.is_error) {
    reply.error_text(seen.outcome.text);
  } else {
    reply.begin();
    reply.members(related);
    reply.members(std::string_view{seen.outcome.text}.substr(1, seen.outcome.text.size() - 2));
    reply.end();
  }
}

// Brings the client's answer to the question of a task. None, or a wrong one, is told to the handler.
SESAME_INLINE task<> engine::relay(detail::open_question open,
                                   std::shared_ptr<detail::background_task> task,
                                   std::shared_ptr<detail::task_question> question) {
  const auto& asked = open.asked();
  asio::steady_timer patience{co_await asio::this_coro::executor, options_.elicitation_timeout};
  patience.async_wait([asked](const std::error_code& stopped) {
    if (!stopped) asked->answered.set();
  });
  co_await asked->answered.wait();
  patience.cancel();
  task->answer(question->asked.key,
               detail::result_of(asked->response, question->asked, options_.message)
                   .value_or(std::string{}));
}

}  // namespace sesame::inline v0
