// Time points, dates and durations, as RFC 3339 writes them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/json/formats.hpp"

#include <array>
#include <chrono>
#include <cstddef>
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

// Whole seconds since 1970, and what is behind the point: apart, as nanoseconds alone end in 2262.
struct split_time {
  std::chrono::seconds whole{};
  std::chrono::nanoseconds fraction{};
};

// The time of an RFC 3339 date-time.
constexpr std::optional<split_time> parse_date_time(std::string_view s) {
  using namespace std::chrono;
  if (!is_date_time(s)) return std::nullopt;
  split_time time;
  time.whole = date_of(s).time_since_epoch() + hours{digits(s, 11, 2)} + minutes{digits(s, 14, 2)} +
               seconds{digits(s, 17, 2)};
  auto zone = s.substr(19);
  if (zone.front() == '.') {
    const auto end = zone.find_first_not_of("0123456789", 1);
    time.fraction = nanoseconds{fraction_of(zone.substr(1, end - 1))};
    zone.remove_prefix(end);
  }
  if (zone.size() == 6) {
    const auto offset = hours{digits(zone, 1, 2)} + minutes{digits(zone, 4, 2)};
    time.whole += zone.front() == '+' ? -offset : offset;
  }
  return time;
}

// The number that a text begins with, which is cut off it; nothing for none, or one above 2^53.
constexpr std::optional<std::int64_t> take_number(std::string_view& s) {
  std::int64_t number = 0;
  std::size_t length = 0;
  for (; length < s.size() && is_digit(s[length]); ++length) {
    number = number * 10 + (s[length] - '0');
    if (number > 9'007'199'254'740'992) return std::nullopt;
  }
  if (length == 0) return std::nullopt;
  s.remove_prefix(length);
  return number;
}

// The length of an RFC 3339 (appendix A) duration; years and months have no fixed length and are
// refused.
constexpr std::optional<std::chrono::seconds> parse_duration(std::string_view s) {
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
  bool time = false;
  std::size_t next = 0;
  std::int64_t total = 0;
  while (!s.empty()) {
    if (!time && s.front() == 'T') {
      time = true;
      s.remove_prefix(1);
    }
    const auto number = take_number(s);
    if (!number || s.empty()) return std::nullopt;
    while (next < units.size() && !(units[next].letter == s.front() && units[next].time == time))
      ++next;
    if (next == units.size()) return std::nullopt;
    const auto length = units[next].seconds;
    if (*number > (std::numeric_limits<std::int64_t>::max() - total) / length) return std::nullopt;
    total += *number * length;
    s.remove_prefix(1);
    // Weeks stand alone.
    if (next == 0 && !s.empty()) return std::nullopt;
    ++next;
  }
  return std::chrono::seconds{total};
}

// "PT1.5S": seconds alone, which may have a fraction.
constexpr std::optional<split_time> parse_seconds(std::string_view s) {
  if (!s.starts_with("PT") || !s.ends_with('S')) return std::nullopt;
  s = s.substr(2, s.size() - 3);
  const auto whole = take_number(s);
  if (!whole) return std::nullopt;
  if (!s.empty()) {
    if (s.front() != '.' || s.size() == 1) return std::nullopt;
    s.remove_prefix(1);
    for (const char c : s)
      if (!is_digit(c)) return std::nullopt;
  }
  return split_time{std::chrono::seconds{*whole}, std::chrono::nanoseconds{fraction_of(s)}};
}

// Whether a type of durations reaches so far.
template <class Duration>
constexpr bool reaches(std::chrono::seconds length) {
  using wide = std::chrono::duration<double>;
  const double seconds = static_cast<double>(length.count());
  return seconds > wide{Duration::min()}.count() + 1 && seconds < wide{Duration::max()}.count() - 1;
}

}  // namespace detail

/// A point of system time is an RFC 3339 date-time in UTC, read at any offset. What is finer than
/// the type's unit is cut off; a year beyond 9999 has no JSON form.
template <class Duration>
struct codec<std::chrono::sys_time<Duration>> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"string","format":"date-time")"); }

  static bool read(value v, std::chrono::sys_time<Duration>& to, reader& in) {
    using std::chrono::floor;
    std::string_view text;
    if (v.get(text)) {
      const auto time = detail::parse_date_time(text);
      if (time && detail::reaches<Duration>(time->whole)) {
        to = std::chrono::sys_time<Duration>{floor<Duration>(time->whole) +
                                             floor<Duration>(time->fraction)};
        return true;
      }
    }
    return in.fail("a date and time such as 2026-07-28T12:00:00Z", v);
  }

  static constexpr void write(std::chrono::sys_time<Duration> from, auto& out) {
    using namespace std::chrono;
    constexpr duration<double> first = sys_days{year{0} / 1 / 1}.time_since_epoch();
    constexpr duration<double> last = sys_days{year{9999} / 12 / 31}.time_since_epoch() + days{1};
    const duration<double> since = from.time_since_epoch();
    if (!(since >= first && since < last)) {
      out.fail();
      return out.null();
    }
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

/// A calendar date is an RFC 3339 full-date. One that is not in the calendar, or beyond the year
/// 9999, has no JSON form.
template <>
struct codec<std::chrono::year_month_day> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"string","format":"date")"); }
  static bool read(value v, std::chrono::year_month_day& to, reader& in) {
    std::string_view text;
    if (!v.get(text) || !detail::is_date(text)) return in.fail("a date such as 2026-07-28", v);
    to = detail::date_of(text);
    return true;
  }
  static constexpr void write(std::chrono::year_month_day from, auto& out) {
    using std::chrono::year;
    if (!from.ok() || from.year() < year{0} || from.year() > year{9999}) {
      out.fail();
      return out.null();
    }
    out.raw('"');
    detail::put_date(out, from);
    out.raw('"');
  }
};

/// A length of time, which is not negative. In whole seconds or longer units it is an RFC 3339
/// (appendix A) duration such as "PT5M"; what is finer than the type's unit is cut off. In shorter
/// units it is seconds with a fraction, such as "PT1.5S", for which that grammar has no place.
template <class Rep, class Period>
struct codec<std::chrono::duration<Rep, Period>> {
 private:
  using length = std::chrono::duration<Rep, Period>;
  static constexpr bool whole =
      !std::chrono::treat_as_floating_point_v<Rep> && Period::type::den == 1;

 public:
  static constexpr void schema(auto& out) {
    if constexpr (whole)
      out.raw(R"("type":"string","format":"duration")");
    else
      out.raw(R"("type":"string","pattern":"^PT[0-9]+(\\.[0-9]+)?S$")");
  }

  static bool read(value v, length& to, reader& in) {
    using std::chrono::duration_cast;
    std::string_view text;
    const bool is_text = v.get(text);
    if constexpr (whole) {
      const auto time = is_text ? detail::parse_duration(text) : std::nullopt;
      if (!time || !detail::reaches<length>(*time)) return in.fail("a duration such as PT5M", v);
      to = duration_cast<length>(*time);
    } else {
      const auto time = is_text ? detail::parse_seconds(text) : std::nullopt;
      if (!time || !detail::reaches<length>(time->whole))
        return in.fail("a duration in seconds such as PT1.5S", v);
      to = duration_cast<length>(time->whole) + duration_cast<length>(time->fraction);
    }
    return true;
  }

  static constexpr void write(length from, auto& out) {
    using namespace std::chrono;
    // Beyond 2^53 seconds the text would not be read again.
    const double count = duration<double>{from}.count();
    if (!(count >= 0 && count <= 9007199254740992.0)) {
      out.fail();
      return out.null();
    }
    const auto seconds_alone = duration_cast<seconds>(from);
    out.raw("\"PT");
    out.number(seconds_alone.count());
    detail::put_fraction(out, duration_cast<nanoseconds>(from - seconds_alone).count());
    out.raw("S\"");
  }
};

}  // namespace sesame::inline v0::json
