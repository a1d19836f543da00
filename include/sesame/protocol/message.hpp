// The shape of a JSON-RPC 2.0 message as MCP uses it, read strictly from a parsed text.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/members.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/error.hpp"

#include <array>
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

  /// False, and unchanged, for a value that is neither a string nor an integer.
  [[nodiscard]] bool assign(json::value v) noexcept;
  /// Nothing for such a value.
  static std::optional<message_id> read(json::value v) noexcept {
    message_id id;
    return id.assign(v) ? std::optional{id} : std::nullopt;
  }

  [[nodiscard]] bool present() const noexcept { return value_.index() != 0; }

  void write(json::writer& out) const;

  /// The number, as most ids are one; null for others.
  [[nodiscard]] const std::int64_t* number() const noexcept {
    return std::get_if<std::int64_t>(&value_);
  }

  /// The same id, whose text is kept in `storage` and not in the message any more.
  [[nodiscard]] message_id kept_in(std::string& storage) const;

  /// The id as JSON text, which tells `1` from `"1"`: a key for tables that outlive the message.
  [[nodiscard]] std::string key() const;

  friend bool operator==(const message_id&, const message_id&) = default;

 private:
  std::variant<std::monostate, std::string_view, std::int64_t, std::uint64_t> value_;
};

enum class message_kind : std::uint8_t { request, notification, response };

/// What of `params` the protocol knows, over all methods.
struct known_params {
  std::optional<json::value> name{};
  std::optional<json::value> arguments{};
  std::optional<json::value> meta{};
  std::optional<json::value> uri{};
  std::optional<json::value> cursor{};
  std::optional<json::value> task{};
  std::optional<json::value> task_id{};
  std::optional<json::value> input_responses{};
  std::optional<json::value> request_state{};
};

inline constexpr std::array<json::wanted_member<known_params>, 9> param_table{
    {{"name", &known_params::name},
     {"arguments", &known_params::arguments},
     {"_meta", &known_params::meta},
     {"uri", &known_params::uri},
     {"cursor", &known_params::cursor},
     {"task", &known_params::task},
     {"taskId", &known_params::task_id},
     {"inputResponses", &known_params::input_responses},
     {"requestState", &known_params::request_state}}};

namespace meta_key {
inline constexpr std::string_view protocol_version = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view client_capabilities =
    "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view client_info = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view log_level = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view progress_token = "progressToken";
inline constexpr std::string_view authorization = "authorization";
}  // namespace meta_key

/// What of `params._meta` the protocol knows.
struct known_meta {
  std::optional<json::value> protocol_version{};
  std::optional<json::value> client_capabilities{};
  std::optional<json::value> client_info{};
  std::optional<json::value> log_level{};
  std::optional<json::value> progress_token{};
  std::optional<json::value> authorization{};
};

inline constexpr std::array<json::wanted_member<known_meta>, 6> meta_table{
    {{meta_key::protocol_version, &known_meta::protocol_version},
     {meta_key::client_capabilities, &known_meta::client_capabilities},
     {meta_key::client_info, &known_meta::client_info},
     {meta_key::log_level, &known_meta::log_level},
     {meta_key::progress_token, &known_meta::progress_token},
     {meta_key::authorization, &known_meta::authorization}}};

/// One message. All views and values point into the document it was read from.
struct message {
  // Written out, so that no compiler clears the whole of it before: most of it stays empty.
  message() noexcept {}  // NOLINT(modernize-use-equals-default)

  message_kind kind = message_kind::request;
  message_id id;
  std::string_view method;
  std::optional<json::object> params;
  known_params param;
  std::optional<json::object> meta;  ///< `params._meta`
  known_meta in_meta;
  std::optional<json::value> result;  ///< of a response
  std::optional<json::value> error;   ///< of a response
};

/// Reads the shape of a single message into one that is new. Arrays are no messages here; batches
/// are taken apart before. Returns what is wrong with it, if something is; then its id is there
/// where that could be read, and nothing else means anything.
[[nodiscard]] std::optional<rpc_error> read_message(json::value root, message& to);

/// As `read_message`, of `params` alone.
[[nodiscard]] std::optional<rpc_error> read_params(json::value params, message& to);

}  // namespace sesame::inline v0::protocol

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/message.ipp"
#endif
