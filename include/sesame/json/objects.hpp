// Plain structs: an object with a member for each field.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/codec.hpp"
#include "sesame/json/detail/field_tags.hpp"
#include "sesame/json/detail/visible.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/json/value.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/meta/annotations.hpp"
#include "sesame/meta/fields.hpp"
#include "sesame/meta/types.hpp"
#include "sesame/same_text.hpp"

#include <array>
#include <bitset>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sesame::inline v0::json {

namespace detail {

// What a struct says of its members: their tags, as a list of `field_tags`, and their descriptions.
template <class T, class Types = meta::field_types<T>,
          class Indices = std::make_index_sequence<meta::field_count<T>>>
struct annotated_members;
template <class T, class... M, std::size_t... I>
struct annotated_members<T, meta::types<M...>, std::index_sequence<I...>> {
  using tags = meta::types<field_tags<M, typename meta::annotation<T, I>::tags>...>;
  static constexpr std::array<std::string_view, sizeof...(M)> descriptions{
      meta::annotation<T, I>::description()...};
};

// What a schema says of the member at a place; `fresh` is what it holds where nobody gave it.
template <class Tags>
constexpr void describe_member(std::size_t place, std::string_view name,
                               std::string_view description, const typename Tags::type& fresh,
                               auto& out) {
  if (place != 0) out.raw(',');
  out.raw('"');
  out.raw(name);
  out.raw("\":{");
  Tags::describe(out);
  if (!description.empty()) {
    out.raw(R"(,"description":)");
    out.string(description);
  }
  Tags::keywords(out);
  if constexpr (Tags::has_default) {
    out.raw(R"(,"default":)");
    Tags::write_default(out);
  } else if (is_visible(fresh) && has_text(fresh)) {
    out.raw(R"(,"default":)");
    json::write(fresh, out);
  }
  out.raw('}');
}

template <class Tags>
constexpr bool is_required(const typename Tags::type& fresh) {
  if constexpr (is_optional<typename Tags::type> || Tags::has_default)
    return false;
  else
    return !is_visible(fresh);
}

// What is done with all members of a struct, by their tags: types of their own and not lambdas, so
// that structs whose members have the same types and tags share them.
template <class Tags>
struct required_by;
template <class... Tags>
struct required_by<meta::types<Tags...>> {
  // The last stands for none: an array has at least one element.
  constexpr std::array<bool, sizeof...(Tags) + 1> operator()(
      const typename Tags::type&... fresh) const {
    return {is_required<Tags>(fresh)..., false};
  }
};

template <class Tags, class Out>
struct described_by;
template <class... Tags, class Out>
struct described_by<meta::types<Tags...>, Out> {
  const std::string_view* names;
  const std::string_view* descriptions;
  Out& out;

  constexpr void operator()(const typename Tags::type&... fresh) const {
    std::size_t at = 0;
    ((describe_member<Tags>(at, names[at], descriptions[at], fresh, out), ++at), ...);
  }
};

template <class Tags>
constexpr void assign_default(typename Tags::type& to) {
  if constexpr (Tags::has_default) Tags::assign_default(to);
}

// `"name":` of each member, ready to be copied. Names are identifiers, so they need no escape. Beside
// `codec`, so that it is made only where something is written.
template <class T>
inline constexpr auto keys = [] {
  constexpr std::size_t size = [] {
    std::size_t sum = 0;
    for (const auto name : meta::field_names<T>) sum += name.size() + 3;
    return sum;
  }();
  array_store<size> text;
  for (const auto name : meta::field_names<T>) {
    text.put('"');
    text.put(name);
    text.put("\":");
  }
  return text;
}();

// Writes one member, with its ready key, unless it is an optional that holds nothing.
template <class Member>
constexpr void write_member(std::string_view key, const Member& member, bool& first, auto& out) {
  if constexpr (is_optional<Member>) {
    if (!member) return;
  }
  if (!first) out.raw(',');
  first = false;
  out.raw(key);
  json::write(member, out);
}

template <class Tags>
bool read_member(value v, void* to, reader& in) {
  auto& member = *static_cast<typename Tags::type*>(to);
  return json::read(v, member, in) && Tags::check(member, in);
}

// The place of a name, or `count`. Members mostly come in their declared order, so the search starts
// at the one that would be next.
inline std::size_t find_name(const std::string_view* names, std::size_t count,
                             std::string_view name, std::size_t next) noexcept {
  for (std::size_t i = next; i < count; ++i)
    if (sesame::detail::same_text(names[i], name)) return i;
  for (std::size_t i = 0; i < next; ++i)
    if (sesame::detail::same_text(names[i], name)) return i;
  return count;
}

// Which members have been given.
using member_set = std::bitset<meta::detail::max_fields>;

inline bool has_required(const bool* required, const std::string_view* names, std::size_t count,
                         const member_set& given, reader& in) {
  for (std::size_t i = 0; i < count; ++i)
    if (required[i] && !given[i]) return in.fail_missing(names[i]);
  return true;
}

// Where the members of an object are.
struct addresses {
  template <class... Members>
  std::array<void*, sizeof...(Members)> operator()(Members&... members) const {
    return {std::addressof(members)...};
  }
};

}  // namespace detail

/// A struct whose members are reflected.
template <class T>
concept reflected =
    std::is_class_v<T> && std::is_aggregate_v<T> && !requires { std::tuple_size<T>::value; };

/// A struct. A member is required unless it is an optional, or has a default that shows: an
/// initializer other than zero, false or empty, or the tag `default_value`. A struct within it has a
/// default where some of its own members have one and none of them is required.
template <reflected T>
struct codec<T> {
 private:
  static constexpr std::size_t count = meta::field_count<T>;

  static consteval bool check_type() {
    constexpr bool constructible = std::default_initializable<T> || !meta::reflectable<T>;
    static_assert(
        constructible,
        "sesame: every member of a struct that is read from JSON needs a default constructor");
    return constructible && meta::reflectable<T>;
  }
  static constexpr bool valid = check_type();

  using annotated = detail::annotated_members<T>;
  using tags = typename annotated::tags;

 public:
  using reflected = T;
  using children = meta::field_types<T>;

  static constexpr void schema(auto& out) {
    schema_members(out);
    out.raw(R"(,"additionalProperties":false)");
  }

  /// The schema without its last word on unnamed members.
  static constexpr void schema_members(auto& out) {
    out.raw(R"("type":"object")");
    if constexpr (valid && count != 0) {
      // Not const: g++ 12 cannot make a const string with its members' initializers as a constant.
      T fresh{};
      out.raw(R"(,"properties":{)");
      meta::with_fields(std::as_const(fresh),
                        detail::described_by<tags, std::remove_reference_t<decltype(out)>>{
                            names.data(), annotated::descriptions.data(), out});
      out.raw('}');
      const auto required = required_members(fresh);
      bool first = true;
      for (std::size_t i = 0; i < count; ++i) {
        if (!required[i]) continue;
        out.raw(first ? std::string_view{R"(,"required":[)"} : std::string_view{","});
        first = false;
        out.string(names[i]);
      }
      if (!first) out.raw(']');
    }
  }

  static bool read(value v, T& to, reader& in) {
    object members;
    return v.get(members) ? read_members(&members, to, in) : in.fail("an object", v);
  }

  /// Reads what is an object already, or where it is null one without members.
  static bool read_members(const object* from, T& to, reader& in) {
    detail::member_set present;
    std::size_t given = 0;
    if (from != nullptr) {
      const auto places = meta::with_fields(to, detail::addresses{});
      std::size_t next = 0;
      for (auto at = from->begin(), end = from->end(); at != end; ++at) {
        const auto key = at.key();
        const std::size_t index = detail::find_name(names.data(), count, key, next);
        if (index == count) {
          if (in.unknown() == unknown_members::ignore) continue;
          return in.fail_unknown(key);
        }
        if (present[index]) return in.fail_repeated(key);
        present[index] = true;
        ++given;
        next = index + 1;
        if (!readers[index](at.value(), places[index], in)) return in.at(key);
      }
    }
    if constexpr (valid) {
      if (given == count) return true;
      if (!detail::has_required(required().data(), names.data(), count, present, in)) return false;
      if constexpr (has_default_tags(tags{})) {
        std::size_t at = 0;
        with_members(to, [&]<class... Tags>(meta::types<Tags...>, auto&... member) {
          ((present[at++] ? void() : detail::assign_default<Tags>(member)), ...);
        });
      }
    }
    return valid;
  }

  /// Which members must be given, in the order of their declaration.
  static const std::array<bool, count + 1>& required() {
    static const auto found = required_members(T{});
    return found;
  }

  static constexpr void write(const T& from, auto& out) {
    out.raw('{');
    bool first = true;
    std::string_view rest = detail::keys<T>.view();
    std::size_t at = 0;
    const auto next_key = [&] {
      const auto key = rest.substr(0, names[at++].size() + 3);
      rest.remove_prefix(key.size());
      return key;
    };
    with_members(from, [&](auto, auto&... member) {
      (detail::write_member(next_key(), member, first, out), ...);
    });
    out.raw('}');
  }

 private:
  // Calls f(their tags, members...): one structured binding for all, which compiles faster than one
  // for each.
  template <class Object, class F>
  static constexpr decltype(auto) with_members(Object& from, F f) {
    return meta::with_fields(
        from, [&](auto&... member) -> decltype(auto) { return f(tags{}, member...); });
  }

  static constexpr const auto& names = meta::field_names<T>;

  static constexpr std::array<bool, count + 1> required_members(const T& fresh) {
    return meta::with_fields(fresh, detail::required_by<tags>{});
  }

  // How each member is read, and where: by a table, so that one function serves all members of a
  // type that have the same tags, in whatever struct.
  using member_reader = bool (*)(value v, void* to, reader& in);

  static constexpr std::array<member_reader, count + 1> readers =
      []<class... Tags>(meta::types<Tags...>) {
        return std::array<member_reader, count + 1>{&detail::read_member<Tags>..., nullptr};
      }(tags{});

  template <class... Tags>
  static consteval bool has_default_tags(meta::types<Tags...>) {
    return (Tags::has_default || ...);
  }
};

}  // namespace sesame::inline v0::json
