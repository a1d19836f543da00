// Several messages in one array, as revision 2025-03-26 has it: each is served like one that came
// alone, and the answers leave in one array.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/server/classify.hpp"
#include "sesame/server/engine.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

/// One message of an array, while it is being served.
struct batch_part {
  explicit batch_part(json::limits limits) : x(limits) {}
  exchange x;
  std::string out;
};

/// Appends an answer to an array that was opened, or not yet.
SESAME_INLINE void append_answer(std::string& all, std::string_view one) {
  if (one.empty()) return;
  all += all.empty() ? '[' : ',';
  all += one;
}

}  // namespace detail

SESAME_INLINE disposition engine::serve_batch(exchange& x, json::array messages) {
  using protocol::error_kind;
  x.reply_->speak(protocol::latest_session_revision);
  std::shared_ptr<detail::session> in;
  if (x.in_.peer != nullptr) {
    in = x.in_.peer->session;
  } else if (x.in_.fields != nullptr) {
    auto found = find_session(*x.in_.fields, x.in_.caller.get());
    if (!found && found.error().kind == error_kind::session_unknown)
      return refuse(x, found.error());
    if (found) in = *std::move(found);
  }
  if (!in || !in->wire().batches)
    return refuse(x, error_kind::invalid_request, "batches are not taken in this revision");
  if (messages.size() == 0)
    return refuse(x, error_kind::invalid_request, "there is nothing in the array");
  if (messages.size() > options_.max_requests_in_flight)
    return refuse(x, error_kind::too_many, "the array is too long");

  std::vector<std::string> texts;
  for (const auto one : messages) {
    protocol::message read;
    // Nothing has been done yet for a client that mixes the eras.
    if (!protocol::read_message(one, read)) {
      const auto route = detail::classify(read, std::nullopt);
      if (route &&
          (*route == detail::route::stateless || *route == detail::route::stateless_notification))
        return refuse(x, error_kind::invalid_request,
                      "an array holds messages of its session alone");
    }
    texts.push_back(json::minify(one));
  }

  auto& all = *x.in_.out;
  std::vector<std::unique_ptr<detail::batch_part>> waiting;
  std::unique_ptr<detail::batch_part> part;
  for (const auto& text : texts) {
    if (!part) part = std::make_unique<detail::batch_part>(options_.message);
    part->out.clear();
    auto given = x.in_;
    given.text = text;
    given.out = &part->out;
    given.part_of_batch = true;
    const auto became = begin(part->x, given);
    if (became == disposition::answered) detail::append_answer(all, part->out);
    if (became == disposition::pending) waiting.push_back(std::exchange(part, nullptr));
  }
  if (waiting.empty()) {
    if (all.empty()) return disposition::accepted;
    all += ']';
    return disposition::answered;
  }
  x.session_ = std::move(in);
  x.reply_->speak(x.session_->wire());
  // Each part can be cancelled by its own id; the whole has none.
  x.make_cancellable();
  x.work_ = finish_batch(x, std::move(waiting));
  return disposition::pending;
}

SESAME_INLINE task<> engine::finish_batch(exchange& x,
                                          std::vector<std::unique_ptr<detail::batch_part>> parts) {
  auto& all = *x.in_.out;
  for (const auto& part : parts) {
    co_await part->x.finish();
    detail::append_answer(all, part->out);
  }
  if (!all.empty()) all += ']';
}

}  // namespace sesame::inline v0
