// What protocol/message.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/members.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/same_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sesame::inline v0::protocol {

SESAME_INLINE bool message_id::assign(json::value v) noexcept {
  switch (v.type()) {
    case json::type::string:
      return v.get(value_.emplace<std::string_view>());
    case json::type::int64:
      return v.get(value_.emplace<std::int64_t>());
    case json::type::uint64:
      return v.get(value_.emplace<std::uint64_t>());
    default:
      return false;
  }
}

SESAME_INLINE void message_id::write(json::writer& out) const {
  if (const auto* text = std::get_if<std::string_view>(&value_))
    out.string(*text);
  else if (const auto* number = std::get_if<std::int64_t>(&value_))
    out.number(*number);
  else if (const auto* large = std::get_if<std::uint64_t>(&value_))
    out.number(*large);
  else
    out.null();
}

SESAME_INLINE message_id message_id::kept_in(std::string& storage) const {
  message_id id = *this;
  if (const auto* text = std::get_if<std::string_view>(&value_))
    id.value_ = std::string_view{storage = *text};
  return id;
}

SESAME_INLINE std::string message_id::key() const {
  std::string text;
  json::writer out{text};
  write(out);
  return text;
}

namespace detail {

struct message_members {
  message_members() noexcept {}  // NOLINT(modernize-use-equals-default): as in `message`
  std::optional<json::value> jsonrpc;
  std::optional<json::value> id;
  std::optional<json::value> method;
  std::optional<json::value> params;
  std::optional<json::value> result;
  std::optional<json::value> error;
};

inline constexpr std::array<json::wanted_member<message_members>, 6> message_table{
    {{"jsonrpc", &message_members::jsonrpc},
     {"id", &message_members::id},
     {"method", &message_members::method},
     {"params", &message_members::params},
     {"result", &message_members::result},
     {"error", &message_members::error}}};

inline rpc_error wrong(error_kind kind, std::string_view why) {
  return {kind, std::string{why}, {}};
}

inline bool has_several_ids(json::object members) {
  std::size_t count = 0;
  for (const auto member : members) count += member.key == "id" ? 1 : 0;
  return count > 1;
}

inline rpc_error repeated(error_kind kind, std::string_view name) {
  return {kind, std::string{name} + " is given twice", {}};
}

}  // namespace detail

SESAME_INLINE std::optional<rpc_error> read_params(json::value params, message& to) {
  using detail::wrong;
  if (!json::read_object(params, to.params))
    return wrong(error_kind::invalid_params, "params must be an object");
  if (const auto twice = json::take_members<param_table>(*to.params, to.param); !twice.empty())
    return detail::repeated(error_kind::invalid_params, twice);
  if (!to.param.meta) return std::nullopt;
  if (!json::read_object(*to.param.meta, to.meta))
    return wrong(error_kind::invalid_params, "_meta must be an object");
  if (const auto twice = json::take_members<meta_table>(*to.meta, to.in_meta); !twice.empty())
    return detail::repeated(error_kind::invalid_envelope, twice);
  return std::nullopt;
}

SESAME_INLINE std::optional<rpc_error> read_message(json::value root, message& to) {
  using detail::wrong;
  const auto object = json::as_object(root);
  if (!object) return wrong(error_kind::invalid_request, "a message is a JSON object");
  detail::message_members members;
  const auto twice = json::take_members<detail::message_table>(*object, members);
  // Of two ids none can be answered to.
  if (members.id && (twice.empty() || !detail::has_several_ids(*object))) {
    if (!to.id.assign(*members.id))
      return wrong(error_kind::invalid_request, "id must be a string or an integer");
  }
  if (!twice.empty()) return wrong(error_kind::invalid_request, "a member is given twice");
  std::string_view version, method;
  if (!members.jsonrpc || !members.jsonrpc->get(version) ||
      !sesame::detail::same_text(version, "2.0"))
    return wrong(error_kind::invalid_request, "jsonrpc must be \"2.0\"");

  if (!members.method) {
    if (members.result.has_value() == members.error.has_value() || !members.id)
      return wrong(error_kind::invalid_request, "neither a request nor a response");
    to.kind = message_kind::response;
    to.result = members.result;
    to.error = members.error;
    return std::nullopt;
  }
  if (members.result || members.error)
    return wrong(error_kind::invalid_request, "both a request and a response");
  if (!members.method->get(method))
    return wrong(error_kind::invalid_request, "method must be a string");
  if (members.params)
    if (auto why = read_params(*members.params, to)) return why;
  to.method = method;
  if (!members.id) to.kind = message_kind::notification;
  return std::nullopt;
}

}  // namespace sesame::inline v0::protocol
