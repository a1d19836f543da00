// What service/elicited.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/value.hpp"
#include "sesame/linkage.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/result.hpp"
#include "sesame/service/elicited.hpp"

#include <optional>
#include <string>

namespace sesame::inline v0::detail {

SESAME_INLINE result<elicit_result, std::string> read_elicit_result(json::value given) {
  const auto members = json::as_object(given);
  const auto name = members ? json::find_string(*members, "action") : std::nullopt;
  const auto action = name ? meta::enum_value<elicitation_action>(*name) : std::nullopt;
  if (!action) return failure{std::string{"an answer needs an action: accept, decline or cancel"}};
  if (*action != elicitation_action::accept) return elicit_result{*action, std::nullopt};
  return elicit_result{*action, json::find(*members, "content")};
}

}  // namespace sesame::inline v0::detail
