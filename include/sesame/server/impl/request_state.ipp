// What server/request_state.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/linkage.hpp"
#include "sesame/server/request_state.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE void write_canonical(json::object members, json::writer& out) {
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

SESAME_INLINE void write_canonical(json::value v, json::writer& out) {
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

SESAME_INLINE std::string request_identity::text() const {
  std::string canonical = "{}";
  if (arguments) {
    canonical.clear();
    json::writer out{canonical};
    write_canonical(*arguments, out);
  }
  return json::to_json(std::array<std::string, 5>{"sesame request state 2", std::string{method},
                                                  std::string{target}, caller,
                                                  json::to_base64url(auth::sha256(canonical))});
}

SESAME_INLINE std::optional<request_state> open(std::string_view text,
                                                const request_identity& request,
                                                std::chrono::system_clock::time_point now,
                                                const auth::sealer& sealer) {
  const auto opened = sealer.open(text, request.text());
  if (!opened) return std::nullopt;
  json::document document{{.size = std::max(opened->size(), std::size_t{1024})}};
  const auto parsed = document.parse(*opened);
  request_state state;
  json::reader in;
  if (!parsed || !json::read(*parsed, state, in) ||
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() >= state.expires)
    return std::nullopt;
  return state;
}

}  // namespace sesame::inline v0::detail
