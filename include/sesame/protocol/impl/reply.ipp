// What protocol/reply.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/same_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sesame::inline v0::protocol {

namespace detail {

inline constexpr fixed_string front_of_answer = R"({"jsonrpc":"2.0","id":)";

// Of a result whose last member is an object.
inline constexpr std::string_view end_of_result = "}}}";

}  // namespace detail

SESAME_INLINE std::string reply::own_meta_of(std::string_view server_info) {
  std::string text = R"(,"_meta":{"io.modelcontextprotocol/serverInfo":)";
  return text.append(server_info).append(detail::end_of_result);
}

SESAME_INLINE void reply::begin(std::string_view type) {
  using detail::front_of_answer;
  status_ = 200;
  first_ = wire_->era != era::stateless;
  // What most answers begin with, in one piece.
  if (const auto* number = id_.number()) {
    if (first_) return out_.number<front_of_answer, R"(,"result":{)">(*number);
    if (sesame::detail::same_text(type, "complete"))
      return out_.number<front_of_answer, R"(,"result":{"resultType":"complete")">(*number);
  }
  out_.raw(front_of_answer.view());
  id_.write(out_);
  out_.raw(R"(,"result":{)");
  if (first_) return;
  out_.raw(R"("resultType":")");
  out_.raw(type);
  out_.raw('"');
}

SESAME_INLINE void reply::member(std::string_view name) {
  next();
  out_.raw('"');
  out_.raw(name);
  out_.raw("\":");
}

SESAME_INLINE void reply::members(std::string_view text) {
  if (text.empty()) return;
  next();
  out_.raw(text);
}

SESAME_INLINE void reply::end(std::string_view meta) {
  if (wire_->era == era::stateless) {
    // Behind `resultType`, so never the first member.
    if (meta.empty()) return out_.raw(own_meta_);
    out_.raw(own_meta_.substr(0, own_meta_.size() - detail::end_of_result.size()));
    out_.raw(',');
  } else {
    if (meta.empty()) return out_.raw("}}");
    member("_meta");
    out_.raw('{');
  }
  out_.raw(meta);
  out_.raw(detail::end_of_result);
}

SESAME_INLINE void reply::discard() {
  out_.text().resize(start_);
  out_ = json::writer{out_.text()};
}

SESAME_INLINE void reply::error_text(std::string_view error) {
  discard();
  out_.raw(detail::front_of_answer.view());
  id_.write(out_);
  out_.raw(R"(,"error":)");
  out_.raw(error);
  out_.raw('}');
  status_ = 200;
}

SESAME_INLINE void reply::error(const rpc_error& e) {
  discard();
  out_.raw(R"({"jsonrpc":"2.0")");
  if (id_.present()) {
    out_.raw(R"(,"id":)");
    id_.write(out_);
  }
  out_.raw(R"(,"error":{"code":)");
  out_.number(e.code(wire_->era));
  out_.raw(R"(,"message":)");
  out_.string(e.message());
  if (!e.data.empty()) {
    out_.raw(R"(,"data":)");
    out_.raw(e.data);
  }
  out_.raw("}}");
  status_ = e.http_status(wire_->era);
}

}  // namespace sesame::inline v0::protocol
