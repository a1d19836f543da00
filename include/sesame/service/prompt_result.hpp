// How a prompt's return value becomes the result of `prompts/get`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/protocol/content.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/result.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/primitive.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// One message for a model.
struct prompt_message {
  sesame::content content;
  sesame::role role = role::user;
};

/// Messages, and words on them where those of the declaration do not do.
struct prompt_result {
  std::vector<prompt_message> messages;
  std::string description{};
};

namespace detail {

/// How prompts are called and answer.
struct prompt_rules {
  static constexpr auto scalars = json::scalar_form::text;

  static void refuse(invocation& call, const json::mismatch& why) {
    call.reply.error({protocol::error_kind::invalid_params, "arguments" + why.message(), {}});
  }
  static void fail(invocation& call, std::string_view text) { fail_request(call, text); }

  template <class Declared, class T>
  static void write(invocation& call, const T& value) {
    if constexpr (std::convertible_to<const T&, std::string_view>)
      write_one<Declared>(call, {text_content{std::string{std::string_view{value}}}});
    else if constexpr (std::constructible_from<content, const T&>)
      write_one<Declared>(call, {content{value}});
    else if constexpr (std::same_as<T, prompt_message>)
      write_one<Declared>(call, value);
    else if constexpr (std::same_as<T, prompt_result>)
      write_all<Declared>(call, value.messages, value.description);
    else if constexpr (std::same_as<T, std::vector<prompt_message>>)
      write_all<Declared>(call, value, {});
    else if constexpr (std::same_as<T, content_list>)
      write_all<Declared>(call, {value.begin(), value.end()}, {});
    else
      static_assert(std::same_as<T, void>,
                    "sesame: a prompt returns a text, content, a prompt_message, a list of these, "
                    "or a prompt_result");
  }
  template <class Declared, class T, class E>
  static void write(invocation& call, const result<T, E>& value) {
    if (!value) return fail(call, error_text(value.error()));
    write<Declared>(call, *value);
  }
  template <class Declared>
  static void write(invocation&) {
    static_assert(std::same_as<Declared, void>,
                  "sesame: the function of a prompt returns messages");
  }

 private:
  template <class Declared>
  static void write_one(invocation& call, const prompt_message& message) {
    write_all<Declared>(call, {message}, {});
  }
  template <class Declared>
  static void write_all(invocation& call, const std::vector<prompt_message>& messages,
                        std::string_view description) {
    auto& reply = call.reply;
    auto& out = reply.out();
    reply.begin();
    reply.member("description");
    out.string(description.empty() ? Declared::description : description);
    reply.member("messages");
    out.raw('[');
    for (const auto& message : messages) {
      if (&message != messages.data()) out.raw(',');
      out.raw(message.role == role::user ? std::string_view{R"({"role":"user","content":)"}
                                         : std::string_view{R"({"role":"assistant","content":)"});
      protocol::write(message.content, reply.wire(), out);
      out.raw('}');
    }
    out.raw(']');
    if (out.failed()) return reply.error({protocol::error_kind::internal, {}, {}});
    reply.end();
  }
};

}  // namespace detail
}  // namespace sesame::inline v0
