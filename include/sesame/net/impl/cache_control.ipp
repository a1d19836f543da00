// What net/cache_control.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/cache_control.hpp"
#include "sesame/net/detail/characters.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace sesame::inline v0::net {

SESAME_INLINE std::optional<std::chrono::seconds> max_age(std::string_view cache_control) {
  constexpr std::int64_t longest = std::int64_t{1} << 31;  // RFC 9111, section 1.2.2
  std::optional<std::chrono::seconds> age;
  while (!cache_control.empty()) {
    const auto end = std::min(cache_control.find(','), cache_control.size());
    const auto directive = detail::trim(cache_control.substr(0, end));
    cache_control.remove_prefix(std::min(end + 1, cache_control.size()));
    const auto equals = std::min(directive.find('='), directive.size());
    const auto name = directive.substr(0, equals);
    if (detail::equal_ignoring_case(name, "no-store") ||
        detail::equal_ignoring_case(name, "no-cache"))
      return std::chrono::seconds{0};
    if (!detail::equal_ignoring_case(name, "max-age") || equals == directive.size()) continue;
    auto text = directive.substr(equals + 1);
    if (text.size() > 1 && text.front() == '"' && text.back() == '"')
      text = text.substr(1, text.size() - 2);
    std::int64_t seconds = 0;
    const auto* const last = text.data() + text.size();
    const auto read = std::from_chars(text.data(), last, seconds);
    if (read.ec == std::errc::result_out_of_range) seconds = longest;
    if (read.ptr != last || text.empty() || text.front() == '-' ||
        (read.ec != std::errc{} && read.ec != std::errc::result_out_of_range))
      continue;
    age = std::chrono::seconds{std::min(seconds, longest)};
  }
  return age;
}

}  // namespace sesame::inline v0::net
