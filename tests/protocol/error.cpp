// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/error.hpp"

#include <doctest/doctest.h>
#include <string>

namespace error_test {

using namespace sesame::protocol;

constexpr int code(error_kind kind) {
  return row_of(kind).code;
}
constexpr int status(error_kind kind, era e) {
  return row_of(kind).status[static_cast<std::size_t>(e)];
}

// JSON-RPC 2.0, section 5.1
static_assert(code(error_kind::parse) == -32700);
static_assert(code(error_kind::invalid_request) == -32600);
static_assert(code(error_kind::method_not_found) == -32601);
static_assert(code(error_kind::invalid_params) == -32602);
static_assert(code(error_kind::internal) == -32603);
// MCP 2026-07-28, basic/index#error-codes
static_assert(code(error_kind::invalid_envelope) == -32602);
static_assert(code(error_kind::header_mismatch) == -32020);
static_assert(code(error_kind::missing_capability) == -32021);
static_assert(code(error_kind::unsupported_version) == -32022);
static_assert(code(error_kind::resource_not_found) == -32602);
static_assert(row_of(error_kind::resource_not_found).session_code == -32002);

static_assert(status(error_kind::method_not_found, era::stateless) == 404);
static_assert(status(error_kind::method_not_found, era::session) == 200);
static_assert(status(error_kind::invalid_envelope, era::stateless) == 400);
static_assert(status(error_kind::header_mismatch, era::stateless) == 400);
static_assert(status(error_kind::missing_capability, era::stateless) == 400);
static_assert(status(error_kind::unsupported_version, era::stateless) == 400);
static_assert(status(error_kind::session_unknown, era::session) == 404);
static_assert(status(error_kind::session_required, era::session) == 400);
static_assert(status(error_kind::unauthorized, era::stateless) == 401);
static_assert(status(error_kind::forbidden, era::session) == 403);
static_assert(status(error_kind::unavailable, era::stateless) == 503);
static_assert(status(error_kind::too_many, era::session) == 429);

// The reserved range holds what the specification defines, and nothing of our own.
static_assert([] {
  for (const auto& row : error_table) {
    const bool reserved = row.code >= -32099 && row.code <= -32000;
    const bool defined = (row.code >= -32022 && row.code <= -32020) ||
                         row.kind == error_kind::url_elicitation_required;
    if (reserved && !defined) return false;
  }
  return true;
}());

static_assert([] {
  for (const auto& row : error_table)
    if (row.text.empty() || row.status[0] < 200 || row.status[1] < 200) return false;
  return true;
}());

TEST_CASE("an error is its row, with a detail behind the text") {
  const rpc_error plain{error_kind::method_not_found, {}, {}};
  CHECK(plain.code(era::stateless) == -32601);
  CHECK(plain.message() == "Method not found");
  CHECK(plain.http_status(era::session) == 200);
  CHECK(plain.http_status(era::stateless) == 404);
  const rpc_error detailed{error_kind::invalid_params, "/id: expected a string, found 5", {}};
  CHECK(detailed.message() == "Invalid params: /id: expected a string, found 5");
}

TEST_CASE("an error that nobody described is internal") {
  CHECK(rpc_error{}.code(era::session) == -32603);
  CHECK(rpc_error{}.message() == "Internal error");
}

TEST_CASE("a resource that is not there has another code in the session era") {
  const rpc_error missing{error_kind::resource_not_found, {}, {}};
  CHECK(missing.code(era::stateless) == -32602);
  CHECK(missing.code(era::session) == -32002);
}

}  // namespace error_test
