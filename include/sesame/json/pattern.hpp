// The tag for strings that must match a regular expression. Not part of the umbrella header, because
// the standard library's regular expressions are costly to include.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/json/constraints.hpp"

#include <regex>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

namespace json::detail {

// Where the library offers it, matching without backtracking: its time then grows with the text and
// not exponentially, and its stack not at all.
#if defined(__GLIBCXX__)
inline constexpr auto pattern_syntax = std::regex::ECMAScript | std::regex_constants::__polynomial;
#else
inline constexpr auto pattern_syntax = std::regex::ECMAScript;
#endif

inline std::regex compile_pattern(std::string_view text) {
  try {
    return std::regex(text.begin(), text.end(), pattern_syntax);
  } catch (const std::regex_error& wrong) {
    throw configuration_error("pattern<\"" + std::string{text} + "\">", wrong.what());
  }
}

}  // namespace json::detail

/// A string in which the ECMAScript regular expression matches somewhere; anchor it with `^` and `$`
/// for the whole (`pattern`). It is matched by bytes, and has no back-references. One that does not
/// compile stops the program at its start.
template <fixed_string Expression>
struct pattern {
  static constexpr unsigned sets = json::detail::pattern_keyword;
  template <class T>
  static constexpr bool applies_to = json::detail::text<T>;
  template <class T>
  static constexpr void keywords(auto& out) {
    out.raw(R"(,"pattern":)");
    out.string(Expression.view());
  }
  template <class T>
  static bool check(const T& value, json::reader& in) {
    return std::regex_search(value.begin(), value.end(), compiled) ||
           in.fail("a string that matches " + std::string{Expression.view()}, "another string");
  }

 private:
  inline static const std::regex compiled = json::detail::compile_pattern(Expression.view());
};

}  // namespace sesame::inline v0
