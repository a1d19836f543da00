// Asking the client's model for a message: what is sent with `sampling/createMessage`, and what comes
// back (MCP, client/sampling). The 2026-07-28 revision deprecates it, and still has it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/revision.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sesame::inline v0 {

/// The model wants a tool of the request to be called.
struct tool_use_content {
  std::string id;            ///< by which the result names this use
  std::string name;          ///< of the tool
  std::string input = "{}";  ///< the arguments: a JSON object, as text
};

/// What a tool that the model wanted has answered.
struct tool_result_content {
  std::string tool_use_id;
  content_list content;
  bool is_error = false;
};

/// One block of a message to or from a model.
using sampling_content =
    std::variant<text_content, image_content, audio_content, tool_use_content, tool_result_content>;

struct sampling_message {
  sesame::role role = role::user;
  std::vector<sampling_content> content;
};

/// A tool that the model may use while it answers.
struct sampling_tool {
  std::string name;
  std::string description;
  std::string input_schema = R"({"type":"object"})";  ///< a JSON Schema, as text
};

enum class tool_choice : std::uint8_t {
  automatic,  ///< the model decides
  required,   ///< at least one tool has to be used
  none,       ///< no tool may be used
};

/// What the client should choose its model by. Numbers from 0 to 1: how much each matters.
struct model_preferences {
  std::vector<std::string> hints{};  ///< names of models or families, the best first
  std::optional<double> cost{};
  std::optional<double> speed{};
  std::optional<double> intelligence{};
};

/// A request to the client's model. Give it a name before it goes into a `co_await` expression: g++
/// 12 destroys temporary aggregates twice there.
struct sampling_request {
  std::vector<sampling_message> messages;
  int max_tokens = 1000;
  std::string system_prompt{};  ///< empty for none
  std::optional<double> temperature{};
  std::vector<std::string> stop_sequences{};
  std::optional<model_preferences> preferences{};
  std::vector<sampling_tool> tools{};  ///< only for clients that declare `sampling.tools`
  sesame::tool_choice tool_choice = tool_choice::automatic;
};

/// What the model said.
struct sampling_result {
  sesame::role role = role::assistant;
  std::vector<sampling_content> content;
  std::string model;  ///< its name; a claim of the client
  std::string
      stop_reason{};  ///< `endTurn`, `maxTokens`, `toolUse`, …; empty if the client does not say

  /// All text of the message, one block after the other.
  [[nodiscard]] std::string text() const;
};

namespace protocol {

namespace detail {

struct sampling_content_writer {
  const revision& wire;
  json::writer& out;

  template <class Block>
  void operator()(const Block& block) const {
    content_writer{wire, out}(block);
  }
  void operator()(const tool_use_content& block) const;
  void operator()(const tool_result_content& block) const;
};

}  // namespace detail

/// Throws `std::invalid_argument` for a request that no client may be sent: without a message or a
/// bound, or where what tools answered does not follow what the model asked of them.
void check(const sampling_request& request);

/// Writes the parameters of `sampling/createMessage`. A revision whose messages are of one block is
/// sent several messages instead of one with several blocks. The writer has failed where a text of
/// the request that should be JSON is none.
void write(const sampling_request& request, const revision& wire, json::writer& out);

/// Reads a `CreateMessageResult`; nothing for what is none, or has a kind of content that is not
/// known here.
[[nodiscard]] std::optional<sampling_result> read_sampling_result(json::value given);

}  // namespace protocol
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/sampling.ipp"
#endif
