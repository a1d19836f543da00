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
  static std::optional<message_id> read(json::value v) noexcept;

  [[nodiscard]] bool present() const noexcept { return value_.index() != 0; }

  void write(json::writer& out) const;

  /// The same id, whose text is kept in `storage` and not in the message any more.
  [[nodiscard]] message_id kept_in(std::string& storage) const;

  /// The id as JSON text, which tells `1` from `"1"`: a key for tables that outlive the message.
  [[nodiscard]] std::string key() const;

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
[[nodiscard]] result<message, message_error> read_message(json::value root);

}  // namespace sesame::inline v0::protocol

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/message.ipp"
#endif
