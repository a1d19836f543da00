// What service/questions.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/url.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/protocol/roots.hpp"
#include "sesame/protocol/sampling.hpp"
#include "sesame/result.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/questions.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sesame::inline v0::detail {

// A field of a form as 2025-06-18 has it: titles beside the choices (`enumNames`), not within them.
SESAME_INLINE void write_older_field(json::object field, json::writer& out) {
  const auto write = [&](std::string_view member, json::array choices, std::string_view part) {
    out.raw(member);
    bool first = true;
    for (const auto choice : choices) {
      if (!std::exchange(first, false)) out.raw(',');
      const auto members = json::as_object(choice);
      out.string((members ? json::find_string(*members, part) : std::nullopt).value_or(""));
    }
    out.raw(']');
  };
  out.raw('{');
  bool first = true;
  for (const auto member : field) {
    if (!std::exchange(first, false)) out.raw(',');
    const auto choices = member.key == "oneOf" ? json::as_array(member.value) : std::nullopt;
    if (choices) {
      write(R"("enum":[)", *choices, "const");
      write(R"(,"enumNames":[)", *choices, "title");
    } else {
      out.string(member.key);
      out.raw(':');
      out.copy(member.value);
    }
  }
  out.raw('}');
}

SESAME_INLINE void write_older_schema(std::string_view schema, json::writer& out) {
  json::document document;
  const auto parsed = document.parse(schema);
  const auto members = parsed ? json::as_object(*parsed) : std::nullopt;
  const auto fields = members ? json::find_object(*members, "properties") : std::nullopt;
  if (!fields) return out.raw(schema);
  out.raw('{');
  for (const auto member : *members)
    if (member.key != "properties") {
      out.string(member.key);
      out.raw(':');
      out.copy(member.value);
      out.raw(',');
    }
  out.raw(R"("properties":{)");
  bool first = true;
  for (const auto field : *fields) {
    if (!std::exchange(first, false)) out.raw(',');
    out.string(field.key);
    out.raw(':');
    if (const auto one = json::as_object(field.value))
      write_older_field(*one, out);
    else
      out.copy(field.value);
  }
  out.raw("}}");
}

SESAME_INLINE void write_form_params(std::string_view message, std::string_view schema,
                                     const protocol::revision& wire, json::writer& out) {
  out.raw('{');
  if (wire.elicitation == protocol::elicitation_modes::form_and_url) out.raw(R"("mode":"form",)");
  out.raw(R"("message":)");
  out.string(message);
  out.raw(R"(,"requestedSchema":)");
  if (wire.elicitation == protocol::elicitation_modes::form)
    write_older_schema(schema, out);
  else
    out.raw(schema);
  out.raw('}');
}

}  // namespace sesame::inline v0::detail

namespace sesame::inline v0 {

SESAME_INLINE elicit_url::elicit_url(std::string url, std::string message, std::string key)
    : url_(std::move(url)),
      message_(std::move(message)),
      key_(std::move(key)),
      id_(auth::random_token(16)) {
  const auto read = net::url::parse(url_);
  if (!read) throw std::invalid_argument("the URL to visit: " + read.error().message);
  if (!read->secure() && read->host != "localhost" && read->host != "127.0.0.1" &&
      read->host != "[::1]")
    throw std::invalid_argument("the URL to visit must be an https one");
}

SESAME_INLINE void elicit_url::write(const protocol::revision& wire, json::writer& out) const {
  out.raw(R"({"mode":"url","message":)");
  out.string(message_);
  out.raw(R"(,"url":)");
  out.string(url_);
  if (wire.elicitation_ids) {
    out.raw(R"(,"elicitationId":)");
    out.string(id_);
  }
  out.raw('}');
}

SESAME_INLINE result<elicit_url::answer, std::string> elicit_url::read(json::value given) {
  const auto outcome = detail::read_elicit_result(given);
  if (!outcome) return failure{outcome.error()};
  return outcome->action;
}

SESAME_INLINE url_elicitation_required::url_elicitation_required(std::vector<elicit_url> pages,
                                                                 const std::string& message)
    : tool_error(message),
      pages_(std::make_shared<const std::vector<elicit_url>>(std::move(pages))) {}

SESAME_INLINE create_message::create_message(sampling_request request, std::string key)
    : request_(std::move(request)), key_(std::move(key)) {
  protocol::check(request_);
}

SESAME_INLINE create_message::create_message(std::string text, int max_tokens, std::string key)
    : key_(std::move(key)) {
  request_.messages.push_back({role::user, {text_content{std::move(text)}}});
  request_.max_tokens = max_tokens;
  protocol::check(request_);
}

SESAME_INLINE client_capabilities create_message::needs() const noexcept {
  const client_capabilities plain{client_capabilities::sampling};
  if (request_.tools.empty()) return plain;
  return plain.with(client_capabilities{client_capabilities::sampling_tools});
}

SESAME_INLINE void create_message::write(const protocol::revision& wire, json::writer& out) const {
  protocol::write(request_, wire, out);
  if (out.failed())
    throw std::invalid_argument("a tool's input or schema in a sampling request is no JSON");
}

SESAME_INLINE result<create_message::answer, std::string> create_message::read(json::value given) {
  if (auto read = protocol::read_sampling_result(given)) return *std::move(read);
  return failure{std::string{"a message of a model needs role, content and model"}};
}

SESAME_INLINE result<list_roots::answer, std::string> list_roots::read(json::value given) {
  if (auto read = protocol::read_roots(given)) return *std::move(read);
  return failure{std::string{"the answer to roots/list needs a list of roots"}};
}

}  // namespace sesame::inline v0
