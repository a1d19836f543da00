// What the tags of one field make of its schema, of what is read into it, and of its default.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/json/detail/describe.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/json/scalars.hpp"
#include "sesame/meta/types.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0::json::detail {

template <class Tag>
inline constexpr bool replaces_type = requires { Tag::replaces_type; };
template <class Tag>
inline constexpr bool is_default = requires { Tag::is_default; };
template <class Tag>
inline constexpr unsigned keywords_set_by = 0;
template <class Tag>
  requires requires { Tag::sets; }
inline constexpr unsigned keywords_set_by<Tag> = Tag::sets;

// The tags of a field of some type, with what each kind of tag does. Most fields have none, and fields
// of one type have this in common then, in whatever struct.
template <class Type, class Tags>
struct field_tags;

template <class Type, class... Tags>
struct field_tags<Type, meta::types<Tags...>> {
  using type = Type;
  // What the tags speak of.
  using value_type = meta::without_optional<type>;

  static constexpr unsigned sets = (keywords_set_by<Tags> | ... | 0U);

  static consteval bool check_tags() {
    constexpr bool applicable = (Tags::template applies_to<value_type> && ...);
    static_assert(
        applicable,
        "sesame: a tag of this field does not apply to its type (min_length, max_length and "
        "format are for strings; between, at_least and at_most for numbers that can hold the "
        "bounds; min_items and max_items for sequences; titles for enumerations; a default is a "
        "value of the type)");
    constexpr bool distinct = (keywords_set_by<Tags> + ... + 0U) == sets;
    static_assert(distinct, "sesame: two tags of this field say the same of its value");
    return applicable && distinct;
  }
  static constexpr bool valid = check_tags();

  static constexpr bool has_default = valid && (is_default<Tags> || ...);

  static constexpr void describe(auto& out) {
    if constexpr (valid && (replaces_type<Tags> || ...))
      ((void)describe_by<Tags>(out), ...);
    else if constexpr (integer<value_type>)
      codec<value_type>::schema(out, (sets & minimum) == 0, (sets & maximum) == 0);
    else
      describe_type<value_type>(out);
  }

  static constexpr void keywords(auto& out) {
    if constexpr (valid) (keywords_of<Tags>(out), ...);
  }

  static bool check(const type& value, reader& in) {
    if constexpr (!valid)
      return false;
    else if constexpr (!std::same_as<type, value_type>)
      return !value || (check_by<Tags>(*value, in) && ...);
    else
      return (check_by<Tags>(value, in) && ...);
  }

  static constexpr void write_default(auto& out) { (write_default_of<Tags>(out), ...); }
  static constexpr void assign_default(type& to) { (assign_default_of<Tags>(to), ...); }

 private:
  template <class Tag>
  static constexpr void describe_by(auto& out) {
    if constexpr (replaces_type<Tag>) Tag::template describe<value_type>(out);
  }
  template <class Tag>
  static constexpr void keywords_of(auto& out) {
    if constexpr (requires { Tag::template keywords<value_type>(out); })
      Tag::template keywords<value_type>(out);
  }
  template <class Tag>
  static bool check_by(const value_type& value, reader& in) {
    if constexpr (requires { Tag::template check<value_type>(value, in); })
      return Tag::template check<value_type>(value, in);
    else
      return true;
  }
  template <class Tag>
  static constexpr void write_default_of(auto& out) {
    if constexpr (is_default<Tag>) {
      if constexpr (std::same_as<std::remove_cv_t<decltype(Tag::value)>, std::string_view>)
        out.string(Tag::value);
      else
        json::write(static_cast<value_type>(Tag::value), out);
    }
  }
  template <class Tag>
  static constexpr void assign_default_of(type& to) {
    if constexpr (is_default<Tag>) to = Tag::value;
  }
};

}  // namespace sesame::inline v0::json::detail
