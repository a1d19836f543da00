// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/sse.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace sse_test {

using namespace sesame;
using namespace std::string_view_literals;

std::string written(const net::sse_event& what) {
  std::string out;
  CHECK(net::append_event(out, what));
  return out;
}
TEST_CASE("an event has its fields in lines and ends with an empty one") {
  CHECK(written({.data = "{}"}) == "data: {}\n\n");
  CHECK(written({.data = "x", .id = "7", .event = "message", .retry = std::chrono::seconds(2)}) ==
        "id: 7\nevent: message\nretry: 2000\ndata: x\n\n");
  CHECK(written({.data = "", .id = "1"}) == "id: 1\ndata: \n\n");
}

TEST_CASE("data is split at each kind of line end") {
  CHECK(written({.data = "a\nb\r\nc\rd"}) == "data: a\ndata: b\ndata: c\ndata: d\n\n");
  CHECK(written({.data = "a\n"}) == "data: a\ndata: \n\n");
  CHECK(written({.data = "\r\n\r\n"}) == "data: \ndata: \ndata: \n\n");
  CHECK(written({.data = "x\n\nevent: evil"}) == "data: x\ndata: \ndata: event: evil\n\n");
}

TEST_CASE("an id or a type that would make another event is refused") {
  std::string out = "kept";
  CHECK_FALSE(net::append_event(out, {.data = "x", .id = "1\ndata: evil"}));
  CHECK_FALSE(net::append_event(out, {.data = "x", .id = "1\0"sv}));
  CHECK_FALSE(net::append_event(out, {.data = "x", .event = "a\rb"}));
  CHECK(out == "kept");
}

TEST_CASE("a comment is ignored by clients, line by line") {
  std::string out;
  net::append_comment(out);
  CHECK(out == ":\n\n");
  out.clear();
  net::append_comment(out, "hi\ndata: evil");
  CHECK(out == ": hi\n: data: evil\n\n");
}

}  // namespace sse_test
