// What net/detail/grammar.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/detail/grammar.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/result.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace sesame::inline v0::net::detail {

SESAME_INLINE result<int, http_error> parse_version(std::string_view text) {
  if (text.size() != 8 || !text.starts_with("HTTP/") || text[6] != '.' ||
      !is(text[5], digit_character) || !is(text[7], digit_character))
    return failure{http_error::start_line};
  if (text[5] != '1' || text[7] > '1') return failure{http_error::version};
  return text[7] - '0';
}

SESAME_INLINE result<request_line, http_error> parse_request_line(std::string_view line) {
  std::size_t size = 0;
  while (size < line.size() && is(line[size], token_character)) ++size;
  if (size == 0 || size == line.size() || line[size] != ' ') return failure{http_error::start_line};
  request_line read{line.substr(0, size), {}};
  line.remove_prefix(size + 1);
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return failure{http_error::start_line};
  read.target = line.substr(0, space);
  const auto minor = parse_version(line.substr(space + 1));
  if (!minor) return failure{minor.error()};
  read.minor_version = *minor;
  return read;
}

SESAME_INLINE result<status_line, http_error> parse_status_line(std::string_view line) {
  const auto minor = parse_version(line.substr(0, 8));
  if (!minor) return failure{minor.error()};
  line.remove_prefix(8);
  // Nobody reads the reason, but without the space before it the line may have been cut.
  if (line.size() < 5 || line[0] != ' ' || line[4] != ' ' ||
      !all_are(line.substr(1, 3), digit_character) || !is_field_value(line.substr(5)))
    return failure{http_error::start_line};
  const status_line read{(line[1] - '0') * 100 + (line[2] - '0') * 10 + (line[3] - '0'), *minor};
  if (read.status < 100 || read.status > 599) return failure{http_error::start_line};
  return read;
}

SESAME_INLINE result<request_target, http_error> parse_request_target(std::string_view method,
                                                                      std::string_view target) {
  if (method == "CONNECT") return failure{http_error::method};
  request_target read;
  if (target == "*") {
    if (method != "OPTIONS") return failure{http_error::target};
    read.path = target;
    return read;
  }
  if (target[0] != '/') {
    const auto colon = target.find("://");
    if (colon == std::string_view::npos || !(equal_ignoring_case(target.substr(0, colon), "http") ||
                                             equal_ignoring_case(target.substr(0, colon), "https")))
      return failure{http_error::target};
    target.remove_prefix(colon + 3);
    read.host = target.substr(0, target.find_first_of("/?"));
    if (!authority::parse(read.host)) return failure{http_error::target};
    target.remove_prefix(read.host.size());
  }
  if (!all_are(target, target_character) || !percents_are_complete(target))
    return failure{http_error::target};
  const auto mark = target.find('?');
  read.path = target.substr(0, mark);
  if (mark != std::string_view::npos) read.query = target.substr(mark + 1);
  return read;
}

SESAME_INLINE std::optional<http_field> parse_field_line(std::string_view line) noexcept {
  std::size_t size = 0;
  while (size < line.size() && is(line[size], token_character)) ++size;
  if (size == 0 || size == line.size() || line[size] != ':') return std::nullopt;
  const http_field read{{line.data(), size},
                        trim({line.data() + size + 1, line.size() - size - 1})};
  if (!is_field_value(read.value)) return std::nullopt;
  return read;
}

SESAME_INLINE std::optional<chunk_line> parse_chunk_line(std::string_view line) noexcept {
  chunk_line read;
  std::size_t digits = 0;
  for (; digits < line.size() && is(line[digits], hex_character); ++digits) {
    if (digits == 15) return std::nullopt;
    read.size = read.size << 4 | hex_value(line[digits]);
  }
  const auto extension = line.substr(digits);
  const auto visible = extension.find_first_not_of(" \t");
  if (digits == 0 ||
      (!extension.empty() && (visible == std::string_view::npos || extension[visible] != ';' ||
                              !is_field_value(extension))))
    return std::nullopt;
  read.extension_size = extension.size();
  return read;
}

}  // namespace sesame::inline v0::net::detail
