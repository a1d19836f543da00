// One call of a declared function, on its way from the server to the function and back.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/protocol/caching.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/tool_error.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

namespace detail {

/// What the function's parameters are made of, and where its result goes.
struct invocation {
  // Made where it stays: to be copied there as a whole it would have to be written twice.
  invocation(request_channel& from, protocol::reply& to) : channel(from), reply(to) {}

  request_channel& channel;
  protocol::reply& reply;
  std::optional<json::object> arguments{};
  std::optional<json::value> form{};     ///< the answer to the form, which has been checked
  bool settled = false;                  ///< the reply is written, whatever the function still does
  std::string_view uri{};                ///< of `resources/read`
  protocol::cache_hints cache{};         ///< of `resources/read`
  std::string_view typed{};              ///< of `completion/complete`: the argument so far
  std::optional<json::object> filled{};  ///< of `completion/complete`: the arguments before it
};

// What a request that cannot be answered by a result is answered with: the text for all but tools.
inline void fail_request(invocation& call, std::string_view text) {
  call.reply.error({protocol::error_kind::internal, std::string{text}, {}});
}

template <class E>
std::string error_text(const E& error) {
  if constexpr (requires { std::string{error.message}; })
    return std::string{error.message};
  else if constexpr (requires { std::string{error.message()}; })
    return std::string{error.message()};
  else {
    static_assert(std::convertible_to<const E&, std::string_view>,
                  "sesame: the error of a result needs a member `message`, or to be a text");
    return std::string{std::string_view{error}};
  }
}

}  // namespace detail
}  // namespace sesame::inline v0
