// What json/value.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/value.hpp"
#include "sesame/linkage.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::json {

namespace detail {

// A view and the one of simdjson that it stands for are the same two words.
template <class To, class From>
To as(const From& view) noexcept {
  static_assert(sizeof(To) == sizeof(void*) + sizeof(std::size_t));
  return std::bit_cast<To>(view);
}
inline simdjson::dom::element element(value v) noexcept {
  return as<simdjson::dom::element>(v);
}

}  // namespace detail

SESAME_INLINE json::type value::type() const noexcept {
  using simdjson::dom::element_type;
  switch (detail::element(*this).type()) {
    case element_type::BOOL:
      return json::type::boolean;
    case element_type::INT64:
      return json::type::int64;
    case element_type::UINT64:
      return json::type::uint64;
    case element_type::DOUBLE:
      return json::type::real;
    case element_type::STRING:
      return json::type::string;
    case element_type::ARRAY:
      return json::type::array;
    case element_type::OBJECT:
      return json::type::object;
    default:
      return json::type::null;
  }
}

SESAME_INLINE bool value::get(bool& to) const noexcept {
  return detail::element(*this).get(to) == simdjson::SUCCESS;
}

// With all of simdjson inside: what it returns goes through memory otherwise, in parts that the
// processor has to wait for.
[[gnu::flatten]] SESAME_INLINE bool value::get(std::int64_t& to) const noexcept {
  return detail::element(*this).get(to) == simdjson::SUCCESS;
}

SESAME_INLINE bool value::get(std::uint64_t& to) const noexcept {
  return detail::element(*this).get(to) == simdjson::SUCCESS;
}

SESAME_INLINE bool value::get(double& to) const noexcept {
  return detail::element(*this).get(to) == simdjson::SUCCESS;
}

SESAME_INLINE bool value::get(std::string_view& to) const noexcept {
  return detail::element(*this).get(to) == simdjson::SUCCESS;
}

SESAME_INLINE bool value::get(json::array& to) const noexcept {
  simdjson::dom::array items;
  if (detail::element(*this).get(items) != simdjson::SUCCESS) return false;
  to = detail::as<json::array>(items);
  return true;
}

SESAME_INLINE bool value::get(json::object& to) const noexcept {
  simdjson::dom::object members;
  if (detail::element(*this).get(members) != simdjson::SUCCESS) return false;
  to = detail::as<json::object>(members);
  return true;
}

SESAME_INLINE std::optional<value> value::at_pointer(std::string_view pointer) const noexcept {
  simdjson::dom::element found;
  if (detail::element(*this).at_pointer(pointer).get(found) != simdjson::SUCCESS)
    return std::nullopt;
  return detail::as<value>(found);
}

SESAME_INLINE object::iterator object::begin() const noexcept {
  return detail::as<iterator>(detail::as<simdjson::dom::object>(*this).begin());
}
SESAME_INLINE object::iterator object::end() const noexcept {
  return detail::as<iterator>(detail::as<simdjson::dom::object>(*this).end());
}
SESAME_INLINE std::size_t object::size() const noexcept {
  return detail::as<simdjson::dom::object>(*this).size();
}
SESAME_INLINE object::operator value() const noexcept {
  return detail::as<json::value>(*this);
}

SESAME_INLINE std::string_view object::iterator::key() const noexcept {
  return detail::as<simdjson::dom::object::iterator>(*this).key();
}
SESAME_INLINE json::value object::iterator::value() const noexcept {
  return detail::as<json::value>(detail::as<simdjson::dom::object::iterator>(*this).value());
}
SESAME_INLINE object::iterator& object::iterator::operator++() noexcept {
  auto at = detail::as<simdjson::dom::object::iterator>(*this);
  *this = detail::as<iterator>(++at);
  return *this;
}

SESAME_INLINE array::operator value() const noexcept {
  return detail::as<json::value>(*this);
}

SESAME_INLINE array::iterator array::begin() const noexcept {
  return detail::as<iterator>(detail::as<simdjson::dom::array>(*this).begin());
}
SESAME_INLINE array::iterator array::end() const noexcept {
  return detail::as<iterator>(detail::as<simdjson::dom::array>(*this).end());
}
SESAME_INLINE std::size_t array::size() const noexcept {
  return detail::as<simdjson::dom::array>(*this).size();
}

SESAME_INLINE value array::iterator::operator*() const noexcept {
  return detail::as<value>(*detail::as<simdjson::dom::array::iterator>(*this));
}
SESAME_INLINE array::iterator& array::iterator::operator++() noexcept {
  auto at = detail::as<simdjson::dom::array::iterator>(*this);
  *this = detail::as<iterator>(++at);
  return *this;
}

SESAME_INLINE std::string minify(value v) {
  return simdjson::minify(detail::element(v));
}

SESAME_INLINE bool is_utf8(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace sesame::inline v0::json
