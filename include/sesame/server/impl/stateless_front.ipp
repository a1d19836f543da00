// The front of revision 2026-07-28: each request brings its version and capabilities along, HTTP
// headers must agree with the body, and nothing is remembered between two requests.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/base64.hpp"
#include "sesame/linkage.hpp"
#include "sesame/same_text.hpp"
#include "sesame/server/engine.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

namespace detail {

// The value of `Mcp-Name` or `Mcp-Param-*`; one in `=?base64?…?=` is decoded into `decoded`. Nothing
// for what is broken.
SESAME_INLINE std::optional<std::string_view> read_field(std::string_view value,
                                                         std::string& decoded) {
  constexpr std::string_view prefix = "=?base64?";
  constexpr std::string_view suffix = "?=";
  if (value.size() >= prefix.size() + suffix.size() && value.starts_with(prefix) &&
      value.ends_with(suffix)) {
    auto bytes = json::from_base64(
        value.substr(prefix.size(), value.size() - prefix.size() - suffix.size()));
    if (!bytes) return std::nullopt;
    return decoded = *std::move(bytes);
  }
  for (const char c : value)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') ||
        static_cast<unsigned char>(c) >= 0x7f)
      return std::nullopt;
  return value;
}

// Whether the one field of that name says this.
SESAME_INLINE bool says(const message_fields& fields, std::string_view name,
                        std::string_view text) {
  const auto field = fields.only(name);
  return field && same_text(*field, text);
}

// Which parameter `Mcp-Name` repeats, by method.
struct named_method {
  std::string_view method;
  const parameter& named;
};
inline constexpr std::array<named_method, 6> named_methods{{{"tools/call", name_parameter},
                                                            {"prompts/get", name_parameter},
                                                            {"resources/read", uri_parameter},
                                                            {"tasks/get", task_parameter},
                                                            {"tasks/update", task_parameter},
                                                            {"tasks/cancel", task_parameter}}};

}  // namespace detail

SESAME_INLINE disposition engine::serve_stateless(exchange& x) {
  using protocol::error_kind;
  const auto& meta = x.message_.in_meta;
  const auto wanted = json::as_string(*meta.protocol_version);
  if (!wanted)
    return refuse(x, error_kind::invalid_envelope,
                  "_meta[\"io.modelcontextprotocol/protocolVersion\"] must be a string");
  const auto declared =
      meta.client_capabilities ? json::as_object(*meta.client_capabilities) : std::nullopt;
  if (!declared)
    return refuse(x, error_kind::invalid_envelope,
                  "_meta[\"io.modelcontextprotocol/clientCapabilities\"] must be an object");
  x.capabilities_ = client_capabilities::read(*declared);

  if (x.in_.fields != nullptr && !detail::says(*x.in_.fields, "MCP-Protocol-Version", *wanted))
    return refuse(x, error_kind::header_mismatch, "MCP-Protocol-Version must be what _meta says");
  if (!detail::same_text(*wanted, protocol::stateless_revision.name)) {
    std::string data = R"({"supported":[")";
    data += protocol::stateless_revision.name;
    data += R"("],"requested":)";
    json::writer{data}.string(*wanted);
    data += '}';
    return refuse(x, protocol::rpc_error{error_kind::unsupported_version, {}, std::move(data)});
  }
  if (x.in_.fields != nullptr)
    if (const auto done = check_fields(x)) return *done;

  using offers = protocol::server_capabilities;
  static constexpr std::array<method, 5> methods{
      {{"server/discover", &engine::discover},
       {"subscriptions/listen", &engine::listen},
       {"tasks/get", &engine::read_task, &offers::tasks},
       {"tasks/update", &engine::update_task, &offers::tasks},
       {"tasks/cancel", &engine::cancel_task, &offers::tasks}}};
  const auto* known = find_shared(x.message_.method);
  if (known == nullptr) known = find_offered(methods, x.message_.method);
  if (known == nullptr) return not_found(*this, x);

  if (!read_progress_token(x)) return disposition::answered;
  if (meta.log_level) {
    const auto name = json::as_string(*meta.log_level);
    x.log_threshold_ = name ? meta::enum_value<log_level>(*name) : std::nullopt;
    if (!x.log_threshold_)
      return refuse(x, error_kind::invalid_params,
                    "_meta[\"io.modelcontextprotocol/logLevel\"] is no log level");
  }
  return (this->*known->serve)(x);
}

// The headers by which others may route must say what the body says, or the two could be served as
// different requests.
SESAME_INLINE std::optional<disposition> engine::check_fields(exchange& x) {
  using protocol::error_kind;
  const auto& fields = *x.in_.fields;
  if (!detail::says(fields, "Mcp-Method", x.message_.method))
    return refuse(x, error_kind::header_mismatch, "Mcp-Method must be the method of the body");
  for (const auto& known : detail::named_methods) {
    if (!detail::same_text(known.method, x.message_.method)) continue;
    std::string decoded;
    const auto field = fields.only("Mcp-Name");
    const auto said = field ? detail::read_field(*field, decoded) : std::nullopt;
    const auto body = known.named.text_in(x.message_);
    // A body without the parameter is refused for that, later.
    if (!said || (body && !detail::same_text(*said, *body)))
      return refuse(x, error_kind::header_mismatch,
                    "Mcp-Name must be what the body names: " + std::string{known.named.name});
  }
  return std::nullopt;
}

SESAME_INLINE std::optional<disposition> engine::check_mirrored(exchange& x,
                                                                const detail::tool_entry& tool,
                                                                const call_params& params) {
  for (const auto& header : tool.headers) {
    std::optional<json::object> at = params.arguments;
    std::optional<json::value> argument;
    for (const auto& key : header.path) {
      argument = at ? json::find(*at, key) : std::nullopt;
      at = argument ? json::as_object(*argument) : std::nullopt;
    }
    if (!argument || argument->is_null()) continue;
    std::string decoded, name = "Mcp-Param-";
    name += header.name;
    const auto field = x.in_.fields->only(name);
    const auto said = field ? detail::read_field(*field, decoded) : std::nullopt;
    if (!said || !detail::says_the_same(*argument, *said))
      return refuse(x, protocol::error_kind::header_mismatch,
                    name + " must be what the argument says");
  }
  return std::nullopt;
}

SESAME_INLINE disposition engine::discover(exchange& x) {
  auto& reply = *x.reply_;
  reply.begin();
  reply.member("supportedVersions");
  reply.out().raw("[\"");
  reply.out().raw(protocol::stateless_revision.name);
  reply.out().raw("\"]");
  reply.member("capabilities");
  protocol::write(capabilities_, reply.wire(), reply.out());
  if (!options_.instructions.empty()) {
    reply.member("instructions");
    reply.out().string(options_.instructions);
  }
  protocol::write(protocol::cache_hints{options_.list_ttl, cache_scope::everybody}, reply);
  reply.end();
  return disposition::answered;
}

}  // namespace sesame::inline v0
