// What server/exchange.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/current_principal.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/exchange.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE const implementation* exchange::client() {
  // Few tools ask for it, so it is read when one does.
  if (!client_) {
    const auto& info = message_.in_meta.client_info;
    auto read = session_ ? session_->client()
                : info   ? protocol::read_implementation(*info)
                         : std::nullopt;
    if (read) client_ = std::make_unique<const implementation>(*std::move(read));
  }
  return client_.get();
}

SESAME_INLINE std::stop_token exchange::stop_token() {
  if (!cancellation_) make_cancellable();
  return cancellation_->stop_token();
}

SESAME_INLINE std::string_view exchange::trace_member(std::string_view key) const noexcept {
  return message_.meta ? json::find_string(*message_.meta, key).value_or(std::string_view{})
                       : std::string_view{};
}

SESAME_INLINE void exchange::reset(engine& server, inbound&& in, std::string_view own_meta) {
  server_ = &server;
  in_ = std::move(in);
  std::construct_at(&message_);
  session_.reset();
  opened_ = false;
  denial_.reset();
  retry_after_.reset();
  capabilities_ = {};
  client_.reset();
  progress_token_.reset();
  progressed_.reset();
  log_threshold_.reset();
  notified_ = 0;
  cancellation_.reset();
  work_.reset();
  call_.reset();
  input_.clear();
  item_ = nullptr;
  target_ = {};
  answer_.reset();
  as_task_ = false;
  task_.reset();
  subscription_.reset();
  reply_.emplace(*in_.out, own_meta);
}

SESAME_INLINE void exchange::let_go_of_message() {
  const auto id = message_.id.kept_in(kept_id_);
  message_ = {};
  message_.id = id;
  reply_->answer_to(id);
  progress_token_.reset();
  document_ = json::document{limits_};
}

SESAME_INLINE exchange::input* exchange::find_input(std::string_view key) {
  const auto found = std::ranges::find(input_, key, &input::key);
  return found == input_.end() ? nullptr : &*found;
}

SESAME_INLINE void exchange::progress(double done, std::optional<double> total,
                                      std::string_view message) {
  if (task_ && !message.empty()) task_->say(std::string{message});
  if (!progress_token_ || cancelled() || !std::isfinite(done) ||
      (progressed_ && done <= *progressed_) || !may_notify())
    return;
  progressed_ = done;
  std::string text =
      R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)";
  json::writer out{text};
  progress_token_->write(out);
  out.raw(R"(,"progress":)");
  out.number(done);
  if (total && std::isfinite(*total)) {
    out.raw(R"(,"total":)");
    out.number(*total);
  }
  if (!message.empty() && reply_->wire().tool_annotations) {
    out.raw(R"(,"message":)");
    out.string(message);
  }
  out.raw("}}");
  in_.sink->send(text);
}

SESAME_INLINE void exchange::log(log_level level, std::string_view logger, std::string_view data) {
  if (!may_notify()) return;
  std::string text = R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":")";
  json::writer out{text};
  out.raw(meta::enum_name(level));
  out.raw('"');
  if (!logger.empty()) {
    out.raw(R"(,"logger":)");
    out.string(logger);
  }
  out.raw(R"(,"data":)");
  out.raw(data);
  out.raw("}}");
  in_.sink->send(text);
}

SESAME_INLINE bool exchange::require(const std::vector<elicit_url>& pages) {
  const auto& wire = reply_->wire();
  if (!session_ || !wire.elicitation_ids || pages.empty() ||
      !capabilities_.covers(client_capabilities{client_capabilities::elicitation_url}))
    return false;
  std::string data = R"({"elicitations":[)";
  json::writer out{data};
  for (const auto& page : pages) {
    if (&page != pages.data()) out.raw(',');
    page.write(wire, out);
    session_->changes().expect(page.id());
  }
  out.raw("]}");
  reply_->error({protocol::error_kind::url_elicitation_required, {}, std::move(data)});
  return true;
}

SESAME_INLINE task<> exchange::finish() {
  const auto cancel = cancellation_;
  std::exception_ptr thrown;
  try {
    auto work = *std::move(work_);
    work_.reset();
    // A signal that is sent before somebody can hear it is lost.
    if (!cancel->requested())
      co_await asio::co_spawn(detail::on_behalf_of(in_.caller, in_.sink->executor()),
                              std::move(work),
                              asio::bind_cancellation_slot(cancel->slot(), asio::use_awaitable));
  } catch (...) {
    thrown = std::current_exception();
  }
  if (session_) session_->finished(message_.id.key(), cancel);
  if (in_.peer != nullptr)
    std::erase_if(in_.peer->in_flight, [&](const auto& entry) { return entry.second == cancel; });
  if (cancel->requested()) {
    reply_->discard();
  } else if (thrown) {
    server_->report("serving a request threw");
    reply_->error({protocol::error_kind::internal, {}, {}});
  }
}

}  // namespace sesame::inline v0
