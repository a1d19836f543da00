// How what a completing function returns becomes the result of `completion/complete`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/protocol/reply.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/primitive.hpp"

#include <concepts>
#include <cstddef>
#include <ranges>
#include <string_view>

namespace sesame::inline v0::detail {

/// Writes the first hundred of some texts as the result of `completion/complete`.
template <std::ranges::input_range Texts>
void write_completion(protocol::reply& reply, Texts&& texts) {
  constexpr std::size_t most = 100;
  auto& out = reply.out();
  reply.begin();
  reply.member("completion");
  out.raw(R"({"values":[)");
  std::size_t total = 0;
  for (const std::string_view text : texts) {
    if (total < most) {
      if (total != 0) out.raw(',');
      out.string(text);
    }
    ++total;
  }
  out.raw(R"(],"total":)");
  out.number(total);
  out.raw(R"(,"hasMore":)");
  out.boolean(total > most);
  out.raw('}');
  reply.end();
}

/// How completing functions answer.
struct completion_rules {
  static constexpr auto scalars = json::scalar_form::text;

  static void refuse(invocation& call, const json::mismatch& why) {
    call.reply.error({protocol::error_kind::invalid_params, why.message(), {}});
  }
  static void fail(invocation& call, std::string_view text) { fail_request(call, text); }

  template <class, class T>
  static void write(invocation& call, const T& value) {
    if constexpr (std::ranges::input_range<const T>)
      write_completion(call.reply, value);
    else
      static_assert(std::same_as<T, void>,
                    "sesame: what completes an argument returns a list of strings");
  }
  template <class Declared>
  static void write(invocation&) {
    static_assert(std::same_as<Declared, void>,
                  "sesame: what completes an argument returns a list of strings");
  }
};

}  // namespace sesame::inline v0::detail
