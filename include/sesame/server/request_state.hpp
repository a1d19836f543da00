// What a server lets a client keep between two rounds of one call (MCP 2026-07-28, `requestState`):
// sealed, so that it can be neither read nor changed, and bound to the caller, to the request and
// to a time. Any server with the same key can go on with it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/json/scalars.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

void write_canonical(json::value v, json::writer& out);

/// Writes JSON so that two texts with one meaning become one text: members in the order of their
/// names, no white space.
inline void write_canonical(json::object members, json::writer& out) {
  std::vector<std::pair<std::string_view, json::value>> sorted;
  for (const auto member : members) sorted.emplace_back(member.key, member.value);
  std::ranges::sort(sorted, {}, [](const auto& member) { return member.first; });
  out.raw('{');
  bool first = true;
  for (const auto& [key, member] : sorted) {
    if (!first) out.raw(',');
    first = false;
    out.string(key);
    out.raw(':');
    write_canonical(member, out);
  }
  out.raw('}');
}

inline void write_canonical(json::value v, json::writer& out) {
  if (const auto members = json::as_object(v)) return write_canonical(*members, out);
  const auto items = json::as_array(v);
  if (!items) return out.copy(v);
  out.raw('[');
  bool first = true;
  for (const auto item : *items) {
    if (!first) out.raw(',');
    first = false;
    write_canonical(item, out);
  }
  out.raw(']');
}

/// The inside of a sealed state.
struct request_state {
  std::string tool;
  std::string arguments;     ///< SHA-256 of their canonical text, base64url
  std::string caller;        ///< key of the principal; empty for an anonymous one
  std::int64_t expires = 0;  ///< seconds since 1970
};

[[nodiscard]] inline std::string digest_of(const std::optional<json::object>& arguments) {
  std::string text = "{}";
  if (arguments) {
    text.clear();
    json::writer out{text};
    write_canonical(*arguments, out);
  }
  return json::to_base64url(auth::sha256(text));
}

inline constexpr std::string_view request_state_use = "sesame request state 1";

[[nodiscard]] inline std::string seal(const request_state& state, const auth::sealer& sealer) {
  return sealer.seal(json::to_json(state), request_state_use);
}

/// The state, if it is one of ours for this very request and not too old.
[[nodiscard]] inline bool is_state_of(std::string_view text, const request_state& expected,
                                      std::chrono::system_clock::time_point now,
                                      const auth::sealer& sealer) {
  const auto opened = sealer.open(text, request_state_use);
  if (!opened) return false;
  json::document document;
  const auto parsed = document.parse(*opened);
  request_state state;
  json::reader in;
  return parsed && json::read(*parsed, state, in) && state.tool == expected.tool &&
         state.arguments == expected.arguments && state.caller == expected.caller &&
         std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() < state.expires;
}

}  // namespace sesame::inline v0::detail
