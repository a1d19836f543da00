// The string formats that are enforced where a schema names them (JSON Schema 2020-12, validation,
// section 7.3), as far as a server must know to refuse what is plainly something else.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sesame::inline v0::json {

namespace detail {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// std::ranges::all_of would cost every program that includes this what its compilation takes.
constexpr bool all_of(std::string_view text, bool (*fits)(char) noexcept) noexcept {
  for (const char c : text)
    if (!fits(c)) return false;
  return true;
}

// The number in [at, at + length), or -1.
constexpr int digits(std::string_view s, std::size_t at, std::size_t length) noexcept {
  if (at + length > s.size()) return -1;
  int n = 0;
  for (std::size_t i = at; i < at + length; ++i) {
    if (!is_digit(s[i])) return -1;
    n = n * 10 + (s[i] - '0');
  }
  return n;
}

// full-date (RFC 3339, section 5.6)
constexpr bool is_date(std::string_view s) noexcept {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return false;
  const int year = digits(s, 0, 4);
  const int month = digits(s, 5, 2);
  const int day = digits(s, 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

// date-time (RFC 3339, section 5.6)
constexpr bool is_date_time(std::string_view s) noexcept {
  if (s.size() < 20 || !is_date(s.substr(0, 10)) || (s[10] != 'T' && s[10] != 't')) return false;
  const int hour = digits(s, 11, 2);
  const int minute = digits(s, 14, 2);
  const int second = digits(s, 17, 2);
  if (hour < 0 || hour > 23 || s[13] != ':' || minute < 0 || minute > 59 || s[16] != ':' ||
      second < 0 || second > 60)
    return false;
  std::size_t at = 19;
  if (s[at] == '.') {
    const std::size_t begin = ++at;
    while (at < s.size() && is_digit(s[at])) ++at;
    if (at == begin) return false;
  }
  int offset = 0;
  if (const auto zone = s.substr(at); zone != "Z" && zone != "z") {
    const int hours = digits(zone, 1, 2);
    const int minutes = digits(zone, 4, 2);
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || hours < 0 ||
        hours > 23 || minutes < 0 || minutes > 59)
      return false;
    offset = (zone[0] == '+' ? 1 : -1) * (hours * 60 + minutes);
  }
  // A leap second is the last of a day in UTC (section 5.7).
  return second != 60 || (hour * 60 + minute - offset + 1) % (24 * 60) == 0;
}

// A dot-atom, `@` and a host name (RFC 5321, section 4.1.2, without quoted strings and literals).
constexpr bool is_email(std::string_view s) noexcept {
  const auto at = s.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || s.size() > 254) return false;
  const auto local = s.substr(0, at);
  const auto host = s.substr(at + 1);
  const bool local_fits =
      local.find("..") == std::string_view::npos && all_of(local, [](char c) noexcept {
        constexpr std::string_view others = ".!#$%&'*+-/=?^_`{|}~";
        return is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
      });
  if (!local_fits || local.front() == '.' || local.back() == '.' || host.empty()) return false;
  char before = '.';
  for (const char c : host) {
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.') return false;
    if (before == '.' && (c == '.' || c == '-')) return false;
    if (before == '-' && c == '.') return false;
    before = c;
  }
  return before != '.' && before != '-';
}

// A scheme and something behind it, of the characters that RFC 3986 allows.
constexpr bool is_uri(std::string_view s) noexcept {
  const auto colon = s.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == s.size()) return false;
  if (!is_alpha(s[0])) return false;
  const bool scheme_fits = all_of(s.substr(0, colon), [](char c) noexcept {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  if (!scheme_fits) return false;
  const std::string_view others = "-._~:/?#[]@!$&'()*+,;=";
  for (std::size_t i = colon + 1; i < s.size(); ++i) {
    if (s[i] == '%') {
      const auto is_hex = [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      };
      if (i + 2 >= s.size() || !is_hex(s[i + 1]) || !is_hex(s[i + 2])) return false;
    } else if (!is_alpha(s[i]) && !is_digit(s[i]) && others.find(s[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// RFC 4122, section 3.
constexpr bool is_uuid(std::string_view s) noexcept {
  if (s.size() != 36) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = is_digit(s[i]) || (s[i] >= 'a' && s[i] <= 'f') || (s[i] >= 'A' && s[i] <= 'F');
    if (dash ? s[i] != '-' : !hex) return false;
  }
  return true;
}

struct string_format {
  std::string_view name;
  bool (*matches)(std::string_view) noexcept;
};

inline constexpr std::array<string_format, 5> string_formats{{{"date", is_date},
                                                              {"date-time", is_date_time},
                                                              {"email", is_email},
                                                              {"uri", is_uri},
                                                              {"uuid", is_uuid}}};

}  // namespace detail

/// Whether a format is one that is enforced.
[[nodiscard]] constexpr bool known_format(std::string_view name) noexcept {
  for (const auto& format : detail::string_formats)
    if (format.name == name) return true;
  return false;
}

/// Whether a text has a known format.
[[nodiscard]] constexpr bool has_format(std::string_view name, std::string_view text) noexcept {
  for (const auto& format : detail::string_formats)
    if (format.name == name) return format.matches(text);
  return false;
}

}  // namespace sesame::inline v0::json
