// The shape of a JSON-RPC 2.0 message as MCP uses it, read strictly from a parsed text.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sesame::inline v0::protocol {

/// The id of a request, or the token of a progress: a string or an integer, given back with its own
/// type. Holds a view into the message.
class message_id {
 public:
  message_id() = default;

  /// Nothing for a value that is neither a string nor an integer.
  static std::optional<message_id> read(json::value v) noexcept {
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

  [[nodiscard]] bool present() const noexcept { return value_.index() != 0; }

  void write(json::writer& out) const {
    if (const auto* text = std::get_if<std::string_view>(&value_))
      out.string(*text);
    else if (const auto* number = std::get_if<std::int64_t>(&value_))
      out.number(*number);
    else if (const auto* large = std::get_if<std::uint64_t>(&value_))
      out.number(*large);
    else
      out.null();
  }

  /// The same id, whose text is kept in `storage` and not in the message any more.
  [[nodiscard]] message_id kept_in(std::string& storage) const {
    message_id id = *this;
    if (const auto* text = std::get_if<std::string_view>(&value_))
      id.value_ = std::string_view{storage = *text};
    return id;
  }

  /// The id as JSON text, which tells `1` from `"1"`: a key for tables that outlive the message.
  [[nodiscard]] std::string key() const {
    std::string text;
    json::writer out{text};
    write(out);
    return text;
  }

  friend bool operator==(const message_id&, const message_id&) = default;

 private:
  std::variant<std::monostate, std::string_view, std::int64_t, std::uint64_t> value_;
};

enum class message_kind : std::uint8_t { request, notification, response };

/// One message. All views and values point into the document it was read from.
struct message {
  message_kind kind = message_kind::request;
  message_id id;
  std::string_view method;
  std::optional<json::object> params;
  std::optional<json::object> meta;   ///< `params._meta`
  std::optional<json::value> result;  ///< of a response
  std::optional<json::value> error;   ///< of a response
};

/// A message that could not be read, with its id where that could be.
struct message_error {
  rpc_error error;
  message_id id;
};

namespace detail {

// A member of the message itself may stand there once.
template <class T>
bool put_once(std::optional<T>& to, const T& from) {
  if (to) return false;
  to = from;
  return true;
}

}  // namespace detail

/// Reads the shape of a single message. Arrays are no messages here; batches are taken apart
/// before.
[[nodiscard]] inline result<message, message_error> read_message(json::value root) {
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
