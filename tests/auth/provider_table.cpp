// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/provider_table.hpp"

#include <algorithm>
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

// The names in the braces of a template are settings of its row.
bool has_all_of(const provider_row& row, std::string_view text) {
  while (true) {
    text.remove_prefix(std::min(text.find('{'), text.size()));
    if (text.empty()) return true;
    if (!row.has(text.substr(1, text.find('}') - 1))) return false;
    text.remove_prefix(1);
  }
}

// Every setting that a row uses is one that it has, once, and what it needs is there.
bool is_consistent(const provider_row& row) {
  const auto known = [&](std::string_view text) { return has_all_of(row, text); };
  const auto optional = [&](std::string_view name) { return name.empty() || row.has(name); };
  const auto rule_known = [&](const claim_rule& rule) {
    return !rule.values.empty() && std::ranges::all_of(rule.values, known) && optional(rule.when);
  };
  const auto setting_fits = [&](const provider_setting& setting) {
    return std::ranges::count(row.settings, setting.name, &provider_setting::name) == 1 &&
           known(setting.otherwise) && !setting.environment.empty() &&
           (!setting.example.empty() || !setting.otherwise.empty());
  };
  return !row.name.empty() && !row.issuers.empty() && !row.audiences.empty() &&
         std::ranges::all_of(row.issuers, known) && known(row.authorization_server) &&
         known(row.jwks_uri) && known(row.api) && optional(row.public_key) &&
         optional(row.shared_secret) && std::ranges::all_of(row.audiences, rule_known) &&
         std::ranges::all_of(row.required, rule_known) &&
         std::ranges::all_of(row.settings, setting_fits) &&
         (row.opaque.empty() || opaque_place(row.opaque) < opaque_rows.size());
}

TEST_CASE("the rows are sorted, and each has what it uses") {
  CHECK(std::ranges::is_sorted(provider_rows, {}, &provider_row::name));
  for (const auto& row : provider_rows) {
    CAPTURE(row.name);
    CHECK(is_consistent(row));
    auto wrong = row;
    wrong.jwks_uri = "https://{nothing}/keys";
    CHECK(!is_consistent(wrong));
  }
}

}  // namespace provider_table_test
