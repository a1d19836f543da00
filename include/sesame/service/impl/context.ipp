// What service/context.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/questions.hpp"
#include "sesame/service/task.hpp"

#include <tuple>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE task<elicitation_action> context::elicit(elicit_url page) {
  const auto answers = co_await ask(std::move(page));
  co_return std::get<0>(answers);
}

SESAME_INLINE task<sampling_result> context::sample(create_message request) {
  auto answers = co_await ask(std::move(request));
  co_return std::get<0>(std::move(answers));
}

SESAME_INLINE task<std::vector<root>> context::roots() {
  list_roots asked;
  auto answers = co_await ask(std::move(asked));
  co_return std::get<0>(std::move(answers));
}

}  // namespace sesame::inline v0
