// How a question goes to the client, and how its answer comes back.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/result.hpp"
#include "sesame/server/session.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/questions.hpp"

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

client_question question_of(const form_entry& form, const protocol::revision& wire);

// What is wrong with an answer that is still text.
std::optional<std::string> check_text(const client_question& asked, const std::string& answer);

// Questions as a result names them, by their keys.
void write_input_requests(const std::vector<client_question>& open, json::writer& out);

std::string request_text(std::string_view id, std::string_view method, std::string_view params);

// The result in the client's response to a question, as JSON text; or why there is none.
result<std::string> result_of(std::string_view response, const client_question& asked,
                              const json::limits& bounds);

}  // namespace detail

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/asking.ipp"
#endif
