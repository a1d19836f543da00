// Asking the client's model for a message: what is sent with `sampling/createMessage`, and what comes
// back (MCP, client/sampling). The 2026-07-28 revision deprecates it, and still has it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/revision.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
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
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const auto& block : content)
      if (const auto* part = std::get_if<text_content>(&block)) all += part->text;
    return all;
  }
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
  void operator()(const tool_use_content& block) const {
    out.raw(R"({"type":"tool_use")");
    member(out, "id", block.id);
    member(out, "name", block.name);
    out.raw(R"(,"input":)");
    out.copy_text(block.input);
    out.raw('}');
  }
  void operator()(const tool_result_content& block) const {
    out.raw(R"({"type":"tool_result")");
    member(out, "toolUseId", block.tool_use_id);
    out.raw(R"(,"content":[)");
    std::string_view comma;
    for (const auto& part : block.content) {
      out.raw(std::exchange(comma, ","));
      write(part, wire, out);
    }
    out.raw(']');
    if (block.is_error) out.raw(R"(,"isError":true)");
    out.raw('}');
  }
};

inline void write_sampling_message(const sampling_message& message, const sampling_content* begin,
                                   const sampling_content* end, const revision& wire,
                                   json::writer& out) {
  out.raw(R"({"role":")");
  out.raw(meta::enum_name(message.role));
  out.raw(R"(","content":)");
  const sampling_content_writer writer{wire, out};
  if (end - begin == 1) {
    std::visit(writer, *begin);
  } else {
    out.raw('[');
    for (const auto* block = begin; block != end; ++block) {
      if (block != begin) out.raw(',');
      std::visit(writer, *block);
    }
    out.raw(']');
  }
  out.raw('}');
}

inline void write_preferences(const model_preferences& preferences, json::writer& out) {
  out.raw(R"(,"modelPreferences":{"hints":[)");
  std::string_view comma;
  for (const auto& name : preferences.hints) {
    out.raw(std::exchange(comma, ","));
    out.raw(R"({"name":)");
    out.string(name);
    out.raw('}');
  }
  out.raw(']');
  const auto number = [&](std::string_view key, std::optional<double> value) {
    if (!value) return;
    out.raw(key);
    out.number(*value);
  };
  number(R"(,"costPriority":)", preferences.cost);
  number(R"(,"speedPriority":)", preferences.speed);
  number(R"(,"intelligencePriority":)", preferences.intelligence);
  out.raw('}');
}

inline void write_tools(const sampling_request& request, json::writer& out) {
  out.raw(R"(,"tools":[)");
  std::string_view comma;
  for (const auto& tool : request.tools) {
    out.raw(std::exchange(comma, ","));
    out.raw(R"({"name":)");
    out.string(tool.name);
    if (!tool.description.empty()) member(out, "description", tool.description);
    out.raw(R"(,"inputSchema":)");
    out.copy_text(tool.input_schema);
    out.raw('}');
  }
  constexpr std::string_view choices[] = {"auto", "required", "none"};
  out.raw(R"(],"toolChoice":{"mode":")");
  out.raw(choices[static_cast<std::size_t>(request.tool_choice)]);
  out.raw(R"("})");
}

inline std::optional<sampling_content> read_sampling_content(json::object block) {
  const auto text = [&](std::string_view key) {
    return std::string{json::find_string(block, key).value_or(std::string_view{})};
  };
  const auto type = text("type");
  if (type == "text") {
    const auto said = json::find_string(block, "text");
    if (!said) return std::nullopt;
    return text_content{std::string{*said}};
  }
  if (type == "image" || type == "audio") {
    const auto data = json::find_string(block, "data");
    auto bytes = data ? json::from_base64(*data) : std::nullopt;
    if (!bytes) return std::nullopt;
    if (type == "image") return image_content{*std::move(bytes), text("mimeType")};
    return audio_content{*std::move(bytes), text("mimeType")};
  }
  if (type == "tool_use") {
    const auto input = json::find_object(block, "input");
    if (!input || text("id").empty() || text("name").empty()) return std::nullopt;
    return tool_use_content{text("id"), text("name"), simdjson::minify(*input)};
  }
  return std::nullopt;
}

}  // namespace detail

/// Throws `std::invalid_argument` for a request that no client may be sent: without a message or a
/// bound, or where what tools answered does not follow what the model asked of them.
inline void check(const sampling_request& request) {
  const auto demand = [](bool fine, const char* what) {
    if (!fine) throw std::invalid_argument(what);
  };
  demand(!request.messages.empty(), "a sampling request has at least one message");
  demand(request.max_tokens > 0, "max_tokens of a sampling request must be positive");
  std::vector<std::string_view> open;
  for (const auto& message : request.messages) {
    demand(!message.content.empty(), "a message to a model has at least one block of content");
    std::size_t results = 0;
    for (const auto& block : message.content) {
      const auto* result = std::get_if<tool_result_content>(&block);
      if (result == nullptr) continue;
      ++results;
      demand(std::erase(open, std::string_view{result->tool_use_id}) == 1,
             "a tool's result names a use in the message before it, once");
    }
    demand(results == 0 || (results == message.content.size() && message.role == role::user),
           "a message with the results of tools is the user's, and holds nothing else");
    demand(open.empty(), "each use of a tool is answered in the message after it");
    for (const auto& block : message.content)
      if (const auto* use = std::get_if<tool_use_content>(&block)) open.push_back(use->id);
  }
  demand(open.empty(), "each use of a tool is answered in the message after it");
}

/// Writes the parameters of `sampling/createMessage`. A revision whose messages are of one block is
/// sent several messages instead of one with several blocks. The writer has failed where a text of
/// the request that should be JSON is none.
inline void write(const sampling_request& request, const revision& wire, json::writer& out) {
  out.raw(R"({"messages":[)");
  std::string_view comma;
  for (const auto& message : request.messages) {
    const auto* const blocks = message.content.data();
    const auto count = message.content.size();
    const auto step = wire.sampling_tools ? std::max(count, std::size_t{1}) : std::size_t{1};
    for (std::size_t i = 0; i < count; i += step) {
      out.raw(std::exchange(comma, ","));
      detail::write_sampling_message(message, blocks + i, blocks + i + step, wire, out);
    }
  }
  out.raw(R"(],"maxTokens":)");
  out.number(request.max_tokens);
  if (request.preferences) detail::write_preferences(*request.preferences, out);
  if (!request.system_prompt.empty()) detail::member(out, "systemPrompt", request.system_prompt);
  if (request.temperature) {
    out.raw(R"(,"temperature":)");
    out.number(*request.temperature);
  }
  if (!request.stop_sequences.empty()) {
    out.raw(R"(,"stopSequences":[)");
    comma = {};
    for (const auto& text : request.stop_sequences) {
      out.raw(std::exchange(comma, ","));
      out.string(text);
    }
    out.raw(']');
  }
  if (!request.tools.empty()) detail::write_tools(request, out);
  out.raw('}');
}

/// Reads a `CreateMessageResult`; nothing for what is none, or has a kind of content that is not
/// known here.
[[nodiscard]] inline std::optional<sampling_result> read_sampling_result(json::value given) {
  const auto members = json::as_object(given);
  if (!members) return std::nullopt;
  const auto who = json::find_string(*members, "role");
  const auto known = who ? meta::enum_value<role>(*who) : std::nullopt;
  const auto content = json::find(*members, "content");
  const auto model = json::find_string(*members, "model");
  if (!known || !content || !model) return std::nullopt;
  sampling_result read{*known, {}, std::string{*model}};
  read.stop_reason = json::find_string(*members, "stopReason").value_or(std::string_view{});
  const auto take = [&](json::value block) {
    const auto fields = json::as_object(block);
    auto one = fields ? detail::read_sampling_content(*fields) : std::nullopt;
    if (one) read.content.push_back(*std::move(one));
    return one.has_value();
  };
  const auto blocks = json::as_array(*content);
  if (!blocks) return take(*content) ? std::optional{std::move(read)} : std::nullopt;
  for (const auto block : *blocks)
    if (!take(block)) return std::nullopt;
  return read;
}

}  // namespace protocol
}  // namespace sesame::inline v0
