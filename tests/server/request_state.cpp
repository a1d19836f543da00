// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/request_state.hpp"

#include <chrono>
#include <cstddef>
#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using sesame::secret;
using sesame::detail::request_state;

const auto now = std::chrono::system_clock::time_point{1'800'000'000s};
const request_state given{"tool", "digest", "1:iann", 1'800'000'100};

TEST_CASE("a state is good for its request, its caller and its time") {
  const sesame::auth::sealer sealer{secret{std::string(32, 'k')}};
  const auto text = sesame::detail::seal(given, sealer);
  const auto good = [&](const request_state& expected, auto when) {
    return sesame::detail::is_state_of(text, expected, when, sealer);
  };
  CHECK(good(given, now));
  CHECK(good(given, now + 99s));
  CHECK(!good(given, now + 100s));
  CHECK(!good(given, now + 1'000h));
  CHECK(!good({"Tool", "digest", "1:iann", 0}, now));
  CHECK(!good({"tool", "digesu", "1:iann", 0}, now));
  CHECK(!good({"tool", "digest", "1:ibob", 0}, now));
  CHECK(!good({"tool", "digest", "", 0}, now));
}

TEST_CASE("a state that was changed anywhere, cut or lengthened is none") {
  const sesame::auth::sealer sealer{secret{std::string(32, 'k')}};
  const auto text = sesame::detail::seal(given, sealer);
  const auto good = [&](std::string_view other) {
    return sesame::detail::is_state_of(other, given, now, sealer);
  };
  REQUIRE(good(text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'A', 'b', '-', '=', '\0', '\xff'}) {
      auto changed = text;
      if (changed[i] == c) continue;
      changed[i] = c;
      REQUIRE(!good(changed));
    }
    REQUIRE(!good(std::string_view{text}.substr(0, i)));
    REQUIRE(!good(std::string_view{text}.substr(i + 1)));
  }
  CHECK(!good(text + "A"));
  CHECK(!good("-TAMPERED"));
  CHECK(!good(text + "-TAMPERED"));
  CHECK(!good(std::string(100'000, 'A')));
}

TEST_CASE("a state tells nothing, and no two are alike") {
  const sesame::auth::sealer sealer{secret{std::string(32, 'k')}};
  const auto one = sesame::detail::seal(given, sealer);
  CHECK(one != sesame::detail::seal(given, sealer));
  CHECK(one.find("tool") == std::string::npos);
}

TEST_CASE("who has the key can go on with it, and nobody else") {
  const sesame::auth::sealer one{secret{std::string(32, 'k')}};
  const sesame::auth::sealer same{secret{std::string(32, 'k')}};
  const sesame::auth::sealer other{secret{std::string(32, 'l')}};
  const auto text = sesame::detail::seal(given, one);
  CHECK(sesame::detail::is_state_of(text, given, now, same));
  CHECK(!sesame::detail::is_state_of(text, given, now, other));
  // Nor is what the same key sealed for another purpose.
  CHECK(!sesame::detail::is_state_of(same.seal(R"({"tool":"tool"})", "something else"), given, now,
                                     same));
}

TEST_CASE("arguments are the same if they mean the same") {
  const auto digest = [](std::string_view text) {
    sesame::json::document document;
    const auto parsed = document.parse(text);
    REQUIRE(parsed);
    return sesame::detail::digest_of(sesame::json::as_object(*parsed));
  };
  CHECK(digest(R"({"a":1,"b":[{"x":1,"y":2}]})") ==
        digest(R"( { "b" : [ { "y" : 2 , "x" : 1 } ] , "a" : 1 } )"));
  CHECK(digest(R"({"a":"\u00e9"})") == digest(R"({"a":"é"})"));
  CHECK(digest("{}") == sesame::detail::digest_of(std::nullopt));
  CHECK(digest(R"({"a":1})") != digest(R"({"a":2})"));
  CHECK(digest(R"({"a":1})") != digest(R"({"a":"1"})"));
  CHECK(digest(R"({"a":[1,2]})") != digest(R"({"a":[2,1]})"));
  CHECK(digest(R"({"a":{}})") != digest(R"({"a":[]})"));
  CHECK(digest(R"({"a":null})") != digest("{}"));
  CHECK(digest(R"({"a\",\"b":1})") != digest(R"({"a":1,"b":1})"));
}

}  // namespace
