// `subscriptions/listen`: a request of the stateless era whose answer comes last, after everything
// that changed meanwhile (MCP 2026-07-28, Subscriptions).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/task_text.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

SESAME_INLINE disposition engine::listen(exchange& x) {
  using detail::change_kind;
  using protocol::error_kind;
  const auto asked = x.message_.params ? json::find_object(*x.message_.params, "notifications")
                                       : std::optional<json::object>{};
  if (!asked) return refuse(x, error_kind::invalid_params, "notifications must be an object");
  const auto made = std::make_shared<detail::subscription>(x.message_.id.key(),
                                                           x.in_.sink->executor(), subscriptions_);
  if (subscriptions_ > options_.max_subscriptions)
    return refuse(x, error_kind::too_many, "there are too many subscriptions");

  // What is not offered is left out of the acknowledgement, and is no error.
  std::string honoured = "{";
  json::writer out{honoured};
  const auto member = [&](std::string_view name) {
    if (honoured.size() > 1) out.raw(',');
    out.string(name);
    out.raw(':');
  };
  for (const auto& row : detail::change_table) {
    if (row.asked_by.empty()) continue;
    const auto given = json::find(*asked, row.asked_by);
    if (!given) continue;
    if (row.kind == change_kind::resource) {
      const auto uris = json::as_array(*given);
      if (!uris)
        return refuse(x, error_kind::invalid_params, "resourceSubscriptions must be an array");
      member(row.asked_by);
      out.raw('[');
      bool first = true;
      for (const auto one : *uris) {
        const auto uri = json::as_string(one);
        if (!uri)
          return refuse(x, error_kind::invalid_params, "resourceSubscriptions must hold strings");
        if (!may_watch(x, *uri)) continue;
        if (!made->heard.watch(*uri, options_.max_watched_resources))
          return refuse(x, error_kind::too_many, "a subscription cannot watch so many resources");
        if (!std::exchange(first, false)) out.raw(',');
        out.string(*uri);
      }
      out.raw(']');
    } else {
      bool wanted = false;
      if (!given->get(wanted))
        return refuse(x, error_kind::invalid_params,
                      std::string{row.asked_by} + " must be a boolean");
      if (!wanted || !has_list(row.kind)) continue;
      made->heard.want(row.kind);
      member(row.asked_by);
      out.boolean(true);
    }
  }
  // A task of somebody else is left out like one that never was.
  if (const auto given = capabilities_.tasks ? json::find(*asked, "taskIds") : std::nullopt) {
    const client_capabilities extension{client_capabilities::tasks};
    if (!x.capabilities_.covers(extension)) return refuse_client(x, extension);
    const auto ids = json::as_array(*given);
    if (!ids) return refuse(x, error_kind::invalid_params, "taskIds must be an array");
    member("taskIds");
    out.raw('[');
    for (const auto one : *ids) {
      const auto id = json::as_string(one);
      if (!id) return refuse(x, error_kind::invalid_params, "taskIds must hold strings");
      auto found = tasks_.find(*id, task_owner(x));
      if (!found) continue;
      if (made->tasks.size() >= options_.max_watched_resources)
        return refuse(x, error_kind::too_many, "a subscription cannot watch so many tasks");
      if (!made->tasks.empty()) out.raw(',');
      made->tasks.emplace_back(std::move(found), made->bell());
      out.string(*id);
    }
    out.raw(']');
  }
  honoured += '}';

  made->heard.join(changes_);
  x.subscription_ = made;
  x.work_ = serve_subscription(x, made, std::move(honoured));
  x.let_go_of_message();
  return x.wait();
}

SESAME_INLINE task<> engine::serve_subscription(exchange& x,
                                                std::shared_ptr<detail::subscription> own,
                                                std::string honoured) {
  auto& sink = *x.in_.sink;
  const auto tag = R"({"io.modelcontextprotocol/subscriptionId":)" + own->id() + '}';
  bool taken =
      sink.send(R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":)"
                R"({"_meta":)" +
                tag + R"(,"notifications":)" + honoured + "}}");
  honoured = {};
  // A client that takes nothing any more is not left with a gap: its subscription ends. So it does
  // with the token that opened it.
  const auto until = stream_end(x.in_.caller.get());
  while (taken && !own->ended()) {
    co_await own->bell().rung(until);
    // A change may have come with the cancellation: nothing is said after that.
    if (x.cancelled()) co_return;
    if (!may_hear_on(x.in_.caller)) break;
    own->heard.take([&](const detail::change& what) {
      return taken = sink.send(detail::notification_of(what, own->id()));
    });
    for (auto& one : own->tasks) {
      const auto seen = one.news();
      if (!seen || !taken) continue;
      taken = sink.send(
          R"({"jsonrpc":"2.0","method":"notifications/tasks","params":{"_meta":)" + tag + ',' +
          detail::task_details(one.watched(), *seen, options_, x.reply_->wire()) + "}}");
    }
  }
  // Where no stream ends with it, the client is told before the answer that there will be no more.
  if (x.in_.fields == nullptr)
    sink.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
              own->id() + "}}");
  x.reply_->begin();
  x.reply_->end(R"("io.modelcontextprotocol/subscriptionId":)" + own->id());
}

}  // namespace sesame::inline v0
