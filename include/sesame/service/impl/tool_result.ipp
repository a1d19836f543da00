// What service/tool_result.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/linkage.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/result.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/primitive.hpp"
#include "sesame/service/tool_result.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace sesame::inline v0::detail {

SESAME_INLINE void write_text_result(protocol::reply& reply, std::string_view text, bool is_error,
                                     std::string_view meta) {
  reply.begin();
  reply.members(R"("content":[{"type":"text","text":")");
  reply.out().escaped(text);
  reply.out().raw(is_error ? std::string_view{R"("}],"isError":true)"}
                           : std::string_view{R"("}])"});
  reply.end(meta);
}

SESAME_INLINE void write_blocks(protocol::reply& reply, const content* blocks, std::size_t count) {
  reply.member("content");
  reply.out().raw('[');
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) reply.out().raw(',');
    protocol::write(blocks[i], reply.wire(), reply.out());
  }
  reply.out().raw(']');
}

SESAME_INLINE void end_result(protocol::reply& reply) {
  if (reply.out().failed()) return reply.error({protocol::error_kind::internal, {}, {}});
  reply.end();
}

SESAME_INLINE void write_result(protocol::reply& reply, const content_list& blocks) {
  reply.begin();
  write_blocks(reply, blocks.data(), blocks.size());
  end_result(reply);
}

SESAME_INLINE void write_result(protocol::reply& reply, const tool_result& value) {
  reply.begin();
  write_blocks(reply, value.content.data(), value.content.size());
  if (!value.structured.empty() && reply.wire().titles) {
    // Taken apart and put together again: what is no JSON would break the whole answer, and a line
    // break in it the lines of stdio.
    json::document document{{.size = std::max(value.structured.size(), std::size_t{1024})}};
    const auto parsed = document.parse(value.structured);
    if (!parsed) return reply.error({protocol::error_kind::internal, {}, {}});
    if (json::as_object(*parsed) || reply.wire().any_structured_content) {
      reply.member("structuredContent");
      reply.out().copy(*parsed);
    }
  }
  if (value.is_error) {
    reply.member("isError");
    reply.out().boolean(true);
  }
  end_result(reply);
}

SESAME_INLINE void write_json_as_text(protocol::reply& reply, std::string_view json) {
  // The buffer must not move while a part of it is copied to its end.
  json::basic_writer<json::detail::counting_store> counter;
  counter.escaped(json);
  auto& text = reply.out().text();
  const bool own = json.data() >= text.data() && json.data() < text.data() + text.size();
  const auto offset = own ? static_cast<std::size_t>(json.data() - text.data()) : 0;
  constexpr std::size_t frame = 64;
  if (text.capacity() < text.size() + counter.store().size + frame)
    text.reserve(2 * text.size() + counter.store().size + frame);
  if (own) json = std::string_view{text}.substr(offset, json.size());
  reply.member("content");
  reply.out().raw(R"([{"type":"text","text":")");
  reply.out().escaped(json);
  reply.out().raw(R"("}])");
}

SESAME_INLINE void tool_rules::refuse(invocation& call, const json::mismatch& why) {
  if (call.reply.wire().argument_errors_are_results)
    return write_text_result(call.reply, "Invalid arguments: " + why.message(), true);
  call.reply.error({protocol::error_kind::invalid_params, why.message(), {}});
}

}  // namespace sesame::inline v0::detail
