// What the tests of services, servers and transports need: messages, answers that can be asked for
// their parts, and a way to the engine that no transport stands in.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/current_principal.hpp"
#include "sesame/auth/test_issuer.hpp"
#include "sesame/json/document.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <doctest/doctest.h>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server_test {

using namespace std::string_literals;
using namespace std::string_view_literals;
using namespace std::chrono_literals;

inline std::string json_string(std::string_view text) {
  std::string out;
  sesame::json::writer{out}.string(text);
  return out;
}

/// What stands at a place of a JSON text (RFC 6901), on one line; empty for nothing.
inline std::string at(std::string_view text, std::string_view pointer) {
  sesame::json::document document{{.size = std::size_t{64} << 20}};
  const auto root = document.parse(text);
  if (!root) return "(no JSON: " + std::string{text} + ")";
  const auto found = root->at_pointer(pointer);
  return found ? sesame::json::minify(*found) : std::string{};
}
template <std::same_as<std::optional<std::string>> Text>
std::string at(const Text& text, std::string_view pointer) {
  return text ? at(std::string_view{*text}, pointer) : "(nothing came)"s;
}

/// A string that stands there, without its quotes and escapes.
inline std::string text_at(std::string_view text, std::string_view pointer) {
  sesame::json::document document{{.size = std::size_t{64} << 20}};
  const auto root = document.parse(text);
  const auto found = root ? root->at_pointer(pointer) : std::nullopt;
  const auto string = found ? sesame::json::as_string(*found) : std::nullopt;
  return std::string{string.value_or("(no string)")};
}
template <std::same_as<std::optional<std::string>> Text>
std::string text_at(const Text& text, std::string_view pointer) {
  return text ? text_at(std::string_view{*text}, pointer) : "(nothing came)"s;
}

/// The first text of a tool's result.
template <class Text>
std::string said(const Text& answer) {
  return text_at(answer, "/result/content/0/text");
}

// Messages.

inline constexpr std::string_view version_key = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view capabilities_key = "io.modelcontextprotocol/clientCapabilities";

/// A request of a session; `params` is a JSON object.
inline std::string request(int id, std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":)" + json_string(method) +
         R"(,"params":)" + std::string{params} + "}";
}
inline std::string notification(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","method":)" + json_string(method) + R"(,"params":)" +
         std::string{params} + "}";
}
inline std::string cancelled(int id) {
  return notification("notifications/cancelled", R"({"requestId":)" + std::to_string(id) + "}");
}

/// The `_meta` of the stateless era; `more` are further members.
inline std::string meta(std::string_view capabilities = "{}", std::string_view more = "") {
  std::string text = R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                     R"("io.modelcontextprotocol/clientCapabilities":)";
  text += capabilities;
  if (!more.empty()) text.append(",").append(more);
  return text + "}";
}

/// A request of the stateless era; `members` are those of its params, beside `_meta`.
inline std::string stateless(int id, std::string_view method, std::string_view members = "",
                             std::string_view with = {}) {
  std::string params = R"({"_meta":)" + (with.empty() ? meta() : std::string{with});
  if (!members.empty()) params.append(",").append(members);
  return request(id, method, params + "}");
}
inline std::string call(int id, std::string_view tool, std::string_view arguments = "{}",
                        std::string_view with = {}, std::string_view more = "") {
  std::string members =
      R"("name":)" + json_string(tool) + R"(,"arguments":)" + std::string{arguments};
  if (!more.empty()) members.append(",").append(more);
  return stateless(id, "tools/call", members, with);
}
inline std::string session_call(int id, std::string_view tool, std::string_view arguments = "{}",
                                std::string_view more = "") {
  std::string params =
      R"({"name":)" + json_string(tool) + R"(,"arguments":)" + std::string{arguments};
  if (!more.empty()) params.append(",").append(more);
  return request(id, "tools/call", params + "}");
}
inline std::string initialize(std::string_view revision = "2025-11-25",
                              std::string_view capabilities = "{}", int id = 0) {
  return request(id, "initialize",
                 R"({"protocolVersion":)" + json_string(revision) + R"(,"capabilities":)" +
                     std::string{capabilities} +
                     R"(,"clientInfo":{"name":"tests","version":"1"}})");
}
/// A token, as it is sent where there are no headers.
inline std::string authorization(std::string_view token) {
  return R"("authorization":{"type":"bearer","token":)" + json_string(token) + "}";
}

/// Header fields, as HTTP would have them.
class fields final : public sesame::message_fields {
 public:
  fields(std::initializer_list<std::pair<std::string, std::string>> given) : all(given) {}

  /// Those that belong to a request of the stateless era.
  static fields of(std::string method, std::string name = {}) {
    fields made{{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", std::move(method)}};
    if (!name.empty()) made.all.emplace_back("Mcp-Name", std::move(name));
    return made;
  }
  fields with(std::string name, std::string value) const {
    auto copy = *this;
    copy.all.emplace_back(std::move(name), std::move(value));
    return copy;
  }
  fields without(std::string_view name) const {
    auto copy = *this;
    std::erase_if(copy.all, [&](const auto& one) { return same(one.first, name); });
    return copy;
  }
  fields replaced(const std::string& name, std::string value) const {
    return without(name).with(name, std::move(value));
  }

  std::optional<std::string_view> field(std::string_view name) const override {
    for (const auto& [key, value] : all)
      if (same(key, name)) return value;
    return std::nullopt;
  }
  std::optional<std::string_view> only(std::string_view name) const override {
    const auto is_named = [&](const auto& one) { return same(one.first, name); };
    return std::ranges::count_if(all, is_named) == 1 ? field(name) : std::nullopt;
  }

  std::vector<std::pair<std::string, std::string>> all;

 private:
  static bool same(std::string_view one, std::string_view other) {
    return sesame::net::detail::equal_ignoring_case(one, other);
  }
};

/// What a server reports.
class reports {
 public:
  std::function<void(std::string_view)> sink() {
    return [this](std::string_view what) {
      const std::lock_guard lock(mutex_);
      all_.emplace_back(what);
    };
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  [[nodiscard]] bool mention(std::string_view text) const {
    return std::ranges::any_of(
        all(), [&](const auto& one) { return one.find(text) != std::string::npos; });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> all_;
};

/// Comes in by the engine's own door, as a transport does, with header fields or without.
class direct final : public sesame::message_sink {
 public:
  explicit direct(sesame::engine& engine) : x(engine.options().message), engine_(engine) {}

  /// Serves one message to its end; returns the answer. What became of it is in the members.
  const std::string& operator()(std::string_view message, const fields* with = nullptr,
                                std::shared_ptr<const sesame::principal> caller = {}) {
    begin(message, with, std::move(caller));
    if (became == sesame::disposition::pending) {
      asio::co_spawn(io, x.finish(), asio::detached);
      io.restart();
      io.run_for(30s);
    }
    return out;
  }
  const std::string& operator()(std::string_view message, const fields& with,
                                std::shared_ptr<const sesame::principal> caller = {}) {
    return (*this)(message, &with, std::move(caller));
  }

  void begin(std::string_view message, const fields* with = nullptr,
             std::shared_ptr<const sesame::principal> caller = {}) {
    out.clear();
    sent.clear();
    sesame::inbound in{.text = message, .out = &out, .sink = this, .fields = with};
    if (with == nullptr) in.peer = &peer;
    in.caller = std::move(caller);
    became = engine_.begin(x, in);
  }

  bool send(std::string_view message) override {
    if (takes) sent.emplace_back(message);
    if (on_send) on_send(message);
    return takes;
  }
  asio::any_io_executor executor() override { return io.get_executor(); }

  asio::io_context io{1};
  sesame::exchange x;
  sesame::message_peer peer;
  sesame::disposition became{};
  std::string out;
  std::vector<std::string> sent;
  bool takes = true;
  std::function<void(std::string_view)> on_send;

 private:
  sesame::engine& engine_;
};

/// The code of the error, and the HTTP status that goes with it.
struct refusal {
  int status;
  std::string code;
  friend bool operator==(const refusal&, const refusal&) = default;
  friend std::ostream& operator<<(std::ostream& to, const refusal& r) {
    return to << r.status << " " << r.code;
  }
};
inline refusal refused(direct& server, std::string_view message, const fields* with = nullptr,
                       std::shared_ptr<const sesame::principal> caller = {}) {
  const auto answer = server(message, with, std::move(caller));
  return {server.x.status(), at(answer, "/error/code")};
}
inline refusal refused(direct& server, std::string_view message, const fields& with,
                       std::shared_ptr<const sesame::principal> caller = {}) {
  return refused(server, message, &with, std::move(caller));
}

}  // namespace server_test
