// Which era a message belongs to. A pure function of what can be seen of it: with two exceptions
// the body decides, by whether it carries the protocol version in its `_meta`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/protocol/error.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/result.hpp"
#include "sesame/same_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0::detail {

/// Where a message goes.
enum class route : std::uint8_t {
  stateless,               ///< a request that carries all it needs
  stateless_notification,  ///< of the stateless era; nothing is answered
  session_open,            ///< `initialize`
  session,                 ///< a request, notification or response within a session
};

/// Names the era of a message, or says why it is of none. `version_header` is the value of
/// `MCP-Protocol-Version`, over HTTP and where it is given.
[[nodiscard]] inline result<route, protocol::rpc_error> classify(
    const protocol::message& m, std::optional<std::string_view> version_header) {
  using protocol::error_kind;
  using protocol::message_kind;
  if (m.kind == message_kind::response) return route::session;

  const bool claims = m.in_meta.protocol_version.has_value();
  const bool header_claims = version_header && protocol::names_stateless_era(*version_header);
  if (m.kind == message_kind::notification)
    return claims || header_claims ? route::stateless_notification : route::session;
  if (claims) return route::stateless;
  if (same_text(m.method, "initialize")) {
    if (header_claims)
      return failure{protocol::rpc_error{
          error_kind::header_mismatch,
          "initialize does not exist in the revision that MCP-Protocol-Version names",
          {}}};
    return route::session_open;
  }
  if (header_claims) {
    std::string missing = "_meta must hold ";
    missing += protocol::meta_key::protocol_version;
    missing += " and ";
    missing += protocol::meta_key::client_capabilities;
    return failure{protocol::rpc_error{error_kind::invalid_envelope, std::move(missing), {}}};
  }
  return route::session;
}

}  // namespace sesame::inline v0::detail
