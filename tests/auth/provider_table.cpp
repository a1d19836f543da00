// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/provider_table.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace provider_table_test {

using namespace sesame;

std::string code(std::string_view text) {
  return "`" + std::string{text} + "`";
}

// The texts of a list as code, with something between them.
template <class List, class Text>
std::string joined(const List& all, std::string_view between, Text text) {
  std::string out;
  for (const auto& one : all) out.append(out.empty() ? "" : between).append(text(one));
  return out;
}

std::string tokens_table() {
  std::string out =
      "| provider | type | issuer | keys | algorithms | meant for this server by |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& row : provider_rows) {
    out.append("| ").append(row.title).append(" | ").append(code(row.name));
    if (!row.other_name.empty()) out.append(", also ").append(code(row.other_name));
    out.append(" | ").append(joined(row.issuers, "<br>", code)).append(" | ");
    const bool is_opaque = !row.opaque.empty() && !row.has("token_use");
    const auto keys = row.jwks_uri.empty() ? "in the issuer's metadata" : code(row.jwks_uri);
    out.append(is_opaque ? "none: the issuer is asked" : keys);
    if (!row.opaque.empty() && !is_opaque)
      out.append("<br>or the issuer is asked, where `token_use` is `access`");
    for (const auto name : {row.public_key, row.shared_secret})
      if (!name.empty()) out.append("<br>or ").append(code("{" + std::string{name} + "}"));
    out.append(" | ").append(joined(row.algorithms, ", ", [](jws_algorithm one) {
      return std::string{auth::facts(one).name};
    }));
    if (row.algorithms.empty() && !is_opaque) out.append("any that is asymmetric");
    if (!row.shared_secret.empty()) out.append("; HS256 with the secret");
    out.append(" | ").append(joined(row.audiences, "<br>or ", [](const claim_rule& rule) {
      return (rule.claim.find(' ') == std::string_view::npos ? code(rule.claim)
                                                             : std::string{rule.claim}) +
             " " + joined(rule.values, ", ", code) +
             (rule.when.empty() ? "" : " where " + code(rule.when) + " is " + code(rule.is));
    }));
    for (const auto& rule : row.required)
      out.append("<br>and ")
          .append(code(rule.claim))
          .append(" ")
          .append(joined(rule.values, ", ", code));
    out.append(" |\n");
  }
  return out;
}

std::string settings_table() {
  std::string out =
      "| provider | setting | such as | in the environment |\n"
      "| --- | --- | --- | --- |\n";
  for (const auto& row : provider_rows)
    for (const auto& setting : row.settings) {
      out.append("| ").append(code(row.name)).append(" | ").append(code(setting.name));
      if (setting.many) out.append(", may be several");
      out.append(" | ");
      if (!setting.otherwise.empty()) {
        out.append("otherwise ").append(code(setting.otherwise));
      } else {
        out.append(setting.example);
      }
      out.append(" | ").append(joined(setting.environment, ", ", code)).append(" |\n");
    }
  return out;
}

TEST_CASE("the page on providers shows the table") {
  const auto page = std::filesystem::path{__FILE__}.parent_path() / "../../docs/providers.md";
  std::ifstream file(page);
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  CHECK_MESSAGE(text.find(tokens_table()) != std::string::npos, "\n", tokens_table());
  CHECK_MESSAGE(text.find(settings_table()) != std::string::npos, "\n", settings_table());
}

TEST_CASE("a provider is found by each of its names, and by nothing else") {
  for (const auto& row : provider_rows) {
    CHECK(find_provider(row.name) == &row);
    if (!row.other_name.empty()) CHECK(find_provider(row.other_name) == &row);
  }
  CHECK(find_provider("") == nullptr);
  CHECK(find_provider("Auth0") == nullptr);
  CHECK(find_provider("auth0 ") == nullptr);
}

// A row that uses a setting which it does not have is refused by the compiler.
static_assert([] {
  auto row = provider_rows[0];
  const bool before = auth::detail::is_consistent(row);
  row.jwks_uri = "https://{tenant}/keys";
  return before && !auth::detail::is_consistent(row);
}());

}  // namespace provider_table_test
