// What server/asking.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/result.hpp"
#include "sesame/server/asking.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/questions.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE client_question question_of(const form_entry& form, const protocol::revision& wire) {
  client_question made{std::string{form.key},
                       "elicitation/create",
                       {},
                       client_capabilities{client_capabilities::elicitation_form},
                       form.check};
  json::writer out{made.params};
  write_form_params(form.message, form.schema, wire, out);
  return made;
}

SESAME_INLINE std::optional<std::string> check_text(const client_question& asked,
                                                    const std::string& answer) {
  json::document document{{.size = std::max(answer.size(), std::size_t{1024})}};
  const auto parsed = document.parse(answer);
  return parsed ? asked.check(*parsed) : "the answer is not valid JSON";
}

SESAME_INLINE void write_input_requests(const std::vector<client_question>& open,
                                        json::writer& out) {
  out.raw('{');
  std::string_view comma;
  for (const auto& asked : open) {
    out.raw(std::exchange(comma, ","));
    out.string(asked.key);
    out.raw(R"(:{"method":")");
    out.raw(asked.method);
    out.raw(R"(","params":)");
    out.raw(asked.params);
    out.raw('}');
  }
  out.raw('}');
}

SESAME_INLINE std::string request_text(std::string_view id, std::string_view method,
                                       std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","id":)";
  text.append(id).append(R"(,"method":")").append(method);
  text.append(R"(","params":)").append(params) += '}';
  return text;
}

SESAME_INLINE result<std::string> result_of(std::string_view response, const client_question& asked,
                                            const json::limits& bounds) {
  const auto none = [](std::string_view why) {
    return failure{error{"The client could not be asked: " + std::string{why}}};
  };
  if (response.empty()) return none("there was no answer in time");
  json::document document{bounds};
  const auto parsed = document.parse(response);
  const auto members = parsed ? json::as_object(*parsed) : std::nullopt;
  const auto given = members ? json::find(*members, "result") : std::nullopt;
  if (!given) return none("it answered with an error");
  if (const auto wrong = asked.check(*given)) return none(*wrong);
  return json::minify(*given);
}

}  // namespace sesame::inline v0::detail
