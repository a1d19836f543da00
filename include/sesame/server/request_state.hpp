// What a server lets a client keep between two rounds of one call (MCP 2026-07-28, `requestState`):
// sealed, so that it can be neither read nor changed, and bound to the caller, to the request and
// to a time. Any server with the same key can go on with it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/json/containers.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/json/scalars.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

void write_canonical(json::value v, json::writer& out);

/// Writes JSON so that two texts with one meaning become one text: members in the order of their
/// names, no white space.
void write_canonical(json::object members, json::writer& out);

void write_canonical(json::value v, json::writer& out);

/// What a state is good for: one caller's request, which comes again as it was.
struct request_identity {
  std::string_view method;
  std::string_view target;  ///< the tool, prompt or resource
  std::string caller;       ///< who calls, and with what program; empty for nobody known
  std::optional<json::object> arguments;

  /// A text that no other request has.
  [[nodiscard]] std::string text() const;
};

/// The inside of a sealed state.
struct request_state {
  std::int64_t expires = 0;  ///< seconds since 1970
  std::map<std::string, std::string>
      answers;  ///< to earlier questions, by their keys, as JSON text
};

/// Seals a state for one request and no other.
[[nodiscard]] inline std::string seal(const request_state& state, const request_identity& request,
                                      const auth::sealer& sealer) {
  return sealer.seal(json::to_json(state), request.text());
}

/// The state, if it is one of ours for this very request and not too old.
[[nodiscard]] std::optional<request_state> open(std::string_view text,
                                                const request_identity& request,
                                                std::chrono::system_clock::time_point now,
                                                const auth::sealer& sealer);

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/request_state.ipp"
#endif
