// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/crypto.hpp"

#include <doctest/doctest.h>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace crypto_test {

using namespace sesame;

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

const secret key(std::string(32, 'k'));

TEST_CASE("random bytes are as many as asked for, and others each time") {
  CHECK(auth::random_bytes(0).empty());
  CHECK(auth::random_bytes(100).size() == 100);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(auth::random_bytes(16));
  CHECK(seen.size() == 1000);
}

TEST_CASE("random tokens are base64url of the strength asked for") {
  CHECK(auth::random_token().size() == 43);
  CHECK(json::from_base64url(auth::random_token(16)).value().size() == 16);
}

TEST_CASE("sha256 gives the vectors of FIPS 180") {
  CHECK(hex(auth::sha256("")) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(auth::sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("constant_time_equal compares texts of any length") {
  CHECK(auth::constant_time_equal("", ""));
  CHECK(auth::constant_time_equal("abc", "abc"));
  CHECK_FALSE(auth::constant_time_equal("abc", "abd"));
  CHECK_FALSE(auth::constant_time_equal("abc", "abcd"));
  CHECK_FALSE(auth::constant_time_equal("abc", ""));
  CHECK_FALSE(auth::constant_time_equal({"a\0b", 3}, {"a\0c", 3}));
}

TEST_CASE("derived keys are those of RFC 5869, appendix A.3") {
  const secret input(std::string(22, '\x0b'));
  CHECK(hex(auth::derive_key(input, "").reveal()) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST_CASE("derived keys differ by purpose and by master") {
  const auto cookie = auth::derive_key(key, "cookie");
  CHECK(cookie.size() == 32);
  CHECK(cookie == auth::derive_key(key, "cookie"));
  CHECK_FALSE(cookie == auth::derive_key(key, "state"));
  CHECK_FALSE(cookie == auth::derive_key(secret(std::string(32, 'l')), "cookie"));
}

TEST_CASE("a sealed text opens with the same key and the same associated data alone") {
  const auth::sealer sealer(key);
  for (const auto& text :
       {std::string(), std::string("alice"), std::string("a\0b", 3), std::string(100000, 'x')}) {
    const auto sealed = sealer.seal(text, "cookie");
    CHECK(sealer.open(sealed, "cookie") == text);
    CHECK_FALSE(sealer.open(sealed, "state"));
    CHECK_FALSE(sealer.open(sealed, ""));
    CHECK_FALSE(auth::sealer(secret(std::string(32, 'l'))).open(sealed, "cookie"));
  }
  CHECK(sealer.open(sealer.seal("alice", ""), "") == "alice");
}

TEST_CASE("a sealed text never looks the same twice and shows nothing of what is inside") {
  const auth::sealer sealer(key);
  CHECK(sealer.seal("alice", "") != sealer.seal("alice", ""));
  CHECK(json::from_base64url(sealer.seal("alice", "")).value().find("alice") == std::string::npos);
}

TEST_CASE("whichever character of a sealed text is changed, it does not open") {
  const auth::sealer sealer(key);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+ ";
  for (const std::string_view text : {"alice", "alice2", "alice12"}) {
    const auto sealed = sealer.seal(text, "cookie");
    for (std::size_t i = 0; i < sealed.size(); ++i)
      for (const char other : alphabet) {
        if (sealed[i] == other) continue;
        auto changed = sealed;
        changed[i] = other;
        REQUIRE_FALSE(sealer.open(changed, "cookie"));
      }
    for (std::size_t i = 0; i < sealed.size(); ++i) {
      REQUIRE_FALSE(sealer.open(sealed.substr(0, i), "cookie"));
      REQUIRE_FALSE(sealer.open(sealed.substr(i + 1), "cookie"));
    }
    REQUIRE_FALSE(sealer.open(sealed + "A", "cookie"));
    REQUIRE_FALSE(sealer.open(sealed + "AAAA", "cookie"));
  }
}

TEST_CASE("a sealer takes keys of 32 bytes alone") {
  for (const std::size_t size : {0U, 16U, 31U, 33U, 64U})
    CHECK_THROWS_AS(auth::sealer(secret(std::string(size, 'k'))), configuration_error);
}

TEST_CASE("a text that does not open leaves OpenSSL's error queue as it was") {
  const auth::sealer sealer(key);
  const auto sealed = sealer.seal("alice", "cookie");
  CHECK_FALSE(sealer.open(sealed, "state"));
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("threads may share a sealer") {
  const auth::sealer sealer(key);
  std::vector<int> opened(4);
  {
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (auto& count : opened)
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) count += sealer.open(sealer.seal("x", "y"), "y") == "x";
      });
    for (auto& thread : threads) thread.join();
  }
  for (const int count : opened) CHECK(count == 500);
}

}  // namespace crypto_test
