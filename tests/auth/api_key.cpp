// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/api_key.hpp"

#include "sesame/configuration.hpp"

#include "server/support.hpp"
#include <chrono>
#include <doctest/doctest.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace api_key_test {

using namespace std::chrono_literals;
using namespace sesame;
const std::chrono::system_clock::time_point now{1'700'000'000s};

TEST_CASE("a hash is that of FIPS 180-4, in hex") {
  CHECK(hash_api_key("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("generated keys differ, and can travel as tokens") {
  std::set<std::string> all;
  for (int i = 0; i < 100; ++i) all.insert(generate_api_key("rec"));
  CHECK(all.size() == 100);
  for (const auto& key : all) {
    CHECK(key.starts_with("rec_"));
    CHECK(key.size() == 4 + 43);  // 256 bits in base64url
    CHECK(api_key_provider{{{hash_api_key(key), {.subject = "x"}}}}.verify(key, now));
  }
  CHECK(generate_api_key().size() == 43);
  CHECK_THROWS_AS((void)generate_api_key("a b"), configuration_error);
}

TEST_CASE("who has a key is who it was given to") {
  const auto key = generate_api_key();
  const api_key_provider provider{
      {{hash_api_key(key), {.subject = "nightly", .is_machine = true, .scopes = {"read"}}},
       {hash_api_key("alice"), {.issuer = "https://staff.example", .subject = "alice"}}}};
  CHECK(provider.issuers().empty());
  const auto nightly = provider.verify(key, now);
  REQUIRE(nightly);
  CHECK(nightly->issuer == "api-keys");
  CHECK(nightly->subject == "nightly");
  CHECK(nightly->user.user_id == "nightly");
  CHECK(nightly->is_machine);
  CHECK(nightly->scopes == scope_set{"read"});
  CHECK(nightly->expires > now + 24h * 365 * 100);
  CHECK(provider.verify("alice", now)->issuer == "https://staff.example");
  // The hash is no key, and nothing that differs from one is.
  for (const auto& wrong : {hash_api_key(key), key + "x", key.substr(1), std::string{"Alice"},
                            std::string{}, std::string{"alice\n"}, std::string(20'000, 'a')}) {
    const auto refused = provider.verify(wrong, now);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == auth_error::invalid_token);
    CHECK(refused.error().detail.find(wrong) == (wrong.empty() ? 0 : std::string::npos));
  }
}

TEST_CASE("a key ends in the second that it says") {
  principal caller{.subject = "guest"};
  caller.expires = std::chrono::sys_seconds{1'700'000'060s};
  const api_key_provider provider{{{hash_api_key("guest"), caller}}};
  CHECK(provider.verify("guest", now + 59s));
  CHECK(provider.verify("guest", now + 60s).error().code == auth_error::invalid_token);
}

TEST_CASE("keys that make no sense are refused when the provider is made") {
  const auto setting = [](std::vector<api_key> keys, std::string issuer = "x") -> std::string {
    try {
      const api_key_provider provider{std::move(keys), std::move(issuer)};
    } catch (const configuration_error& wrong) {
      return wrong.setting();
    }
    return "";
  };
  const auto hash = hash_api_key("a");
  auto upper = hash;
  for (auto& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
  CHECK(setting({{hash, {.subject = "a"}}}).empty());
  CHECK(setting({{upper, {.subject = "a"}}}).empty());
  CHECK(setting({{hash, {.subject = "a"}}}, "") == "issuer");
  CHECK(setting({}) == "keys");
  CHECK(setting({{hash, {.subject = ""}}}) == "keys");
  CHECK(setting({{hash, {.subject = "a\nb"}}}) == "keys");
  CHECK(setting({{"alice", {.subject = "a"}}}) == "keys");
  CHECK(setting({{std::string(64, 'g'), {.subject = "a"}}}) == "keys");
  CHECK(setting({{hash, {.subject = "a"}}, {upper, {.subject = "b"}}}) == "keys");
}

struct rooms : service<authenticated<api_key_provider>> {
  std::string who(const principal& caller) const { return caller.subject; }
  std::string write(const principal& caller) const { return caller.subject; }
  using tools = sesame::tools<tool<&rooms::who, "-">, tool<&rooms::write, "-", scopes<"write">>>;
};

TEST_CASE("a server lets the key's owner in, to what the key is for") {
  using namespace server_test;
  reports log;
  server made{{.name = "rooms", .version = "1", .on_error = log.sink()},
              rooms{},
              api_key_provider{{{hash_api_key("s3cret-key"), {.subject = "nightly"}}}}};
  direct client{made.engine()};
  const auto ask = [&](std::string_view tool, std::string_view token) {
    return client(call(1, tool, "{}", server_test::meta("{}", authorization(token))));
  };
  CHECK(text_at(ask("who", "s3cret-key"), "/result/content/0/text") == "nightly");
  CHECK(text_at(ask("write", "s3cret-key"), "/error/data/code") == "INSUFFICIENT_SCOPE");
  CHECK(text_at(ask("who", "s3cret-kez"), "/error/data/code") == "INVALID_TOKEN");
  for (const auto& line : log.all()) CHECK(line.find("s3cret") == std::string::npos);
}

}  // namespace api_key_test
