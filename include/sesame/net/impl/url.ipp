// What net/url.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::net {

SESAME_INLINE result<url> url::parse(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return failed("it has to begin with https:// or http://");
  url read;
  read.scheme = lower(text.substr(0, colon));
  if (read.scheme != "http" && read.scheme != "https")
    return failed("its scheme has to be https or http");
  text.remove_prefix(colon + 3);
  if (text.find('#') != std::string_view::npos) return failed("it must not have a fragment");
  const auto end = std::min(text.find_first_of("/?"), text.size());
  if (text.substr(0, end).find('@') != std::string_view::npos)
    return failed("it must not hold user information");
  const auto where = authority::parse(text.substr(0, end));
  if (!where) return failed("its host or port is malformed");
  read.host = lower(where->host);
  if (where->port != read.default_port()) read.port = where->port;
  text.remove_prefix(end);
  if (!detail::all_are(text, detail::target_character) || !detail::percents_are_complete(text))
    return failed("it has characters that have to be percent-encoded");
  const auto mark = std::min(text.find('?'), text.size());
  if (mark != 0) read.path = text.substr(0, mark);
  if (mark != text.size()) read.query = text.substr(mark + 1);
  return read;
}

SESAME_INLINE std::string url::lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), detail::to_lower);
  return out;
}

SESAME_INLINE std::optional<std::string> percent_decode(std::string_view text) {
  if (!detail::percents_are_complete(text)) return std::nullopt;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    out += static_cast<char>(detail::hex_value(text[i + 1]) << 4 | detail::hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

SESAME_INLINE void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (detail::is(c, detail::unreserved_character)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace sesame::inline v0::net
