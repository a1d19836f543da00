// How a question goes to the client, and how its answer comes back.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/result.hpp"
#include "sesame/server/session.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/questions.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

// Takes a question back if its asker goes before the answer comes.
class open_question {
 public:
  open_question(std::shared_ptr<session> where, const std::shared_ptr<question>& asked)
      : where_(std::move(where)), id_(where_->ask(asked)), asked_(asked) {}
  open_question(open_question&& other) noexcept = default;
  open_question& operator=(open_question&&) = delete;
  ~open_question() {
    if (where_) where_->forget(id_);
  }
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::shared_ptr<question>& asked() const noexcept { return asked_; }

 private:
  std::shared_ptr<session> where_;
  std::string id_;
  std::shared_ptr<question> asked_;
};

inline client_question question_of(const form_entry& form, const protocol::revision& wire) {
  client_question made{std::string{form.key},
                       "elicitation/create",
                       {},
                       client_capabilities{client_capabilities::elicitation_form},
                       form.check};
  json::writer out{made.params};
  write_form_params(form.message, form.schema, wire, out);
  return made;
}

// What is wrong with an answer that is still text.
inline std::optional<std::string> check_text(const client_question& asked,
                                             const std::string& answer) {
  json::document document{{.size = std::max(answer.size(), std::size_t{1024})}};
  const auto parsed = document.parse(answer);
  return parsed ? asked.check(*parsed) : "the answer is not valid JSON";
}

// Questions as a result names them, by their keys.
inline void write_input_requests(const std::vector<client_question>& open, json::writer& out) {
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

inline std::string request_text(std::string_view id, std::string_view method,
                                std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","id":)";
  text.append(id).append(R"(,"method":")").append(method);
  text.append(R"(","params":)").append(params) += '}';
  return text;
}

// The result in the client's response to a question, as JSON text; or why there is none.
inline result<std::string> result_of(std::string_view response, const client_question& asked,
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
  return simdjson::minify(*given);
}

}  // namespace detail

}  // namespace sesame::inline v0
