// What json/document.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/impl/value.ipp"
#include "sesame/linkage.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <simdjson.h>
#include <string_view>
#include <vector>

namespace sesame::inline v0::json {

namespace detail {

inline constexpr std::size_t initial_capacity = 1024;

inline parse_error explain(simdjson::error_code code) noexcept {
  switch (code) {
    case simdjson::UTF8_ERROR:
      return parse_error::encoding;
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
      return parse_error::number;
    case simdjson::DEPTH_ERROR:
      return parse_error::depth;
    case simdjson::CAPACITY:
      return parse_error::size;
    default:
      return parse_error::syntax;
  }
}

}  // namespace detail

struct document::parser : simdjson::dom::parser {
  using simdjson::dom::parser::parser;
};

SESAME_INLINE document::document(json::limits bounds) noexcept : bounds_(bounds) {}
SESAME_INLINE document::document(document&&) noexcept = default;
SESAME_INLINE document& document::operator=(document&&) noexcept = default;
SESAME_INLINE document::~document() = default;

SESAME_INLINE std::size_t document::capacity() const noexcept {
  return parser_ ? parser_->capacity() : 0;
}

SESAME_INLINE result<value, parse_error> document::parse(std::string_view text,
                                                         std::size_t padding) {
  if (text.size() > bounds_.size) return failure{parse_error::size};
  // An empty view may have no address, which simdjson would copy from.
  if (text.empty()) return failure{parse_error::syntax};
  if (!parser_) {
    auto made = std::make_unique<parser>(std::max(bounds_.size, detail::initial_capacity));
    // simdjson counts the value inside the innermost brackets, too.
    if (made->allocate(detail::initial_capacity, bounds_.depth + 1) != simdjson::SUCCESS)
      return failure{parse_error::size};
    parser_ = std::move(made);
  }
  simdjson::dom::element root;
  const bool copied = padding < simdjson::SIMDJSON_PADDING;
  const auto code = parser_->parse(text.data(), text.size(), copied).get(root);
  if (code != simdjson::SUCCESS) return failure{detail::explain(code)};
  return detail::as<value>(root);
}

SESAME_INLINE bool has_repeated_keys(value v) {
  if (const auto items = as_array(v)) {
    for (const auto item : *items)
      if (has_repeated_keys(item)) return true;
  } else if (const auto members = as_object(v)) {
    // Sorted, so that an object of very many members does not cost their square.
    std::vector<std::string_view> keys;
    for (const auto member : *members) {
      if (has_repeated_keys(member.value)) return true;
      keys.push_back(member.key);
    }
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) != keys.end();
  }
  return false;
}

}  // namespace sesame::inline v0::json
