// What protocol/sampling.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/protocol/sampling.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE std::string sampling_result::text() const {
  std::string all;
  for (const auto& block : content)
    if (const auto* part = std::get_if<text_content>(&block)) all += part->text;
  return all;
}

}  // namespace sesame::inline v0

namespace sesame::inline v0::protocol::detail {

SESAME_INLINE void sampling_content_writer::operator()(const tool_use_content& block) const {
  out.raw(R"({"type":"tool_use")");
  member(out, "id", block.id);
  member(out, "name", block.name);
  out.raw(R"(,"input":)");
  out.copy_text(block.input);
  out.raw('}');
}

SESAME_INLINE void sampling_content_writer::operator()(const tool_result_content& block) const {
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

SESAME_INLINE void write_sampling_message(const sampling_message& message,
                                          const sampling_content* begin,
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

SESAME_INLINE void write_preferences(const model_preferences& preferences, json::writer& out) {
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

SESAME_INLINE void write_tools(const sampling_request& request, json::writer& out) {
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

SESAME_INLINE std::optional<sampling_content> read_sampling_content(json::object block) {
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
    return tool_use_content{text("id"), text("name"), json::minify(*input)};
  }
  return std::nullopt;
}

}  // namespace sesame::inline v0::protocol::detail

namespace sesame::inline v0::protocol {

SESAME_INLINE void check(const sampling_request& request) {
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

SESAME_INLINE void write(const sampling_request& request, const revision& wire, json::writer& out) {
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

SESAME_INLINE std::optional<sampling_result> read_sampling_result(json::value given) {
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
    if (!one) return false;
    read.content.push_back(*std::move(one));
    return true;
  };
  const auto blocks = json::as_array(*content);
  if (!blocks) return take(*content) ? std::optional{std::move(read)} : std::nullopt;
  for (const auto block : *blocks)
    if (!take(block)) return std::nullopt;
  return read;
}

}  // namespace sesame::inline v0::protocol
