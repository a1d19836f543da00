// What protocol/message.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sesame::inline v0::protocol {

SESAME_INLINE std::optional<message_id> message_id::read(json::value v) noexcept {
  message_id id;
  if (std::string_view text; v.get(text) == simdjson::SUCCESS)
    id.value_ = text;
  else if (std::int64_t number = 0; v.get(number) == simdjson::SUCCESS)
    id.value_ = number;
  else if (std::uint64_t large = 0; v.get(large) == simdjson::SUCCESS)
    id.value_ = large;
  else
    return std::nullopt;
  return id;
}

SESAME_INLINE void message_id::write(json::writer& out) const {
  if (const auto* text = std::get_if<std::string_view>(&value_))
    out.string(*text);
  else if (const auto* number = std::get_if<std::int64_t>(&value_))
    out.number(*number);
  else if (const auto* large = std::get_if<std::uint64_t>(&value_))
    out.number(*large);
  else
    out.null();
}

SESAME_INLINE message_id message_id::kept_in(std::string& storage) const {
  message_id id = *this;
  if (const auto* text = std::get_if<std::string_view>(&value_))
    id.value_ = std::string_view{storage = *text};
  return id;
}

SESAME_INLINE std::string message_id::key() const {
  std::string text;
  json::writer out{text};
  write(out);
  return text;
}

SESAME_INLINE result<message, message_error> read_message(json::value root) {
  message_id id;
  const auto refuse = [&](error_kind kind, std::string_view why) {
    return failure{message_error{rpc_error{kind, std::string{why}, {}}, id}};
  };
  const auto members = json::as_object(root);
  if (!members) return refuse(error_kind::invalid_request, "a message is a JSON object");

  std::optional<json::value> version, id_value, method, params, result_value, error_value;
  bool repeated = false;
  bool repeated_id = false;
  for (const auto member : *members) {
    std::optional<json::value>* to = nullptr;
    if (member.key == "jsonrpc")
      to = &version;
    else if (member.key == "id")
      to = &id_value;
    else if (member.key == "method")
      to = &method;
    else if (member.key == "params")
      to = &params;
    else if (member.key == "result")
      to = &result_value;
    else if (member.key == "error")
      to = &error_value;
    if (to == nullptr || detail::put_once(*to, member.value)) continue;
    repeated = true;
    repeated_id = repeated_id || to == &id_value;
  }

  message read;
  // Of two ids none can be answered to.
  if (id_value && !repeated_id) {
    const auto valid = message_id::read(*id_value);
    if (!valid) return refuse(error_kind::invalid_request, "id must be a string or an integer");
    read.id = id = *valid;
  }
  if (repeated) return refuse(error_kind::invalid_request, "a member is given twice");
  if (!version || json::as_string(*version) != std::string_view{"2.0"})
    return refuse(error_kind::invalid_request, "jsonrpc must be \"2.0\"");

  if (!method) {
    if (result_value.has_value() == error_value.has_value() || !id_value)
      return refuse(error_kind::invalid_request, "neither a request nor a response");
    read.kind = message_kind::response;
    read.result = result_value;
    read.error = error_value;
    return read;
  }
  if (result_value || error_value)
    return refuse(error_kind::invalid_request, "both a request and a response");
  const auto name = json::as_string(*method);
  if (!name) return refuse(error_kind::invalid_request, "method must be a string");
  read.method = *name;
  read.kind = id_value ? message_kind::request : message_kind::notification;

  if (params) {
    read.params = json::as_object(*params);
    if (!read.params) return refuse(error_kind::invalid_params, "params must be an object");
    std::optional<json::value> meta;
    for (const auto member : *read.params)
      if (member.key == "_meta" && !detail::put_once(meta, member.value))
        return refuse(error_kind::invalid_params, "_meta is given twice");
    if (meta) {
      read.meta = json::as_object(*meta);
      if (!read.meta) return refuse(error_kind::invalid_params, "_meta must be an object");
    }
  }
  return read;
}

}  // namespace sesame::inline v0::protocol
