// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/request_state.hpp"

#include <chrono>
#include <cstddef>
#include <doctest/doctest.h>
#include <list>
#include <string>
#include <string_view>
#include <utility>

namespace request_state_test {

using namespace std::chrono_literals;
using sesame::secret;
using sesame::detail::request_state;

const auto now = std::chrono::system_clock::time_point{1'800'000'000s};
using sesame::detail::request_identity;

// The arguments are views, so the documents stay.
request_identity request(std::string_view method = "tools/call", std::string_view target = "tool",
                         std::string caller = "1:iann", std::string_view arguments = "{}") {
  static std::list<sesame::json::document> documents;
  const auto parsed = documents.emplace_back().parse(arguments);
  REQUIRE(parsed);
  return {method, target, std::move(caller), sesame::json::as_object(*parsed)};
}

const request_state given{1'800'000'100, {{"name", R"({"action":"cancel"})"}}};

TEST_CASE("a state is good for its request, its caller and its time") {
  const sesame::auth::sealer sealer{secret{std::string(32, 'k')}};
  const auto text = sesame::detail::seal(given, request(), sealer);
  const auto good = [&](const request_identity& expected, auto when) {
    return sesame::detail::open(text, expected, when, sealer).has_value();
  };
  CHECK(good(request(), now));
  CHECK(good(request(), now + 99s));
  CHECK(!good(request(), now + 100s));
  CHECK(!good(request(), now + 1'000h));
  CHECK(!good(request("prompts/get"), now));
  CHECK(!good(request("tools/call", "Tool"), now));
  CHECK(!good(request("tools/call", "tool", "1:ibob"), now));
  CHECK(!good(request("tools/call", "tool", ""), now));
  CHECK(!good(request("tools/call", "tool", "1:iann", R"({"a":1})"), now));
  CHECK(sesame::detail::open(text, request(), now, sealer)->answers == given.answers);
}

TEST_CASE("a state that was changed anywhere, cut or lengthened is none") {
  const sesame::auth::sealer sealer{secret{std::string(32, 'k')}};
  const auto text = sesame::detail::seal(given, request(), sealer);
  const auto same = request();
  const auto good = [&](std::string_view other) {
    return sesame::detail::open(other, same, now, sealer).has_value();
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
  const auto one = sesame::detail::seal(given, request(), sealer);
  CHECK(one != sesame::detail::seal(given, request(), sealer));
  CHECK(one.find("cancel") == std::string::npos);
}

TEST_CASE("who has the key can go on with it, and nobody else") {
  const sesame::auth::sealer one{secret{std::string(32, 'k')}};
  const sesame::auth::sealer same{secret{std::string(32, 'k')}};
  const sesame::auth::sealer other{secret{std::string(32, 'l')}};
  const auto text = sesame::detail::seal(given, request(), one);
  CHECK(sesame::detail::open(text, request(), now, same));
  CHECK(!sesame::detail::open(text, request(), now, other));
  // Nor is what the same key sealed for another purpose.
  CHECK(!sesame::detail::open(same.seal(R"({"expires":1800000100,"answers":{}})", "something else"),
                              request(), now, same));
}

TEST_CASE("requests are the same if they mean the same") {
  const auto text = [](std::string_view arguments) {
    return request("tools/call", "tool", "", arguments).text();
  };
  CHECK(text(R"({"a":1,"b":[{"x":1,"y":2}]})") ==
        text(R"( { "b" : [ { "y" : 2 , "x" : 1 } ] , "a" : 1 } )"));
  CHECK(text(R"({"a":"\u00e9"})") == text(R"({"a":"é"})"));
  CHECK(text("{}") == request_identity{"tools/call", "tool", "", std::nullopt}.text());
  CHECK(text(R"({"a":1})") != text(R"({"a":2})"));
  CHECK(text(R"({"a":1})") != text(R"({"a":"1"})"));
  CHECK(text(R"({"a":[1,2]})") != text(R"({"a":[2,1]})"));
  CHECK(text(R"({"a":{}})") != text(R"({"a":[]})"));
  CHECK(text(R"({"a":null})") != text("{}"));
  CHECK(text(R"({"a\",\"b":1})") != text(R"({"a":1,"b":1})"));
  // Where one part ends and the next begins cannot be played with.
  CHECK(request("tools/call", "a\",\"b", "c").text() !=
        request("tools/call", "a", "b\",\"c").text());
}

}  // namespace request_state_test
