// The Authorization field as a peer may write it, and challenges with any text in them.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/challenge.hpp"
#include "sesame/auth/scopes.hpp"
#include "sesame/net/detail/characters.hpp"

#include "fuzz.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using fuzz::demand;
namespace auth = sesame::auth;

void try_field(std::string_view field) {
  const auto token = auth::read_authorization(field);
  if (!token) return;
  demand(field.ends_with(*token) && !token->empty(), "the token is the end of the field");
  demand(token->find_first_of(" \t\r\n\",") == std::string_view::npos, "a token is one word");
  demand(sesame::net::detail::equal_ignoring_case(field.substr(0, 7), "Bearer "),
         "the scheme is ours");
  const auto written = "Bearer " + std::string(*token);
  const auto again = auth::read_authorization(written);
  demand(again && *again == *token, "a token is read as it is written");
  demand(!auth::read_authorization(field, "Basic"), "a field has one scheme");
}

// Takes a challenge apart as a client does: name="value", separated by commas.
std::size_t parameters_of(std::string_view field) {
  std::size_t count = 0;
  for (field.remove_prefix(std::min(field.find(' '), field.size())); !field.empty(); ++count) {
    field.remove_prefix(count == 0 ? 1 : 2);
    const auto open = field.find("=\"");
    demand(open != std::string_view::npos && open != 0, "a parameter has a name");
    const auto close = field.find('"', open + 2);
    demand(close != std::string_view::npos, "a quote is closed");
    field.remove_prefix(close + 1);
    demand(field.empty() || field.starts_with(", "), "a parameter ends with its quote");
  }
  return count;
}

void try_challenge(std::string_view text) {
  auth::challenge asked;
  std::size_t given = 0;
  for (auto* part :
       {&asked.resource_metadata, &asked.scope, &asked.error, &asked.error_description}) {
    const auto [line, rest] = fuzz::split_line(text);
    *part = line;
    text = rest;
    given += line.empty() ? 0 : 1;
  }
  const auto field = auth::to_field(asked);
  demand(sesame::net::detail::is_field_value(field), "a challenge is a field's value");
  demand(parameters_of(field) == given, "a challenge has the parameters that it was given");
}

void try_scopes(std::string_view text) {
  const auto scopes = sesame::scope_set::parse(text);
  demand(sesame::scope_set::parse(scopes.text()) == scopes, "scopes are read as they are written");
  for (const auto& scope : scopes.tokens())
    demand(sesame::is_scope_token(scope) && text.find(scope) != std::string_view::npos,
           "no scope is granted that was not named");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  try_field(text);
  try_field("Bearer " + std::string(text));
  try_challenge(text);
  try_scopes(text);
  return 0;
}
