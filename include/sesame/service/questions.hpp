// What a handler may ask of the user or the client while it serves a request: a form, a visit to a
// web page, a message of the client's model, the client's folders.
//
//     auto [name, folders] = co_await call.ask(sesame::elicit_form<name_form>{"What is your name?"},
//                                              sesame::list_roots{});
//
// Each is a question with a key of its own, by which its answer is known again.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/protocol/roots.hpp"
#include "sesame/protocol/sampling.hpp"
#include "sesame/result.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/tool_error.hpp"

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

/// One question, as the server's side takes it.
struct client_question {
  std::string key;
  std::string_view method;
  std::string params;         ///< a JSON object, as the client's revision has it
  client_capabilities needs;  ///< what a client must have declared to be asked
  /// What is wrong with an answer, in words for the client; nothing if it will do.
  std::optional<std::string> (*check)(json::value answer);
  std::string elicitation_id{};  ///< of a page to visit, of whose end a client may be told
};

void write_form_params(std::string_view message, std::string_view schema,
                       const protocol::revision& wire, json::writer& out);

template <class Question>
std::optional<std::string> check_answer(json::value given) {
  auto read = Question::read(given);
  return read ? std::nullopt : std::optional{std::move(read.error())};
}

}  // namespace detail

/// Asks the user to fill in `Form`: a flat struct without secrets (see `elicitation`). The answer is
/// an `elicited<Form>`.
template <class Form>
class elicit_form {
  static_assert(detail::check_form<Form>());

 public:
  using answer = elicited<Form>;
  static constexpr std::string_view method = "elicitation/create";

  /// `message` is what the user is told. `key` names the question among those of one handler; one is
  /// made from its place where it is empty.
  explicit elicit_form(std::string message, std::string key = {})
      : message_(std::move(message)), key_(std::move(key)) {}

  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  [[nodiscard]] client_capabilities needs() const noexcept {
    return client_capabilities{client_capabilities::elicitation_form};
  }
  void write(const protocol::revision& wire, json::writer& out) const {
    detail::write_form_params(message_, form_schema<Form>(), wire, out);
  }
  static result<answer, std::string> read(json::value given) {
    return detail::read_elicited<Form>(given);
  }

 private:
  std::string message_;
  std::string key_;
};

/// Asks the user to visit a web page: for signing in elsewhere, for paying, for whatever must not
/// pass through the client. The answer says whether the user agreed to go there, and not whether
/// what is to be done there is done: find that out where it is kept.
///
/// The page must make sure that who opens it is who was asked, by a session of its own; the URL may
/// hold neither credentials nor what tells the user's identity (MCP, client/elicitation, "Safe URL
/// handling").
class elicit_url {
 public:
  using answer = elicitation_action;
  static constexpr std::string_view method = "elicitation/create";

  /// `url` is absolute, and `https` but for a loopback host; throws `std::invalid_argument`.
  elicit_url(std::string url, std::string message, std::string key = {});

  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  /// By which the program says that what was to be done there is done, so that the client need not
  /// wait for its user to say so: see `server::elicitation_completed`.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] client_capabilities needs() const noexcept {
    return client_capabilities{client_capabilities::elicitation_url};
  }
  void write(const protocol::revision& wire, json::writer& out) const;
  static result<answer, std::string> read(json::value given);

 private:
  std::string url_;
  std::string message_;
  std::string key_;
  std::string id_;
};

/// Thrown by a handler that cannot go on before its user has visited some pages, and does not wait
/// for that: the client shows them, and calls again when they are done with. For sessions of
/// 2025-11-25 whose client knows of pages (error -32042); to any other client it is a `tool_error`.
class url_elicitation_required : public tool_error {
 public:
  explicit url_elicitation_required(std::vector<elicit_url> pages,
                                    const std::string& message = "Some pages have to be visited");

  [[nodiscard]] const std::vector<elicit_url>& pages() const noexcept { return *pages_; }

 private:
  std::shared_ptr<const std::vector<elicit_url>> pages_;  // an exception is copied without a throw
};

/// Asks the client's model for a message. The answer is a `sampling_result`.
class create_message {
 public:
  using answer = sampling_result;
  static constexpr std::string_view method = "sampling/createMessage";

  /// Throws `std::invalid_argument` for a request that may not be sent; see `sampling_request`.
  explicit create_message(sampling_request request, std::string key = {});
  /// One message of the user with a text.
  create_message(std::string text, int max_tokens, std::string key = {});

  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  [[nodiscard]] client_capabilities needs() const noexcept;
  void write(const protocol::revision& wire, json::writer& out) const;
  static result<answer, std::string> read(json::value given);

 private:
  sampling_request request_;
  std::string key_;
};

/// Asks for the folders that the client works in. The answer is a list of `root`s.
class list_roots {
 public:
  using answer = std::vector<root>;
  static constexpr std::string_view method = "roots/list";

  explicit list_roots(std::string key = {}) : key_(std::move(key)) {}

  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  [[nodiscard]] client_capabilities needs() const noexcept {
    return client_capabilities{client_capabilities::roots};
  }
  void write(const protocol::revision&, json::writer& out) const { out.raw("{}"); }
  static result<answer, std::string> read(json::value given);

 private:
  std::string key_;
};

/// Something that a handler may ask.
template <class Question>
concept question = requires(const Question& asked, const protocol::revision& wire,
                            json::writer& out, json::value given) {
  { asked.key() } -> std::convertible_to<std::string>;
  { asked.needs() } -> std::same_as<client_capabilities>;
  asked.write(wire, out);
  { Question::read(given) } -> std::same_as<result<typename Question::answer, std::string>>;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/questions.ipp"
#endif
