// How a resource's return value becomes the result of `resources/read`.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/objects.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/result.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/metadata.hpp"
#include "sesame/service/primitive.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// The bytes of a file; base64 is the wire's business. Without a MIME type it is that of the
/// declaration.
struct binary {
  std::string bytes;
  std::string mime_type{};
};

namespace detail {

/// How resources are read and answer. `Declared` has the MIME type of the declaration.
struct resource_rules {
  static constexpr auto scalars = json::scalar_form::text;

  static void not_found(invocation& call) {
    std::string data = R"({"uri":)";
    json::writer{data}.string(call.uri);
    call.reply.error({protocol::error_kind::resource_not_found, {}, data + '}'});
  }
  /// Variables that do not fit their members lead to nothing.
  static void refuse(invocation& call, const json::mismatch&) { not_found(call); }
  static void fail(invocation& call, std::string_view text) { fail_request(call, text); }

  template <class Declared, class T>
  static void write(invocation& call, const T& value) {
    constexpr auto declared = Declared::mime_type;
    const auto type = [&](std::string_view own, std::string_view otherwise) {
      return !own.empty() ? own : !declared.empty() ? declared : otherwise;
    };
    if constexpr (std::convertible_to<const T&, std::string_view>) {
      begin(call);
      put(call, {}, type({}, "text/plain"), value, false, {});
      end(call);
    } else if constexpr (std::same_as<T, binary>) {
      begin(call);
      put(call, {}, type(value.mime_type, "application/octet-stream"), value.bytes, true, {});
      end(call);
    } else if constexpr (std::same_as<T, resource_contents>) {
      begin(call);
      put(call, value.uri, type(value.mime_type, {}), value.data, value.binary, value.meta);
      end(call);
    } else if constexpr (std::same_as<T, std::vector<resource_contents>>) {
      if (value.empty()) return not_found(call);
      begin(call);
      for (const auto& part : value) {
        if (&part != value.data()) call.reply.out().raw(',');
        put(call, part.uri, type(part.mime_type, {}), part.data, part.binary, part.meta);
      }
      end(call);
    } else {
      std::string text;
      json::writer out{text};
      json::write(value, out);
      if (out.failed()) return call.reply.error({protocol::error_kind::internal, {}, {}});
      begin(call);
      put(call, {}, type({}, "application/json"), text, false, {});
      end(call);
    }
  }
  template <class Declared, class T>
  static void write(invocation& call, const std::optional<T>& value) {
    if (!value) return not_found(call);
    write<Declared>(call, *value);
  }
  template <class Declared, class T, class E>
  static void write(invocation& call, const result<T, E>& value) {
    if (!value) return fail(call, error_text(value.error()));
    write<Declared>(call, *value);
  }
  template <class Declared>
  static void write(invocation&) {
    static_assert(std::same_as<Declared, void>,
                  "sesame: the function of a resource returns what is in it");
  }

 private:
  static void begin(invocation& call) {
    call.reply.begin();
    call.reply.member("contents");
    call.reply.out().raw('[');
  }
  static void put(invocation& call, std::string_view uri, std::string_view type,
                  std::string_view data, bool is_binary, std::string_view meta) {
    auto& out = call.reply.out();
    out.raw('{');
    protocol::detail::write_held(uri.empty() ? call.uri : uri, type, data, is_binary, out);
    protocol::detail::write_meta(meta, call.reply.wire(), out);
    out.raw('}');
  }
  static void end(invocation& call) {
    call.reply.out().raw(']');
    // What one user was asked for is nobody else's, and not for long.
    protocol::write(call.form ? protocol::cache_hints{} : call.cache, call.reply);
    if (call.reply.out().failed())
      return call.reply.error({protocol::error_kind::internal, {}, {}});
    call.reply.end();
  }
};

}  // namespace detail
}  // namespace sesame::inline v0
