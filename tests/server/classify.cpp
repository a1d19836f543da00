// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/classify.hpp"

#include "sesame/json/document.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>

namespace classify_test {

using sesame::detail::route;
using sesame::protocol::error_kind;

constexpr std::string_view claim =
    R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";
constexpr std::string_view old_claim =
    R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2025-11-25"}})";
constexpr std::string_view broken_claim =
    R"({"_meta":{"io.modelcontextprotocol/protocolVersion":null}})";

std::string request(std::string_view method, std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","id":1,"method":")";
  return text.append(method).append(R"(","params":)").append(params) + "}";
}
std::string notification(std::string_view method, std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","method":")";
  return text.append(method).append(R"(","params":)").append(params) + "}";
}

sesame::result<route, sesame::protocol::rpc_error> classify(
    const std::string& text, std::optional<std::string_view> header) {
  sesame::json::document document;
  const auto root = document.parse(text);
  REQUIRE(root);
  sesame::protocol::message message;
  REQUIRE_FALSE(sesame::protocol::read_message(*root, message));
  return sesame::detail::classify(message, header);
}

TEST_CASE("a message's era is decided by what it carries") {
  struct row {
    std::string text;
    std::optional<std::string_view> header;
    std::optional<route> expected;  // or it is refused
  };
  const std::optional<std::string_view> none;
  const std::optional<route> refused;
  const row rows[] = {
      // Responses answer what a session asked.
      {R"({"jsonrpc":"2.0","id":1,"result":{}})", none, route::session},
      {R"({"jsonrpc":"2.0","id":1,"result":{}})", "2026-07-28", route::session},
      {R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}})", none, route::session},
      // initialize opens a session, whatever older revision the header names.
      {request("initialize", "{}"), none, route::session_open},
      {request("initialize", "{}"), "2025-11-25", route::session_open},
      {request("initialize", "{}"), "2024-11-05", route::session_open},
      {request("initialize", "{}"), "nonsense", route::session_open},
      {request("initialize", "{}"), "2026-07-28", refused},
      {request("initialize", "{}"), "2027-01-01", refused},
      {request("initialize", claim), none, route::stateless},
      {request("initialize", claim), "2026-07-28", route::stateless},
      // A claim makes a request stateless, of whatever value and whatever the header says.
      {request("tools/list", claim), none, route::stateless},
      {request("tools/list", claim), "2026-07-28", route::stateless},
      {request("tools/list", claim), "2025-06-18", route::stateless},
      {request("ping", claim), none, route::stateless},
      {request("tools/list", old_claim), none, route::stateless},
      {request("tools/list", broken_claim), none, route::stateless},
      // Without one, a header of that era makes the request a broken one of it.
      {request("tools/list", "{}"), "2026-07-28", refused},
      {request("tools/list", R"({"_meta":{}})"), "2026-07-28", refused},
      {request("tools/list", "{}"), "2099-12-31", refused},
      // All else is a session's.
      {request("tools/list", "{}"), none, route::session},
      {request("tools/list", "{}"), "2025-11-25", route::session},
      {request("tools/list", "{}"), "2025-03-26", route::session},
      {request("tools/list", "{}"), "nonsense", route::session},
      {request("tools/list", "{}"), "", route::session},
      {request("tools/list", "{}"), "2026-07-2", route::session},
      // Notifications.
      {notification("notifications/cancelled", claim), none, route::stateless_notification},
      {notification("notifications/cancelled", "{}"), "2026-07-28", route::stateless_notification},
      {notification("notifications/initialized", "{}"), "2025-11-25", route::session},
      {notification("notifications/initialized", "{}"), none, route::session},
      {notification("initialize", "{}"), none, route::session},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CAPTURE(row.header.value_or("(none)"));
    const auto found = classify(row.text, row.header);
    CHECK((found ? std::optional{*found} : refused) == row.expected);
  }
}

TEST_CASE("a stateless request without its envelope is told what it lacks") {
  const auto refused = classify(request("tools/list", "{}"), "2026-07-28");
  CHECK(refused.error().kind == error_kind::invalid_envelope);
  CHECK(refused.error().code(sesame::protocol::era::stateless) == -32602);
  CHECK(refused.error().message().find("io.modelcontextprotocol/protocolVersion") !=
        std::string::npos);
  CHECK(refused.error().message().find("io.modelcontextprotocol/clientCapabilities") !=
        std::string::npos);
}

TEST_CASE("initialize under the header of a revision without it is a mismatch") {
  const auto refused = classify(request("initialize", "{}"), "2026-07-28");
  CHECK(refused.error().kind == error_kind::header_mismatch);
  CHECK(refused.error().code(sesame::protocol::era::stateless) == -32020);
}

}  // namespace classify_test
