// How a tool's return value becomes the result of `tools/call`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/schema.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/result.hpp"
#include "sesame/service/invocation.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0 {

/// A result given part by part, for a tool that needs more than one return value can say.
struct tool_result {
  content_list content;
  std::string structured{};  ///< `structuredContent` as JSON text, of any layout; empty for none
  bool is_error = false;     ///< the tool failed; the content says why
};

namespace detail {

template <class T>
inline constexpr bool is_content =
    std::same_as<T, content> || std::same_as<T, text_content> || std::same_as<T, image_content> ||
    std::same_as<T, audio_content> || std::same_as<T, resource_link> ||
    std::same_as<T, embedded_resource>;

template <class T>
inline constexpr bool is_text = std::convertible_to<const T&, std::string_view>;

template <class T>
inline constexpr bool is_content_range = false;
template <class T>
  requires is_content<typename T::value_type>
inline constexpr bool is_content_range<T> = true;

// A value whose JSON form is an object, which every revision with structured content takes.
template <class T>
inline constexpr bool is_object =
    (json::reflected<T> || json::string_map<T>) && !is_content<T> && !std::same_as<T, tool_result>;

template <class T>
inline constexpr bool is_array = false;
template <json::sequence T>
inline constexpr bool is_array<T> = !is_text<T> && !is_content<typename T::value_type>;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = !is_content<T>;

// What remains of a return type without the ways of saying "or not".
template <class T>
struct returned {
  using type = T;
  static constexpr bool always = true;
};
template <class T>
struct returned<std::optional<T>> {
  using type = typename returned<T>::type;
  static constexpr bool always = false;
};
template <class T, class E>
struct returned<result<T, E>> : returned<T> {};

// A result with text alone; `text` is not escaped yet. `meta` are members of its `_meta`, as JSON.
void write_text_result(protocol::reply& reply, std::string_view text, bool is_error,
                       std::string_view meta = {});

void write_blocks(protocol::reply& reply, const content* blocks, std::size_t count);

// Closes a result, or takes it back where a part of it had no JSON form.
void end_result(protocol::reply& reply);

void write_result(protocol::reply& reply, const content_list& blocks);

void write_result(protocol::reply& reply, const tool_result& value);

// The JSON text of a value as the text of a content block, for clients that read only that. The
// JSON is at the end of the buffer, or is given where the revision has no structured content.
void write_json_as_text(protocol::reply& reply, std::string_view json);

template <class T>
void write_structured(protocol::reply& reply, const T& value) {
  reply.begin();
  if (reply.wire().titles && (is_object<T> || reply.wire().any_structured_content)) {
    reply.member("structuredContent");
    const auto begin = reply.out().text().size();
    json::write(value, reply.out());
    write_json_as_text(reply, std::string_view{reply.out().text()}.substr(begin));
  } else {
    std::string text;
    json::writer out{text};
    json::write(value, out);
    if (out.failed()) reply.out().fail();
    write_json_as_text(reply, text);
  }
  end_result(reply);
}

// A single value as a text: a number or a bool as JSON writes it, and what JSON writes as a string
// without its quotes.
template <class T>
void write_scalar(protocol::reply& reply, const T& value) {
  reply.begin();
  auto& out = reply.out();
  if constexpr (json::integer<T>) {
    reply.next();
    out.template number<R"("content":[{"type":"text","text":")", R"("}])">(value);
  } else if constexpr (std::is_arithmetic_v<T>) {
    reply.members(R"("content":[{"type":"text","text":")");
    json::write(value, out);
    out.raw(R"("}])");
  } else {
    reply.members(R"("content":[{"type":"text","text":)");
    const auto begin = out.text().size();
    json::write(value, out);
    if (out.text()[begin] != '"') {
      const auto plain = out.text().substr(begin);
      out.text().resize(begin);
      out.string(plain);
    }
    out.raw("}]");
  }
  end_result(reply);
}

/// Writes what a tool returned as the whole response to its call.
template <class T>
void write_result(protocol::reply& reply, const T& value) {
  if constexpr (is_text<T>) {
    write_text_result(reply, value, false);
  } else if constexpr (is_content<T>) {
    const content block{value};
    reply.begin();
    write_blocks(reply, &block, 1);
    end_result(reply);
  } else if constexpr (is_object<T> || is_array<T>) {
    write_structured(reply, value);
  } else if constexpr (is_content_range<T>) {
    write_result(reply, content_list(value.begin(), value.end()));
  } else {
    write_scalar(reply, value);
  }
}

template <class T>
void write_result(protocol::reply& reply, const std::optional<T>& value) {
  if (value) return write_result(reply, *value);
  write_result(reply, content_list{});
}

template <class T, class E>
void write_result(protocol::reply& reply, const result<T, E>& value) {
  if (!value) return write_text_result(reply, error_text(value.error()), true);
  if constexpr (std::is_void_v<T>)
    write_result(reply, content_list{});
  else
    write_result(reply, *value);
}

/// How tools are called and answer.
struct tool_rules {
  static constexpr auto scalars = json::scalar_form::json;

  /// The answer to arguments that do not fit, as the revision wants it.
  static void refuse(invocation& call, const json::mismatch& why);
  static void fail(invocation& call, std::string_view text, std::string_view meta = {}) {
    write_text_result(call.reply, text, true, meta);
  }
  template <class>
  static void write(invocation& call) {
    write_result(call.reply, content_list{});
  }
  template <class, class T>
  static void write(invocation& call, const T& value) {
    write_result(call.reply, value);
  }
};

}  // namespace detail

/// The `outputSchema` of a tool that returns `T`; empty where its results are not structured, or
/// not always.
template <class T>
[[nodiscard]] constexpr std::string_view output_schema() {
  using value_type = typename detail::returned<T>::type;
  if constexpr (std::is_void_v<value_type>)
    return {};
  else if constexpr (detail::returned<T>::always &&
                     (detail::is_object<value_type> || detail::is_array<value_type>))
    return json::schema<value_type>();
  else
    return {};
}

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/tool_result.ipp"
#endif
