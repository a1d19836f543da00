// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_response_parser.hpp"

#include <cstddef>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http_response_parser_test {

using namespace sesame;
using net::http_error;
using net::http_limits;
using net::http_response_parser;
using namespace std::string_literals;

using status = http_response_parser::status;

/// What came of one input, as text: the response, or why there is none.
std::string outcome(const http_response_parser& parser, status now, bool ended) {
  if (now == status::failed) return "failed " + std::to_string(static_cast<int>(parser.error()));
  if (now == status::need_more && !(ended && parser.ends_here())) return "incomplete";
  const auto read = parser.response();
  auto text = std::to_string(read.status) + ";";
  for (const auto& [name, value] : read.fields)
    text.append(name).append("=").append(value).append(";");
  return text + read.body;
}

/// Feeds `input` in pieces of `size` bytes, each into fresh memory of exactly what is held, so that
/// a byte read too far is seen by ASan.
std::string feed(std::string_view input, std::size_t size, const http_limits& limits,
                 bool to_head) {
  http_response_parser parser(limits, to_head);
  std::vector<char> held;
  auto now = status::need_more;
  while (now == status::need_more && !input.empty()) {
    const auto piece = input.substr(0, size);
    std::vector<char> bytes;
    bytes.reserve(held.size() + piece.size());
    bytes.insert(bytes.end(), held.begin(), held.end());
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    held = std::move(bytes);
    input.remove_prefix(piece.size());
    auto count = held.size();
    now = parser.parse(held.data(), count);
    REQUIRE(count <= held.size());
    held.resize(count);
  }
  return outcome(parser, now, true);
}

/// The outcome of `input`, which must be the same whole and in pieces of any size.
std::string parse(std::string_view input, const http_limits& limits = {}, bool to_head = false) {
  CAPTURE(input);
  const auto whole = feed(input, input.size() + 1, limits, to_head);
  for (std::size_t size = 1; size < input.size() && size < 200; ++size) {
    CAPTURE(size);
    const auto pieces = feed(input, size, limits, to_head);
    REQUIRE(pieces == whole);
  }
  return whole;
}

std::string failed(http_error error) {
  return "failed " + std::to_string(static_cast<int>(error));
}

std::string ok(std::string_view rest) {
  return "HTTP/1.1 200 OK\r\n"s.append(rest);
}

TEST_CASE("a response is taken apart, whichever way its body is framed") {
  CHECK(parse(ok("Content-Length: 5\r\nX: a b \r\n\r\nhello")) ==
        "200;Content-Length=5;X=a b;hello");
  CHECK(parse(ok("Content-Length: 0\r\n\r\n")) == "200;Content-Length=0;");
  CHECK(
      parse(ok(
          "transfer-encoding: Chunked\r\n\r\n2\r\nhe\r\n3;x=\"y\"\r\nllo\r\n0\r\nT: 1\r\n\r\n")) ==
      "200;transfer-encoding=Chunked;hello");
  CHECK(parse(ok("\r\nuntil the end\r\n")) == "200;until the end\r\n");
  CHECK(parse("HTTP/1.0 404 \r\n\r\n") == "404;");
  CHECK(parse("HTTP/1.1 599 \xc3\xa9 \t!\r\n\r\n") == "599;");
}

TEST_CASE("what comes behind a complete response is left") {
  CHECK(parse(ok("Content-Length: 2\r\n\r\nokHTTP/1.1 500")) == "200;Content-Length=2;ok");
  CHECK(parse(ok("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\0\xff"s)) ==
        "200;Transfer-Encoding=chunked;");
}

TEST_CASE("answers to HEAD, and those with 204 and 304, have no body") {
  CHECK(parse(ok("Content-Length: 5\r\n\r\n"), {}, true) == "200;Content-Length=5;");
  CHECK(parse(ok("Transfer-Encoding: chunked\r\n\r\n"), {}, true) ==
        "200;Transfer-Encoding=chunked;");
  CHECK(parse("HTTP/1.1 204 No Content\r\n\r\nx") == "204;");
  CHECK(parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 999999999\r\n\r\n") ==
        "304;Content-Length=999999999;");
}

TEST_CASE("interim responses are skipped, but not a switch of protocols") {
  CHECK(parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
              ok("A: 1\r\nContent-Length: 1\r\n\r\nx")) == "200;A=1;Content-Length=1;x");
  CHECK(parse("HTTP/1.1 100 Continue\r\n\r\n") == "incomplete");
  CHECK(parse("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n") == failed(http_error::start_line));
  CHECK(parse("HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n") == failed(http_error::length));
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(parse(endless, {.fields_size = 1000}) == failed(http_error::fields_size));
}

TEST_CASE("a response that breaks off is incomplete") {
  const auto whole = ok("A: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(parse(whole.substr(0, size)) == "incomplete");
  CHECK(parse(ok("Content-Length: 5\r\n\r\nhell")) == "incomplete");
}

TEST_CASE("malformed status lines are refused") {
  for (const auto* line : {"",
                           "X",
                           "HTTP",
                           "HTTP/1.1",
                           "HTTP/1.1 ",
                           "HTTP/1.1 200",
                           "HTTP/1.1  200 OK",
                           "HTTP/1.1 20 OK",
                           "HTTP/1.1 2000 OK",
                           "HTTP/1.1 2x0 OK",
                           "HTTP/1.1 -20 OK",
                           "HTTP/1.1 099 OK",
                           "HTTP/1.1 600 OK",
                           "HTTP/1.1 200\tOK",
                           "HTTP/1.1 200 \x01",
                           "http/1.1 200 OK",
                           "HTTP/1.1\t200 OK",
                           "HTTPS/1.1 200 OK",
                           "HTTP/1,1 200 OK",
                           " HTTP/1.1 200 OK"})
    CHECK(parse(line + "\r\n\r\n"s) == failed(http_error::start_line));
  for (const auto* line : {"HTTP/2.0 200 OK", "HTTP/1.2 200 OK", "HTTP/0.9 200 OK"})
    CHECK(parse(line + "\r\n\r\n"s) == failed(http_error::version));
  CHECK(parse("HTTP/1.1 200 OK\n\n") == failed(http_error::line_end));
  CHECK(parse("\r\n" + ok("\r\n")) == failed(http_error::start_line));
  CHECK(parse("\x15\x03\x03") == failed(http_error::start_line));
}

TEST_CASE("framing that could be read in two ways is refused") {
  const struct {
    const char* fields;
    http_error why;
  } cases[] = {
      {"Content-Length: 5\r\nContent-Length: 5\r\n", http_error::length},
      {"Content-Length: 5, 5\r\n", http_error::length},
      {"Content-Length: +5\r\n", http_error::length},
      {"Content-Length: -1\r\n", http_error::length},
      {"Content-Length: 0x5\r\n", http_error::length},
      {"Content-Length:\r\n", http_error::length},
      {"Content-Length: 99999999999999999999\r\n", http_error::length},
      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", http_error::length},
      {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", http_error::length},
      {"Transfer-Encoding: gzip, chunked\r\n", http_error::transfer_coding},
      {"Transfer-Encoding: identity\r\n", http_error::transfer_coding},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
       http_error::transfer_encoding},
      {"Content-Length : 5\r\n", http_error::field},
      {"A: 1\r\n folded\r\n", http_error::field},
      {"no colon\r\n", http_error::field},
      {"A: \x01\r\n", http_error::field},
      {"A: 1\n", http_error::line_end},
  };
  for (const auto& [fields, why] : cases) CHECK(parse(ok(fields + "\r\nhello"s)) == failed(why));
  CHECK(parse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        failed(http_error::transfer_encoding));
  for (const auto* chunks : {"x\r\n", "\r\n", "-1\r\n", "1\r\nxx\r\n", "1\r\nx\n", "0x1\r\nx\r\n",
                             "1 \r\nx\r\n", "ffffffffffffffff\r\n", "1\r\nx0\r\n\r\n"})
    CHECK(parse(ok("Transfer-Encoding: chunked\r\n\r\n"s + chunks)) == failed(http_error::chunk));
}

TEST_CASE("limits are exact") {
  const http_limits limits{.request_line = 40, .field_count = 3, .fields_size = 100, .body = 10};
  CHECK(parse("HTTP/1.1 200 " + std::string(27, 'x') + "\r\n\r\n", limits) == "200;");
  CHECK(parse("HTTP/1.1 200 " + std::string(28, 'x') + "\r\n\r\n", limits) ==
        failed(http_error::start_line_size));
  CHECK(parse("HTTP/1.1 200 " + std::string(100, 'x'), limits) ==
        failed(http_error::start_line_size));
  CHECK(parse(ok("A: 1\r\nB: 2\r\nC: 3\r\n\r\n"), limits) == "200;A=1;B=2;C=3;");
  CHECK(parse(ok("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n"), limits) ==
        failed(http_error::fields_size));
  // 17 of the status line with its line end, 5 of name, colon, space and line end
  CHECK(parse(ok("A: " + std::string(78, 'x') + "\r\n\r\n"), limits) ==
        "200;A=" + std::string(78, 'x') + ";");
  CHECK(parse(ok("A: " + std::string(79, 'x') + "\r\n\r\n"), limits) ==
        failed(http_error::fields_size));
  CHECK(parse(ok("Content-Length: 10\r\n\r\n0123456789"), limits) ==
        "200;Content-Length=10;0123456789");
  CHECK(parse(ok("Content-Length: 11\r\n\r\n"), limits) == failed(http_error::body_size));
  CHECK(parse(ok("\r\n0123456789"), limits) == "200;0123456789");
  CHECK(parse(ok("\r\n0123456789a"), limits) == failed(http_error::body_size));
  const auto chunked = ok("Transfer-Encoding: chunked\r\n\r\n");
  CHECK(parse(chunked + "9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n", limits) ==
        "200;Transfer-Encoding=chunked;0123456789");
  CHECK(parse(chunked + "9\r\n012345678\r\n2\r\n", limits) == failed(http_error::body_size));
}

TEST_CASE("all bytes of a connection can be read at once") {
  const auto read = net::parse_response(ok("X: 1\r\n\r\nbody"));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->status == 200);
  CHECK((*read)->field("x") == "1");
  CHECK((*read)->field("y") == std::nullopt);
  CHECK((*read)->body == "body");
  const auto partial = net::parse_response("HTTP/1.1 200 OK\r\n");
  REQUIRE(partial);
  CHECK_FALSE(*partial);
  const auto wrong = net::parse_response("nonsense");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error() == http_error::start_line);
}

}  // namespace http_response_parser_test
