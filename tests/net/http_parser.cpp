// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_parser.hpp"

#include <cstddef>
#include <cstring>
#include <doctest/doctest.h>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http_parser_test {

using namespace sesame;
using net::http_error;
using net::http_limits;
using net::http_parser;
using namespace std::string_literals;

/// What came of one input: everything a caller could see, as values.
struct outcome {
  http_parser::status status = http_parser::status::need_more;
  std::optional<http_error> error{};
  std::string method{}, target{}, host{}, path{}, query{}, body{}, fields{}, rest{};
  int minor_version = 1;
  bool keep_alive = true;

  bool operator==(const outcome&) const = default;
};

/// Feeds `input` in pieces that end at each of `cuts`. Every piece moves the bytes to fresh memory
/// of exactly their size, so that a view kept too long or a byte read too far is seen by ASan.
outcome feed(std::string_view input, const std::vector<std::size_t>& cuts,
             const http_limits& limits) {
  http_parser parser(limits);
  parser.reset();
  net::http_request request;
  outcome seen;
  std::vector<char> held;
  std::size_t from = 0;
  for (const auto cut : cuts) {
    std::vector<char> bytes;
    bytes.reserve(held.size() + cut - from);
    bytes.insert(bytes.end(), held.begin(), held.end());
    bytes.insert(bytes.end(), input.begin() + static_cast<std::ptrdiff_t>(from),
                 input.begin() + static_cast<std::ptrdiff_t>(cut));
    bytes.shrink_to_fit();
    held = std::move(bytes);
    from = cut;
    auto size = held.size();
    seen.status = parser.parse(held.data(), size, request);
    REQUIRE(size <= held.size());
    held.resize(size);
    if (seen.status != http_parser::status::need_more) break;
  }
  if (seen.status == http_parser::status::failed) seen.error = parser.error();
  if (seen.status != http_parser::status::complete) return seen;
  seen.method = request.method;
  seen.target = request.target;
  seen.host = request.host;
  seen.path = request.path;
  seen.query = request.query;
  seen.body = request.body;
  for (const auto& [name, value] : request.fields)
    seen.fields.append(name).append("=").append(value).append(";");
  seen.minor_version = request.minor_version;
  seen.keep_alive = parser.keep_alive();
  REQUIRE(parser.consumed() <= held.size());
  seen.rest.assign(held.begin() + static_cast<std::ptrdiff_t>(parser.consumed()), held.end());
  seen.rest += input.substr(from);
  return seen;
}

/// The outcome of `input`, which must be the same whole, byte by byte, and split at each position.
outcome parse(std::string_view input, const http_limits& limits = {}) {
  const auto whole = feed(input, {input.size()}, limits);
  std::vector<std::size_t> each;
  for (std::size_t i = 1; i <= input.size(); ++i) each.push_back(i);
  CHECK(feed(input, each, limits) == whole);
  if (input.size() < 4096)
    for (std::size_t i = 1; i < input.size(); ++i) {
      const bool same = feed(input, {i, input.size()}, limits) == whole;
      CAPTURE(i);
      REQUIRE(same);
    }
  return whole;
}

std::optional<http_error> refusal(std::string_view input, const http_limits& limits = {}) {
  CAPTURE(input);
  return parse(input, limits).error;
}

std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: h\r\n"s.append(fields) + "\r\n";
}
std::string post(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: h\r\n"s.append(fields) + "\r\n" + std::string(body);
}
std::string chunked(std::string_view body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

TEST_CASE("a request is taken apart, and what follows it is left") {
  const auto read = parse(
      "POST /a/b%20c?x=1&y HTTP/1.1\r\nHost: example.com:8080\r\nAccept:text/plain\r\n"
      "X-Space:  \t a b \t \r\nX-Empty:\r\nContent-Length: 5\r\n\r\nhelloGET /next");
  CHECK(read.status == http_parser::status::complete);
  CHECK(read.method == "POST");
  CHECK(read.target == "/a/b%20c?x=1&y");
  CHECK(read.path == "/a/b%20c");
  CHECK(read.query == "x=1&y");
  CHECK(read.host == "example.com:8080");
  CHECK(read.body == "hello");
  CHECK(read.fields ==
        "Host=example.com:8080;Accept=text/plain;X-Space=a b;X-Empty=;Content-Length=5;");
  CHECK(read.rest == "GET /next");
  CHECK(read.minor_version == 1);
  CHECK(read.keep_alive);
}

TEST_CASE("an incomplete request waits for more") {
  const auto full = post("Content-Length: 3\r\n", "abc");
  for (std::size_t size = 0; size < full.size(); ++size)
    CHECK(feed(full, {size}, {}).status == http_parser::status::need_more);
}

TEST_CASE("chunks are joined, extensions and trailers dropped") {
  const auto read = parse(
      chunked("5\r\nhello\r\n1;name=value\r\n,\r\n0006 ; q=\"x y\"\r\n world\r\nA\r\n0123456789\r\n"
              "0;last\r\nX-Trailer: t\r\nHost: ignored\r\n\r\nnext"));
  CHECK(read.status == http_parser::status::complete);
  CHECK(read.body == "hello, world0123456789");
  CHECK(read.fields == "Host=h;Transfer-Encoding=chunked;");
  CHECK(read.rest == "next");
  CHECK(parse(chunked("0\r\n\r\nx")).rest == "x");
  CHECK(parse(post("transfer-encoding: Chunked\r\n", "1\r\nx\r\n0\r\n\r\n")).body == "x");
}

TEST_CASE("a body in many small chunks takes no more room than in one") {
  std::string framed;
  for (int i = 0; i < 2000; ++i) framed += "1;some-extension\r\nx\r\n";
  const auto head = chunked("");
  http_parser parser({.fields_size = 1 << 20});
  parser.reset();
  net::http_request request;
  std::string held;
  std::size_t most = 0;
  for (const char c : head + framed) {
    held += c;
    auto size = held.size();
    REQUIRE(parser.parse(held.data(), size, request) == http_parser::status::need_more);
    held.resize(size);
    most = std::max(most, size);
  }
  CHECK(most < head.size() + 2000 + 32);
}

TEST_CASE("the forms of a request target") {
  const auto with_target = [](std::string_view target, std::string_view method = "GET") {
    return parse(std::string(method).append(" ").append(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
  };
  CHECK(with_target("/").path == "/");
  CHECK(with_target("/?").query.empty());
  CHECK(with_target("//evil.example/x").path == "//evil.example/x");
  CHECK(with_target("//evil.example/x").host == "h");
  CHECK(with_target("*", "OPTIONS").path == "*");
  // absolute-form takes precedence over Host (RFC 9112, section 3.2.2)
  const auto absolute = with_target("http://Other.example:81/a?b");
  CHECK(absolute.host == "Other.example:81");
  CHECK(absolute.path == "/a");
  CHECK(absolute.query == "b");
  CHECK(with_target("HTTPS://[::1]").path == "/");
  CHECK(with_target("http://o?q").path == "/");
  CHECK(with_target("http://o?q").query == "q");
  for (const auto* target : {"*",
                             "x",
                             "h:80",
                             "http://",
                             "http://u@h/",
                             "http:///x",
                             "ftp://h/",
                             "http:/x",
                             "/a#b",
                             "/%",
                             "/%2",
                             "/%zz",
                             "/\"",
                             "/<",
                             "/\\",
                             "/^",
                             "/`",
                             "/{",
                             "/|",
                             "/[",
                             "/\x80",
                             "/\x01",
                             "/\x7f",
                             "/a\tb",
                             "http://h:99999/",
                             "javascript:alert(1)"}) {
    CAPTURE(target);
    CHECK(with_target(target).error == http_error::target);
  }
  CHECK(with_target("h:443", "CONNECT").error == http_error::method);
  CHECK(with_target("/", "PATCH").method == "PATCH");
}

TEST_CASE("malformed request lines are refused") {
  const auto line = [](std::string_view text) {
    return refusal(std::string(text) + "\r\nHost: h\r\n\r\n");
  };
  for (const auto* text : {"GET",
                           "GET /",
                           "GET  / HTTP/1.1",
                           "GET / HTTP/1.1 ",
                           "GET /  HTTP/1.1",
                           " GET / HTTP/1.1",
                           "GET / http/1.1",
                           "GET / HTTP/1",
                           "GET / HTTP/1.10",
                           "GET / HTTP/x.1",
                           "GET / HTTP/1.x",
                           "GET / HTTP/1,1",
                           "GET / HTTPS/1.1",
                           "G@T / HTTP/1.1",
                           "GET\t/ HTTP/1.1",
                           "GET /\tHTTP/1.1",
                           "GET / a HTTP/1.1",
                           "(GET) / HTTP/1.1",
                           "GET / HTTP/1.1\r",
                           "\x16\x03\x01",
                           "GET /a b HTTP/1.1",
                           ":",
                           "GET / HTTP/1.1\x0b"}) {
    CAPTURE(text);
    CHECK(line(text) == http_error::start_line);
  }
  CHECK(refusal("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n"s) == http_error::target);
  for (const auto* text :
       {"GET / HTTP/2.0", "GET / HTTP/1.2", "GET / HTTP/0.9", "GET / HTTP/3.1", "PRI * HTTP/2.0"})
    CHECK(line(text) == http_error::version);
}

TEST_CASE("one empty line before a request is skipped, no more") {
  CHECK(parse("\r\n" + get("")).status == http_parser::status::complete);
  CHECK(refusal("\r\n\r\n" + get("")) == http_error::start_line);
  CHECK(refusal("\n" + get("")) == http_error::start_line);
  CHECK(refusal("\rGET / HTTP/1.1\r\n") == http_error::start_line);
}

TEST_CASE("a line that ends without CR, or holds one, is refused") {
  CHECK(refusal("GET / HTTP/1.1\nHost: h\r\n\r\n") == http_error::line_end);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: h\n\r\n") == http_error::line_end);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: h\r\n\n") == http_error::line_end);
  CHECK(refusal(get("A: b\rc\r\n")) == http_error::field);
  CHECK(refusal(get("A: b\r\r\n")) == http_error::field);
  CHECK(refusal(get("\rA: b\r\n")) == http_error::field);
  CHECK(refusal(get("A: b\rTransfer-Encoding: chunked\r\n")) == http_error::field);
  CHECK(refusal(get("A: b\nTransfer-Encoding: chunked\r\n")) == http_error::line_end);
}

TEST_CASE("malformed fields are refused") {
  for (const auto& field : {"A : b"s, "A\t: b"s, " A: b"s, "\tA: b"s, ": b"s, "A"s, "A b: c"s,
                            "A(: b"s, "\xc3\xb6: b"s, "A: \x01"s, "A: b\0c"s, "A: \x7f"s,
                            "A: \x0b"
                            "chunked"s,
                            "A: 12345678\x1f"s, "A: 1234567\x7f"s, "A\0: b"s, "A: \b"s}) {
    CAPTURE(field);
    CHECK(refusal(get(field + "\r\n")) == http_error::field);
  }
  // obs-fold
  CHECK(refusal(get("A: b\r\n c\r\n")) == http_error::field);
  CHECK(refusal(get("A: b\r\n\tTransfer-Encoding: chunked\r\n")) == http_error::field);
  // every byte that may be in a value, at every place of an eight-byte word
  for (int c = 0; c < 256; ++c)
    for (std::size_t at = 0; at < 9; ++at) {
      std::string value(9, 'v');
      value[at] = static_cast<char>(c);
      const bool fine = c == '\t' || (c >= 0x20 && c != 0x7f);
      CHECK(net::detail::is_field_value(value) == fine);
    }
  CHECK(parse(get("A: tab\there \xff!\r\n")).fields == "Host=h;A=tab\there \xff!;");
}

TEST_CASE("Host has to be there once, and to be a host") {
  CHECK(refusal("GET / HTTP/1.1\r\n\r\n") == http_error::host);
  CHECK(refusal("GET http://h/ HTTP/1.1\r\n\r\n") == http_error::host);
  CHECK(refusal(get("Host: h\r\n")) == http_error::host);
  CHECK(refusal(get("hOST: other\r\n")) == http_error::host);
  for (const auto* host :
       {"", "a b", "a,b", "u@h", "h:", "h:x", "h:70000", "h/", "[::1", "::1", "h\\", "h?"}) {
    CAPTURE(host);
    CHECK(refusal("GET / HTTP/1.1\r\nHost: "s + host + "\r\n\r\n") == http_error::host);
  }
  CHECK(parse("GET / HTTP/1.0\r\n\r\n").status == http_parser::status::complete);
  CHECK(parse("GET / HTTP/1.0\r\n\r\n").host.empty());
  CHECK(refusal("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == http_error::host);
}

TEST_CASE("ambiguous lengths are refused") {
  for (const auto* fields :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\ncontent-length: 1\r\n", "Content-Length: 1, 1\r\n",
        "Content-Length:\r\n", "Content-Length: +1\r\n", "Content-Length: -1\r\n",
        "Content-Length: 1 1\r\n", "Content-Length: 0x1\r\n", "Content-Length: 1.0\r\n",
        "Content-Length: 1e1\r\n", "Content-Length: 18446744073709551617\r\n",
        "Content-Length: 99999999999999999999999999999\r\n", "Content-Length: \"1\"\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"}) {
    CAPTURE(fields);
    CHECK(refusal(post(fields, "0\r\n\r\n")) == http_error::length);
  }
  CHECK(parse(post("Content-Length: 0003\r\n", "abc")).body == "abc");
}

TEST_CASE("only chunked, once, in HTTP/1.1") {
  for (const auto* coding :
       {"gzip", "identity", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked",
        "chunked;q=1", "\"chunked\"", "chunked,", ",chunked"}) {
    CAPTURE(coding);
    CHECK(refusal(post("Transfer-Encoding: "s + coding + "\r\n", "0\r\n\r\n")) ==
          http_error::transfer_coding);
  }
  CHECK(refusal(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "")) ==
        http_error::transfer_encoding);
  CHECK(refusal(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "")) ==
        http_error::transfer_encoding);
  CHECK(refusal(post("Transfer-Encoding:\r\n", "")) == http_error::transfer_encoding);
  CHECK(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        http_error::transfer_encoding);
  // not our field, and so no framing
  CHECK(parse(post("Transfer_Encoding: chunked\r\n", "x")).rest == "x");
}

TEST_CASE("malformed chunks are refused") {
  for (const auto* body : {"\r\n",
                           "x\r\n",
                           "-1\r\n",
                           "+1\r\nx",
                           "0x1\r\nx",
                           " 1\r\nx\r\n",
                           "1 \r\nx\r\n",
                           "1 x\r\nx\r\n",
                           "1\t\r\n",
                           "1\r\nxy\r\n",
                           "1\r\nx\n0",
                           "1\r\nx\r0",
                           "1\r\nx\rX",
                           "1\r\n\r\n\r\n0\r\n\r\n0",
                           "1;\x01\r\nx\r\n",
                           "1;a\rb\r\nx\r\n",
                           "1\r\r\nx",
                           "10000000000000000\r\n",
                           "000000000000000000001\r\nx",
                           "ffffffffffffffff\r\n"}) {
    CAPTURE(body);
    CHECK(refusal(chunked(body)) == http_error::chunk);
  }
  CHECK(refusal(chunked("1\nx\r\n")) == http_error::line_end);
  CHECK(refusal(chunked("1;a\nx\r\n")) == http_error::line_end);
  CHECK(refusal(chunked("0\r\n\n")) == http_error::line_end);
  CHECK(refusal(chunked("0\r\nBad Trailer: x\r\n\r\n")) == http_error::field);
  CHECK(refusal(chunked("0\r\nA: b\r\n fold\r\n\r\n")) == http_error::field);
  CHECK(refusal(chunked("1;" + std::string(300, 'x') + "\r\nx\r\n")) == http_error::chunk);
  std::string many;
  for (int i = 0; i < 10; ++i) many += "1;" + std::string(100, 'x') + "\r\nx\r\n";
  CHECK(refusal(chunked(many), {.fields_size = 512}) == http_error::chunk);
}

TEST_CASE("limits are exact") {
  const http_limits limits{.request_line = 64, .field_count = 3, .fields_size = 128, .body = 10};
  const auto line = [](std::size_t size) {
    return "GET /" + std::string(size - 14, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  CHECK(parse(line(64), limits).status == http_parser::status::complete);
  CHECK(refusal(line(65), limits) == http_error::start_line_size);
  CHECK(refusal(std::string(100, 'G'), limits) == http_error::start_line_size);

  CHECK(parse(get("A: 1\r\nB: 2\r\n"), limits).status == http_parser::status::complete);
  CHECK(refusal(get("A: 1\r\nB: 2\r\nC: 3\r\n"), limits) == http_error::fields_size);

  const auto sized = [](std::size_t size) {  // all field lines together
    return get("A: " + std::string(size - 9 - 5, 'x') + "\r\n");
  };
  CHECK(parse(sized(128), limits).status == http_parser::status::complete);
  CHECK(refusal(sized(129), limits) == http_error::fields_size);
  CHECK(refusal(get("A: " + std::string(500, 'x')), limits) == http_error::fields_size);

  CHECK(parse(post("Content-Length: 10\r\n", "0123456789"), limits).body.size() == 10);
  CHECK(refusal(post("Content-Length: 11\r\n", ""), limits) == http_error::body_size);
  CHECK(refusal(post("Content-Length: 9999999999999999999\r\n", ""), limits) ==
        http_error::body_size);
  CHECK(parse(chunked("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"), limits).body == "0123456789");
  CHECK(refusal(chunked("5\r\n01234\r\n6\r\n"), limits) == http_error::body_size);
  CHECK(refusal(chunked("fffffffffffffff\r\n"), limits) == http_error::body_size);
  // trailers count like fields
  CHECK(refusal(chunked("0\r\nA: 1\r\nB: 2\r\n\r\n"), limits) == http_error::fields_size);
  CHECK(refusal(chunked("0\r\nA: " + std::string(100, 'x') + "\r\n\r\n"), limits) ==
        http_error::fields_size);
}

TEST_CASE("who keeps the connection") {
  const auto keeps = [](std::string_view version, std::string_view fields) {
    return parse("GET / HTTP/1."s.append(version) + "\r\nHost: h\r\n" + std::string(fields) +
                 "\r\n")
        .keep_alive;
  };
  CHECK(keeps("1", ""));
  CHECK_FALSE(keeps("1", "Connection: close\r\n"));
  CHECK_FALSE(keeps("1", "Connection: keep-alive, CLOSE\r\n"));
  CHECK_FALSE(keeps("1", "Connection: keep-alive\r\nConnection: close\r\n"));
  CHECK(keeps("1", "Connection: upgrade, closed\r\n"));
  CHECK_FALSE(keeps("0", ""));
  CHECK(keeps("0", "Connection: Keep-Alive\r\n"));
  CHECK_FALSE(keeps("0", "Connection: keep-alive, close\r\n"));
}

TEST_CASE("the one expectation that is known is told while no body has come") {
  const auto wants = [](std::string_view input) {
    http_parser parser;
    parser.reset();
    net::http_request request;
    std::string held(input);
    auto size = held.size();
    REQUIRE(parser.parse(held.data(), size, request) == http_parser::status::need_more);
    return parser.wants_continue();
  };
  CHECK(wants(post("Expect: 100-Continue\r\nContent-Length: 3\r\n", "")));
  CHECK(wants(post("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", "")));
  CHECK_FALSE(wants(post("Expect: 100-continue\r\nContent-Length: 3\r\n", "a")));
  CHECK_FALSE(wants(post("Content-Length: 3\r\n", "")));
  CHECK_FALSE(wants("POST / HTTP/1.1\r\nExpect: 100-continue\r\n"));
  CHECK_FALSE(wants("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  CHECK(refusal(post("Expect: tea\r\n", "")) == http_error::expectation);
}

TEST_CASE("a parser serves one message after the other") {
  http_parser parser;
  net::http_request request;
  for (int i = 0; i < 3; ++i) {
    parser.reset();
    std::string first = chunked("3\r\nabc\r\n0\r\n\r\n"), second = get("Connection: close\r\n");
    auto size = first.size();
    REQUIRE(parser.parse(first.data(), size, request) == http_parser::status::complete);
    CHECK(request.body == "abc");
    CHECK(parser.keep_alive());
    parser.reset();
    size = second.size();
    REQUIRE(parser.parse(second.data(), size, request) == http_parser::status::complete);
    CHECK(request.body.empty());
    CHECK(request.fields.size() == 2);
    CHECK_FALSE(parser.keep_alive());
  }
}

}  // namespace http_parser_test
