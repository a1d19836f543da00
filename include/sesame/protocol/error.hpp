// The errors of JSON-RPC and MCP, as a table: code, HTTP status in each era, text.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/protocol/revision.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::protocol {

/// What went wrong with a message, above the single occasion.
enum class error_kind : std::uint8_t {
  parse,                     ///< no JSON
  invalid_request,           ///< no JSON-RPC message
  method_not_found,          ///< a method that is unknown, removed or not offered
  invalid_params,            ///< parameters that do not fit the method
  invalid_envelope,          ///< a required `_meta` member is missing or has the wrong type
  internal,                  ///< a fault of the server
  header_mismatch,           ///< an HTTP header that is missing or says other than the body
  missing_capability,        ///< the client did not declare what the request needs
  unsupported_version,       ///< a revision that is not served
  session_required,          ///< a session request without its session
  session_unknown,           ///< a session that ended, or never was
  unauthorized,              ///< no token, or none that is good
  forbidden,                 ///< a good token that does not reach this far
  unavailable,               ///< who could tell is not to be reached
  resource_not_found,        ///< a URI under which there is nothing; `data` is `{"uri":…}`
  url_elicitation_required,  ///< pages to be visited first; in sessions of 2025-11-25 alone
  too_many,                  ///< more at a time than the server allows
};

/// One row of the table. `status` is the HTTP status of the answer, by era.
struct error_row {
  error_kind kind;
  int code;
  std::array<int, 2> status;  ///< indexed by `era`
  std::string_view text;
  int session_code = 0;  ///< where the session era has another code
};

// Codes from -32099 to -32000 belong to the specification or to older practice; what the
// specification has no code for carries the HTTP status as an application's own code.
inline constexpr std::array<error_row, 17> error_table{{
    {error_kind::parse, -32700, {400, 400}, "Parse error"},
    {error_kind::invalid_request, -32600, {400, 400}, "Invalid request"},
    {error_kind::method_not_found, -32601, {200, 404}, "Method not found"},
    {error_kind::invalid_params, -32602, {200, 200}, "Invalid params"},
    {error_kind::invalid_envelope, -32602, {400, 400}, "Invalid params"},
    {error_kind::internal, -32603, {200, 200}, "Internal error"},
    {error_kind::header_mismatch, -32020, {400, 400}, "Header mismatch"},
    {error_kind::missing_capability, -32021, {200, 400}, "Missing required client capability"},
    {error_kind::unsupported_version, -32022, {400, 400}, "Unsupported protocol version"},
    {error_kind::session_required, -32600, {400, 400}, "Session required"},
    {error_kind::session_unknown, -32600, {404, 404}, "Session not found"},
    {error_kind::unauthorized, 401, {401, 401}, "Authentication required"},
    {error_kind::forbidden, 403, {403, 403}, "Forbidden"},
    {error_kind::unavailable, 503, {503, 503}, "Verification unavailable"},
    {error_kind::resource_not_found, -32602, {200, 200}, "Resource not found", -32002},
    {error_kind::url_elicitation_required, -32042, {200, 200}, "URL elicitation required"},
    {error_kind::too_many, 429, {429, 429}, "Too many requests"},
}};

[[nodiscard]] constexpr const error_row& row_of(error_kind kind) noexcept {
  return error_table[static_cast<std::size_t>(kind)];
}

static_assert([] {
  for (std::size_t i = 0; i < error_table.size(); ++i)
    if (error_table[i].kind != static_cast<error_kind>(i)) return false;
  return true;
}());

/// One error on its way to a peer. `detail` is shown behind the row's text and must not hold more
/// than the peer sent or may know; `data` is JSON text, or empty.
struct rpc_error {
  error_kind kind = error_kind::internal;
  std::string detail;
  std::string data;

  [[nodiscard]] int code(era e) const noexcept {
    const auto& row = row_of(kind);
    return e == era::session && row.session_code != 0 ? row.session_code : row.code;
  }
  [[nodiscard]] int http_status(era e) const noexcept {
    return row_of(kind).status[static_cast<std::size_t>(e)];
  }
  [[nodiscard]] std::string message() const {
    std::string text{row_of(kind).text};
    if (!detail.empty()) {
      text += ": ";
      text += detail;
    }
    return text;
  }
};

/// `data` of an error about a resource.
[[nodiscard]] inline std::string uri_data(std::string_view uri) {
  std::string text = R"({"uri":)";
  json::writer{text}.string(uri);
  return text + '}';
}

[[nodiscard]] inline rpc_error resource_not_found(std::string_view uri) {
  return {error_kind::resource_not_found, {}, uri_data(uri)};
}

}  // namespace sesame::inline v0::protocol
