// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http_sse.hpp"

#include "transport/support.hpp"
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>

namespace http_sse_test {

using namespace transport_test;

sesame::http_transport_options with_sse(std::string public_url = {}) {
  sesame::http_transport_options options;
  options.sse_path = "/sse";
  options.public_url = std::move(public_url);
  return options;
}

std::string opening(std::string_view more = "", std::string_view host = "localhost") {
  return "GET /sse HTTP/1.1\r\nHost: " + std::string{host} + "\r\nAccept: text/event-stream\r\n" +
         std::string{more} + "\r\n";
}

// A client of 2024-11-05.
struct old_client {
  explicit old_client(std::uint16_t to, std::string more = "", int receive_buffer = 0)
      : port(to), fields(std::move(more)), stream(to, opening(fields), receive_buffer) {
    const auto first = stream.next();
    REQUIRE(first);
    CHECK(first->type == "endpoint");
    place = first->data;
  }
  [[nodiscard]] std::string text(std::string_view message) const {
    auto request = http_post(message, fields);
    return request.replace(0, 9, "POST /sse" + place);
  }
  [[nodiscard]] int post(std::string_view message) const {
    return client{port}.ask(text(message)).status;
  }
  std::string ask(std::string_view message) {
    CHECK(post(message) == 202);
    return stream.message();
  }
  void open() {
    CHECK(text_at(ask(initialize("2024-11-05")), "/result/protocolVersion") == "2024-11-05");
    CHECK(post(notification("notifications/initialized")) == 202);
  }

  std::uint16_t port;
  std::string fields;
  event_stream stream;
  std::string place;
};

TEST_CASE("the old transport is there where it is asked for, at its own path") {
  open_server without;
  CHECK(without.ask(opening("Connection: close\r\n")).status == 404);
  open_server server{with_sse()};
  CHECK(server.ask(net_test::get("/sse", "Accept: text/html\r\n")).status == 406);
  CHECK(server.ask("DELETE /sse HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 405);
  CHECK(server.ask("OPTIONS /sse HTTP/1.1\r\nHost: localhost\r\n\r\n").field("Allow") ==
        "GET, POST, OPTIONS");
  CHECK(server.ask(opening("", "evil.example")).status == 403);
  CHECK(server.ask(opening("Origin: http://evil.example\r\n")).status == 403);
  // Beside the endpoint of today.
  CHECK(said(server.ask(http_call("echo", R"({"text":"tea"})")).body) == "tea");
}

TEST_CASE("a stream says where to send messages, and brings the answers") {
  open_server server{with_sse()};
  old_client one{server.http.port()};
  CHECK(one.place.starts_with("?session_id="));
  CHECK(one.place.size() > 40);
  one.open();
  CHECK(said(one.ask(session_call(1, "echo", R"({"text":"tea"})"))) == "tea");
  CHECK(said(one.ask(session_call(2, "later", R"({"text":"tea"})"))) == "tea");
  CHECK(at(one.ask("{"), "/error/code") == "-32700");
  auto other_type = http_post(request(3, "ping"), "", "text/plain");
  CHECK(server.ask(other_type.replace(0, 9, "POST /sse" + one.place)).status == 415);

  server.server.tools_changed();
  CHECK(text_at(one.stream.message(), "/method") == "notifications/tools/list_changed");

  CHECK(one.post(session_call(3, "tell_later", "{}", R"("_meta":{"progressToken":"p"})")) == 202);
  CHECK(at(one.stream.message(), "/params/progress") == "1");
  server.seen->go_on = true;
  CHECK(at(one.stream.message(), "/params/progress") == "2");
  CHECK(said(one.stream.message()) == "told");
}

TEST_CASE("messages for no stream are refused") {
  open_server server{with_sse()};
  old_client one{server.http.port()};
  for (const auto place : {"", "?", "?session_id=", "?session_id=x", "?other=x"}) {
    auto request = http_post(notification("x"));
    request.replace(0, 9, "POST /sse" + std::string{place});
    CHECK(server.ask(request).status == 404);
  }
  const auto text = one.text(notification("x"));
  CHECK(server.ask(text).status == 202);
  one.stream.from.close();
  for (int i = 0; i < 1000; ++i)
    if (server.ask(text).status == 404) return;
  FAIL("the stream stays");
}

TEST_CASE("a client that leaves cancels all that it asked for") {
  open_server server{with_sse()};
  {
    old_client one{server.http.port()};
    one.open();
    CHECK(one.post(session_call(1, "wait")) == 202);
    CHECK(server.seen->begun.await());
  }
  CHECK(server.seen->ended.await());
}

TEST_CASE("a stream takes messages of its own caller alone, by the token of the request") {
  mixed_server server{with_sse("https://mcp.example/mcp")};
  const auto token = server.issuer.mint({.subject = "ann", .scopes = "records:read me"});
  const auto ann = bearer(token);
  const auto bob = bearer(server.issuer.mint({.subject = "bob"}));
  old_client one{server.http.port(), ann};
  one.open();
  CHECK(said(one.ask(session_call(1, "read"))) == "ann");
  const auto status = [&](const std::string& fields) {
    auto request = http_post(session_call(2, "who"), fields);
    return server.ask(request.replace(0, 9, "POST /sse" + one.place)).status;
  };
  CHECK(status(bob) == 404);
  CHECK(status("") == 404);
  CHECK(status("Authorization: Bearer x\r\n") == 401);
  CHECK(server.ask(opening("Authorization: Bearer x\r\n")).status == 401);

  // A token elsewhere is nothing that is looked at.
  old_client nobody{server.http.port()};
  nobody.open();
  CHECK(said(nobody.ask(session_call(1, "who", "{}",
                                     R"("_meta":{)" + authorization(token) + "}"))) == "nobody");
  CHECK(at(nobody.ask(session_call(2, "read")), "/error/code") == "401");
}

TEST_CASE("a large answer leaves, and a client that reads nothing loses its stream") {
  auto options = with_sse();
  options.server.stream_buffer = 4096;
  open_server server{options};
  old_client one{server.http.port(), "", 4096};
  one.open();
  CHECK(said(one.ask(session_call(1, "much", R"({"bytes":300000})"))).size() == 300'000);
}

TEST_CASE("the streams end when the server stops") {
  open_server server{with_sse()};
  old_client one{server.http.port()};
  server.http.server.stop();
  CHECK(one.stream.ended());
  CHECK(server.http.ended.await());
}

}  // namespace http_sse_test
