// What service/invoker.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/invoker.hpp"

#include <string_view>

namespace sesame::inline v0::detail {

SESAME_INLINE void answer_fault(invocation& call, std::string_view what) {
  if (call.channel.cancelled()) return call.reply.discard();
  const auto id = call.channel.report_fault(what);
  call.reply.error({protocol::error_kind::internal, {}, R"({"correlationId":")" + id + "\"}"});
}

}  // namespace sesame::inline v0::detail
