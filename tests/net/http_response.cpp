// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_response.hpp"

#include <asio/io_context.hpp>

#include <doctest/doctest.h>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace http_response_test {

using namespace sesame;
using net::http_response;
using inside = net::detail::response_access;
using namespace std::string_view_literals;

struct scripted_channel final : net::detail::response_channel {
  asio::io_context context{1};
  bool gone = false;
  std::string stream;
  std::function<void()> called_soon;

  asio::any_io_executor executor() override { return context.get_executor(); }
  bool begin_stream(std::string_view) override { return !gone; }
  bool write_stream(std::string_view bytes) override {
    stream += bytes;
    return !gone;
  }
  void call_soon(std::function<void()> call) override { called_soon = std::move(call); }
  [[nodiscard]] bool disconnected() const override { return gone; }
  [[nodiscard]] bool stopping() const override { return false; }
};
TEST_CASE("header fields are added as they are, without white space around them") {
  scripted_channel channel;
  http_response response(channel);
  CHECK(response.add("Content-Type", "application/json"));
  CHECK(response.add("X-Empty", ""));
  CHECK(response.add("x-utf8", " \xc3\xb6\t"));
  CHECK(inside::fields(response) ==
        "Content-Type: application/json\r\nX-Empty: \r\nx-utf8: \xc3\xb6\r\n");
}

TEST_CASE("no value can split a response, and no name either") {
  scripted_channel channel;
  http_response response(channel);
  for (const auto value : {"a\r\nSet-Cookie: evil"sv, "a\nb"sv, "a\rb"sv, "\r\n"sv, "a\0b"sv,
                           "a\x7f"sv, "\x1b[0m"sv, "12345678\n"sv, "1234567\x01"sv})
    CHECK_FALSE(response.add("X-Value", value));
  for (const auto name : {""sv, "a b"sv, "a:"sv, "a\r\nb"sv, "\xc3\xb6"sv, "a\0"sv})
    CHECK_FALSE(response.add(name, "x"));
  CHECK_FALSE(response.begin_stream("text/plain\r\nX: y"));
  CHECK(inside::fields(response).empty());
}

TEST_CASE("what the connection writes itself cannot be added") {
  scripted_channel channel;
  http_response response(channel);
  for (const auto name : {"Content-Length", "transfer-encoding", "CONNECTION", "Date"})
    CHECK_FALSE(response.add(name, "5"));
  CHECK(inside::fields(response).empty());
}

TEST_CASE("an event stream tells proxies and caches to let it through") {
  scripted_channel channel;
  http_response response(channel);
  CHECK_FALSE(response.write("too early"));
  CHECK(response.begin_stream("text/event-stream; charset=utf-8"));
  CHECK(inside::fields(response) ==
        "Content-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
        "X-Accel-Buffering: no\r\n");
  CHECK(response.streaming());
  CHECK_FALSE(response.begin_stream("text/plain"));
  CHECK(response.write("x"));
  CHECK(channel.stream == "x");
}

TEST_CASE("the callbacks are called once, and soon if it is too late") {
  scripted_channel channel;
  http_response response(channel);
  int told = 0;
  response.on_disconnect([&] { ++told; });
  inside::tell_disconnect(response);
  inside::tell_disconnect(response);
  CHECK(told == 1);
  channel.gone = true;
  response.on_disconnect([&] { ++told; });
  CHECK(told == 1);
  REQUIRE(channel.called_soon);
  channel.called_soon();
  CHECK(told == 2);
  inside::reset(response, 0);
  CHECK(inside::fields(response).empty());
}

}  // namespace http_response_test
