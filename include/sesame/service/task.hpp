// What a source needs that defines a coroutine of a tool: `task`, whole, and a context that can be
// asked things in one. It brings Asio, and so is not in `<sesame/service.hpp>`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/fwd.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/questions.hpp"

#include <asio/awaitable.hpp>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

template <question... Questions>
task<std::tuple<typename Questions::answer...>> context::ask(Questions... questions) {
  static_assert(sizeof...(Questions) != 0, "sesame: ask takes at least one question");
  std::vector<detail::client_question> all;
  (all.push_back(write_question(questions)), ...);
  const auto answers = co_await channel_->ask(std::move(all));
  co_return read_answers<Questions...>(answers, std::index_sequence_for<Questions...>{});
}

template <class Form>
task<elicited<Form>> context::elicit(std::string message, std::string key) {
  elicit_form<Form> asked{std::move(message), std::move(key)};
  auto answers = co_await ask(std::move(asked));
  co_return std::get<0>(std::move(answers));
}

}  // namespace sesame::inline v0
