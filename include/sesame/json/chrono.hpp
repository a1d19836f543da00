// Time points, dates and durations, as RFC 3339 writes them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/json/formats.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace sesame::inline v0::json {

namespace detail {

constexpr void put_padded(auto& out, int number, int width) {
  int power = 1;
  for (int i = 1; i < width; ++i) power *= 10;
  for (; power != 0; power /= 10) out.raw(static_cast<char>('0' + number / power % 10));
}

// A fraction of a second in nanoseconds, without trailing zeros.
constexpr void put_fraction(auto& out, std::int64_t nanoseconds) {
  if (nanoseconds == 0) return;
  out.raw('.');
  for (std::int64_t power = 100'000'000; nanoseconds != 0; power /= 10) {
    out.raw(static_cast<char>('0' + nanoseconds / power));
    nanoseconds %= power;
  }
}

constexpr void put_date(auto& out, std::chrono::year_month_day date) {
  put_padded(out, static_cast<int>(date.year()), 4);
  out.raw('-');
  put_padded(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out.raw('-');
  put_padded(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

// "2026-07-28", checked before.
constexpr std::chrono::sys_days date_of(std::string_view s) {
  using namespace std::chrono;
  return year{digits(s, 0, 4)} / digits(s, 5, 2) / digits(s, 8, 2);
}

// Up to nine digits behind a point; more are cut off.
constexpr std::int64_t fraction_of(std::string_view digits_only) {
  std::int64_t nanoseconds = 0;
  for (std::size_t i = 0; i < 9; ++i)
    nanoseconds = nanoseconds * 10 + (i < digits_only.size() ? digits_only[i] - '0' : 0);
  return nanoseconds;
}

/// The time of an RFC 3339 date-time.
constexpr std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> parse_date_time(
    std::string_view s) {
  using namespace std::chrono;
  if (!is_date_time(s)) return std::nullopt;
  // Nanoseconds since 1970 in 64 bits reach from 1677 to 2262.
  const int year = digits(s, 0, 4);
  if (year < 1678 || year > 2261) return std::nullopt;
  sys_time<nanoseconds> time =
      date_of(s) + hours{digits(s, 11, 2)} + minutes{digits(s, 14, 2)} + seconds{digits(s, 17, 2)};
  auto zone = s.substr(19);
  if (zone.front() == '.') {
    const auto end = zone.find_first_not_of("0123456789", 1);
    time += nanoseconds{fraction_of(zone.substr(1, end - 1))};
    zone.remove_prefix(end);
  }
  if (zone.size() == 6) {
    const auto offset = hours{digits(zone, 1, 2)} + minutes{digits(zone, 4, 2)};
    time += zone.front() == '+' ? -offset : offset;
  }
  return time;
}

/// The length of an RFC 3339 (appendix A) duration; years and months have no fixed length and are
/// refused.
constexpr std::optional<std::chrono::nanoseconds> parse_duration(std::string_view s) {
  const bool negative = s.starts_with('-');
  if (negative) s.remove_prefix(1);
  if (!s.starts_with('P') || s.size() < 3) return std::nullopt;
  s.remove_prefix(1);
  struct unit {
    char letter;
    bool time;
    std::int64_t seconds;
  };
  constexpr std::array<unit, 5> units{{{'W', false, 604'800},
                                       {'D', false, 86'400},
                                       {'H', true, 3'600},
                                       {'M', true, 60},
                                       {'S', true, 1}}};
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
  bool time = false;
  std::size_t next = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  while (!s.empty()) {
    if (s.front() == 'T') {
      if (time || s.size() == 1) return std::nullopt;
      time = true;
      s.remove_prefix(1);
      continue;
    }
    std::int64_t number = 0;
    std::size_t length = 0;
    while (length < s.size() && is_digit(s[length])) {
      number = number * 10 + (s[length++] - '0');
      if (number > most) return std::nullopt;
    }
    if (length == 0) return std::nullopt;
    s.remove_prefix(length);
    std::string_view fraction;
    if (s.starts_with('.')) {
      std::size_t end = 1;
      while (end < s.size() && is_digit(s[end])) ++end;
      fraction = s.substr(1, end - 1);
      if (fraction.empty()) return std::nullopt;
      s.remove_prefix(end);
    }
    if (s.empty()) return std::nullopt;
    while (next < units.size() && !(units[next].letter == s.front() && units[next].time == time))
      ++next;
    if (next == units.size() || (!fraction.empty() && s.front() != 'S')) return std::nullopt;
    if (number > (most - seconds) / units[next].seconds) return std::nullopt;
    seconds += number * units[next].seconds;
    nanoseconds += fraction_of(fraction);
    ++next;
    s.remove_prefix(1);
  }
  const std::chrono::nanoseconds whole{seconds * 1'000'000'000 + nanoseconds};
  return negative ? -whole : whole;
}

}  // namespace detail

/// A point of system time is an RFC 3339 date-time in UTC, read at any offset.
template <class Duration>
struct codec<std::chrono::sys_time<Duration>> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"string","format":"date-time")"); }

  static bool read(value v, std::chrono::sys_time<Duration>& to, reader& in) {
    std::string_view text;
    if (v.get(text) == simdjson::SUCCESS) {
      if (const auto time = detail::parse_date_time(text)) {
        to = std::chrono::floor<Duration>(*time);
        return true;
      }
    }
    return in.fail("a date and time such as 2026-07-28T12:00:00Z", v);
  }

  static constexpr void write(std::chrono::sys_time<Duration> from, auto& out) {
    using namespace std::chrono;
    const auto day = floor<days>(from);
    const hh_mm_ss<nanoseconds> time{duration_cast<nanoseconds>(from - day)};
    out.raw('"');
    detail::put_date(out, year_month_day{day});
    out.raw('T');
    detail::put_padded(out, static_cast<int>(time.hours().count()), 2);
    out.raw(':');
    detail::put_padded(out, static_cast<int>(time.minutes().count()), 2);
    out.raw(':');
    detail::put_padded(out, static_cast<int>(time.seconds().count()), 2);
    detail::put_fraction(out, time.subseconds().count());
    out.raw("Z\"");
  }
};

/// A calendar date is an RFC 3339 full-date.
template <>
struct codec<std::chrono::year_month_day> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"string","format":"date")"); }
  static bool read(value v, std::chrono::year_month_day& to, reader& in) {
    std::string_view text;
    if (v.get(text) != simdjson::SUCCESS || !detail::is_date(text))
      return in.fail("a date such as 2026-07-28", v);
    to = detail::date_of(text);
    return true;
  }
  static constexpr void write(std::chrono::year_month_day from, auto& out) {
    out.raw('"');
    detail::put_date(out, from);
    out.raw('"');
  }
};

/// A length of time is an ISO 8601 duration such as "PT1.5S"; what is finer than the type's unit is
/// cut off.
template <class Rep, class Period>
struct codec<std::chrono::duration<Rep, Period>> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"string","format":"duration")"); }

  static bool read(value v, std::chrono::duration<Rep, Period>& to, reader& in) {
    std::string_view text;
    if (v.get(text) == simdjson::SUCCESS) {
      if (const auto length = detail::parse_duration(text)) {
        to = std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(*length);
        return true;
      }
    }
    return in.fail("a duration such as PT30S", v);
  }

  static constexpr void write(std::chrono::duration<Rep, Period> from, auto& out) {
    using namespace std::chrono;
    auto rest = duration_cast<nanoseconds>(from);
    out.raw('"');
    if (rest < rest.zero()) {
      out.raw('-');
      rest = -rest;
    }
    const auto whole = floor<seconds>(rest);
    out.raw("PT");
    out.number(whole.count());
    detail::put_fraction(out, (rest - whole).count());
    out.raw("S\"");
  }
};

}  // namespace sesame::inline v0::json
