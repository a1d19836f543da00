// What auth/provider_settings.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/claims.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/opaque_provider.hpp"
#include "sesame/auth/provider_row.hpp"
#include "sesame/auth/provider_settings.hpp"
#include "sesame/auth/secret.hpp"
#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/url.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sesame::inline v0 {

SESAME_INLINE std::vector<std::string> environment_names(const provider_setting& setting) {
  std::vector<std::string> names(setting.environment.begin(), setting.environment.end());
  for (const auto name : setting.environment) names.push_back("MCP_USE_OAUTH_" + std::string{name});
  return names;
}

}  // namespace sesame::inline v0

namespace sesame::inline v0::auth::detail {

/// Splits what is left of a template into a literal text and the name that follows it; both may be
/// empty.
struct template_piece {
  std::string_view literal, name;
};
constexpr template_piece take_piece(std::string_view& text) noexcept {
  const auto open = std::min(text.find('{'), text.size());
  const auto close = std::min(text.find('}', open), text.size());
  const template_piece piece{text.substr(0, open),
                             open == close ? "" : text.substr(open + 1, close - open - 1)};
  text.remove_prefix(std::min(close + 1, text.size()));
  return piece;
}

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower_or_digit(char c) noexcept {
  return is_lower(c) || is_digit(c);
}

/// What stands between the separators; empty parts too.
SESAME_INLINE std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

SESAME_INLINE bool is_host(std::string_view text) {
  const auto labels = split(text, '.');
  // A last label of digits makes an address.
  return labels.size() >= 2 && text.size() <= 253 && std::ranges::any_of(labels.back(), is_lower) &&
         std::ranges::all_of(labels, [](std::string_view label) {
           return !label.empty() && label.size() <= 63 && label.front() != '-' &&
                  label.back() != '-' && std::ranges::all_of(label, [](char c) {
                    return is_lower_or_digit(c) || c == '-';
                  });
         });
}

SESAME_INLINE bool is_region(std::string_view text) {
  const auto parts = split(text, '-');
  const auto all = [](std::string_view part, bool (*is)(char)) {
    return !part.empty() && std::ranges::all_of(part, is);
  };
  return parts.size() >= 3 && all(parts.back(), is_digit) &&
         std::all_of(parts.begin(), parts.end() - 1,
                     [&](std::string_view part) { return all(part, is_lower); });
}

SESAME_INLINE bool is_guid(std::string_view text) {
  constexpr std::array<std::size_t, 5> sizes{8, 4, 4, 4, 12};
  const auto parts = split(text, '-');
  return std::ranges::equal(parts, sizes, [](std::string_view part, std::size_t size) {
    return part.size() == size &&
           std::ranges::all_of(part, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  });
}

SESAME_INLINE bool is_segment(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, [](char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') ||
           std::string_view{"-._~"}.find(c) != std::string_view::npos;
  });
}

SESAME_INLINE bool is_url(std::string_view text) {
  const auto url = net::url::parse(text);
  return url && !url->query;
}

/// What a value of the form is as a part of templates; nothing where it has another form.
SESAME_INLINE std::optional<std::string> read_form(setting_form form, std::string value) {
  const auto only_if = [&](bool right) {
    return right ? std::optional{std::move(value)} : std::nullopt;
  };
  switch (form) {
    case setting_form::text:
      return only_if(std::ranges::all_of(value, [](char c) { return c > 0x20 && c < 0x7f; }));
    case setting_form::origin:
      if (value.starts_with("https://")) value.erase(0, 8);
      if (value.ends_with('/')) value.pop_back();
      [[fallthrough]];
    case setting_form::host:
      return only_if(is_host(value));
    case setting_form::base:
      while (value.ends_with('/')) value.pop_back();
      [[fallthrough]];
    case setting_form::url:
      return only_if(is_url(value));
    case setting_form::segment:
      return only_if(is_segment(value));
    case setting_form::region:
      return only_if(is_region(value));
    case setting_form::guid:
      return only_if(is_guid(value));
    case setting_form::pem:
      for (auto at = value.find("\\n"); at != std::string::npos; at = value.find("\\n", at))
        value.replace(at, 2, "\n");
      return value;
    case setting_form::secret:
      break;
  }
  return value;
}

/// The first setting that a template names.
constexpr std::string_view name_in(std::string_view text) noexcept {
  return take_piece(text).name;
}

/// For the sentence "must be ...".
SESAME_INLINE std::string_view describe(setting_form form) {
  static constexpr std::array<std::string_view, 10> texts{
      "visible ASCII characters without a comma",
      "a domain name in lower case, without scheme, port and path",
      "a domain name in lower case, or the https: URL of one",
      "an http(s) URL without query",
      "an http(s) URL without query",
      "letters, digits, '-', '.', '_' and '~' alone",
      "an AWS region",
      "a GUID in lower case",
      "a public key as PEM",
      "32 bytes or more, and no PEM text"};
  return texts[static_cast<std::size_t>(form)];
}

/// The settings of one row, as they are given.
class setting_reader {
 public:
  using texts = std::vector<std::string>;

  setting_reader(const provider_row& row, const provider_settings& given, settings_source source)
      : row_(&row), given_(&given), source_(source) {
    for (const auto& [name, value] : given)
      if (row.find(name) == nullptr)
        throw configuration_error(
            name, std::string{row.name} + " has no such setting; it has " + listed(row.settings));
  }

  [[nodiscard]] bool has(std::string_view name) const {
    return !name.empty() && found(*row_->find(name)).has_value();
  }

  /// None where the setting is not given, and is not made of others that are.
  [[nodiscard]] texts values(const provider_setting& setting) const {
    auto raw = found(setting);
    if (!raw) {
      auto made = setting.otherwise.empty() ? texts{} : expand(setting.otherwise);
      for (auto& value : made) value = checked(setting, name_of(setting), std::move(value));
      return made;
    }
    auto& [name, text] = *raw;
    texts all;
    if (setting.many) {
      std::ranges::replace(text, ',', ' ');
      for (const auto part : split(text, ' '))
        if (!part.empty()) all.push_back(checked(setting, name, std::string{part}));
    } else if (!text.empty()) {
      all.push_back(checked(setting, name, std::move(text)));
    }
    if (all.empty()) throw configuration_error(name, "is empty" + purpose(setting));
    return all;
  }
  [[nodiscard]] texts values(std::string_view name) const { return values(*row_->find(name)); }

  /// None where a setting is missing.
  [[nodiscard]] texts expand(std::string_view text) const {
    texts made{""};
    while (!text.empty()) {
      const auto [literal, name] = take_piece(text);
      for (auto& one : made) one += literal;
      if (name.empty()) continue;
      texts longer;
      for (const auto& value : values(name))
        for (const auto& one : made) longer.push_back(one + value);
      made = std::move(longer);
    }
    return made;
  }

  [[nodiscard]] texts expand(const short_list<std::string_view, 2>& all) const {
    texts made;
    for (const auto text : all) {
      auto some = expand(text);
      if (some.empty()) return {};
      std::ranges::move(some, std::back_inserter(made));
    }
    return made;
  }

  /// The setting that a template lacks; null where it lacks none.
  [[nodiscard]] const provider_setting* lacking(std::string_view text) const {
    while (!text.empty()) {
      const auto piece = take_piece(text);
      const auto* setting = piece.name.empty() ? nullptr : row_->find(piece.name);
      if (setting == nullptr || !values(*setting).empty()) continue;
      return setting->otherwise.empty() ? setting : lacking(setting->otherwise);
    }
    return nullptr;
  }

  [[nodiscard]] texts require(std::string_view text) const {
    if (const auto* setting = lacking(text)) missing({setting});
    return expand(text);
  }

  /// One of these has to be given.
  [[noreturn]] void missing(const std::vector<const provider_setting*>& any) const {
    std::string variables;
    std::string others;
    for (const auto* setting : any) {
      if (setting != any.front())
        others += (others.empty() ? " (or " : ", ") + std::string{setting->name};
      for (const auto& name : environment_names(*setting))
        variables += (variables.empty() ? "" : " or ") + name;
    }
    const auto& first = *any.front();
    throw configuration_error(name_of(first), std::string{row_->name} + " needs its " +
                                                  std::string{first.name} +
                                                  (others.empty() ? "" : others + ")") +
                                                  ", such as " + std::string{first.example} +
                                                  "; the environment may say it by " + variables);
  }

  /// By which name the user knows a setting.
  [[nodiscard]] std::string name_of(const provider_setting& setting) const {
    if (const auto raw = found(setting)) return raw->name;
    return std::string{source_ == settings_source::environment ? *setting.environment.begin()
                                                               : setting.name};
  }

  [[noreturn]] void wrong(const provider_setting& setting, std::string name) const {
    throw configuration_error(std::move(name),
                              "must be " + required_form(setting) + purpose(setting));
  }

 private:
  struct raw_value {
    std::string name, text;
  };

  template <class List>
  static std::string listed(const List& settings) {
    std::string all;
    for (const auto& setting : settings) all.append(all.empty() ? "" : ", ").append(setting.name);
    return all;
  }

  static std::string required_form(const provider_setting& setting) {
    std::string any;
    for (const auto choice : setting.choices) any.append(any.empty() ? "" : " or ").append(choice);
    if (!any.empty()) return any;
    any = describe(setting.form);
    return setting.example.empty() ? any : any + ", such as " + std::string{setting.example};
  }

  [[nodiscard]] std::string purpose(const provider_setting& setting) const {
    return " (" + std::string{setting.name} + " of " + std::string{row_->name} + ')';
  }

  [[nodiscard]] std::optional<raw_value> found(const provider_setting& setting) const {
    if (const auto given = given_->find(setting.name); given != given_->end())
      return raw_value{given->first, given->second};
    if (source_ == settings_source::environment)
      for (auto& name : environment_names(setting))

        if (const char* text =
                std::getenv(name.c_str()))  // NOLINT(concurrency-mt-unsafe): at the start
          return raw_value{std::move(name), text};
    return std::nullopt;
  }

  [[nodiscard]] std::string checked(const provider_setting& setting, const std::string& name,
                                    std::string value) const {
    if (!setting.suffix.empty() && value.find('.') == std::string::npos) value += setting.suffix;
    auto read = read_form(setting.form, std::move(value));
    if (!read || (!setting.choices.empty() &&
                  std::ranges::find(setting.choices, *read) == setting.choices.end()))
      wrong(setting, name);
    return *std::move(read);
  }

  const provider_row* row_;
  const provider_settings* given_;
  settings_source source_;
};

/// The claim that binds tokens to this server, and what it may say.
SESAME_INLINE claim_requirement choose_audience(const provider_row& row,
                                                const setting_reader& read) {
  std::vector<const provider_setting*> lacking;
  for (const auto& rule : row.audiences) {
    if (!rule.when.empty() && read.values(rule.when) != std::vector{std::string{rule.is}}) continue;
    if (auto texts = read.expand(rule.values); !texts.empty())
      return {std::string{rule.claim}, std::move(texts)};
    for (const auto text : rule.values)
      if (const auto* setting = read.lacking(text);
          setting != nullptr && std::ranges::find(lacking, setting) == lacking.end())
        lacking.push_back(setting);
  }
  read.missing(lacking);
}

/// The key that the settings have, if they have one; it says which algorithms there are.
SESAME_INLINE void take_key_at_hand(const provider_row& row, const setting_reader& read,
                                    jwks_settings& made) {
  std::vector<const provider_setting*> possible;
  std::vector<const provider_setting*> given;
  for (const auto name : {std::string_view{"jwks_uri"}, row.public_key, row.shared_secret})
    if (const auto* setting = row.find(name)) {
      possible.push_back(setting);
      if (read.has(name)) given.push_back(setting);
    }
  if (given.size() > 1)
    throw configuration_error(read.name_of(*given[1]),
                              "give it or " + read.name_of(*given[0]) + ", not both");
  if (given.empty() && !row.jwks_uri.empty() && read.expand(row.jwks_uri).empty() &&
      possible.size() > 1)
    read.missing(possible);
  if (given.empty() || given[0]->name == "jwks_uri") return;
  auto value = read.values(*given[0]).front();
  try {
    if (given[0]->form == setting_form::secret) {
      made.token.keys = {verification_key::from_secret(secret{std::move(value)})};
      made.token.algorithms = {jws_algorithm::hs256};
    } else {
      made.token.keys = {verification_key::from_pem(value)};
      made.token.algorithms.clear();
    }
  } catch (const configuration_error&) {
    read.wrong(*given[0], read.name_of(*given[0]));
  }
}

SESAME_INLINE jwks_settings settings_to_verify(const provider_row& row,
                                               const setting_reader& read) {
  jwks_settings made;
  auto& token = made.token;
  for (const auto issuer : row.issuers)
    std::ranges::move(read.require(issuer), std::back_inserter(token.other_issuers));
  token.issuer = std::move(token.other_issuers.front());
  token.other_issuers.erase(token.other_issuers.begin());
  if (!row.authorization_server.empty())
    token.authorization_server = read.require(row.authorization_server).front();
  auto audience = choose_audience(row, read);
  token.audience_claim = std::move(audience.claim);
  token.audiences = std::move(audience.accepted);
  token.algorithms.assign(row.algorithms.begin(), row.algorithms.end());
  for (const auto& rule : row.required)
    if (auto texts = read.expand(rule.values); !texts.empty())
      token.required_claims.push_back({std::string{rule.claim}, std::move(texts)});
  token.scope_claims.assign(row.scopes.begin(), row.scopes.end());
  token.claims = row.claims;
  token.check = row.check;
  token.map_claims = row.describe;
  take_key_at_hand(row, read, made);
  if (token.keys.empty() && !row.jwks_uri.empty())
    made.jwks_uri = read.require(row.jwks_uri).front();
  return made;
}

SESAME_INLINE opaque_settings settings_to_ask(const provider_row& row, const setting_reader& read) {
  // What an ID token would have to say, the answer to a question may not.
  for (const auto& rule : row.required)
    for (const auto text : rule.values)
      if (!read.expand(text).empty())
        throw configuration_error(read.name_of(*row.find(name_in(text))),
                                  "is looked at in ID tokens alone");
  opaque_settings made;
  made.client_ids = choose_audience(row, read).accepted;
  if (row.has("client_secret"))
    made.client_secret = secret{std::move(read.require("{client_secret}").front())};
  if (!row.api.empty())
    made.at = {read.require(*row.issuers.begin()).front(), read.require(row.api).front()};
  return made;
}

}  // namespace sesame::inline v0::auth::detail

namespace sesame::inline v0::auth {

SESAME_INLINE std::variant<jwks_settings, opaque_settings> resolve(const provider_row& row,
                                                                   const provider_settings& given,
                                                                   settings_source source) {
  const detail::setting_reader read(row, given, source);
  // Also what is not needed has to be right.
  for (const auto& setting : row.settings)
    if (read.has(setting.name)) static_cast<void>(read.values(setting));
  const bool asks = !row.opaque.empty() &&
                    (!row.has("token_use") || read.values("token_use").front() == "access");
  if (asks) return detail::settings_to_ask(row, read);
  return detail::settings_to_verify(row, read);
}

}  // namespace sesame::inline v0::auth
