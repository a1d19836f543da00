// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace writer_test {

namespace json = sesame::json;
using namespace std::literals;

std::string written_string(std::string_view text) {
  std::string out;
  json::writer{out}.string(text);
  return out;
}
std::string number(auto n) {
  std::string out;
  json::writer{out}.number(n);
  return out;
}

TEST_CASE("what JSON must escape is escaped, and nothing else") {
  CHECK(written_string("") == R"("")");
  CHECK(written_string("plain / text") == R"("plain / text")");
  CHECK(written_string("\"\\") == R"("\"\\")");
  CHECK(written_string("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(written_string("\0\x01\x1f\x7f"sv) == "\"\\u0000\\u0001\\u001f\x7f\"");
  CHECK(written_string("gr\u00fc\u00df \u4f60 \U0001f600") ==
        "\"gr\u00fc\u00df \u4f60 \U0001f600\"");
}

TEST_CASE("every byte is written so that the text is UTF-8 and reads back") {
  json::document document;
  for (int c = 0; c < 256; ++c) {
    const std::string text{'a', static_cast<char>(c), 'b'};
    const std::string out = written_string(text);
    const auto read = document.parse(out);
    REQUIRE(read);
    std::string_view back;
    REQUIRE(read->get(back));
    CHECK(back == (c < 0x80 ? text
                            : "a\ufffd"
                              "b"s));
  }
}

TEST_CASE("a malformed byte becomes U+FFFD, and what is around it stays") {
  const auto replaced = "\xef\xbf\xbd"s;
  CHECK(written_string("\xff") == '"' + replaced + '"');
  CHECK(written_string("a\n\xff\"\u00fc") == "\"a\\n" + replaced + "\\\"\u00fc\"");
  // a sequence that was cut off
  CHECK(written_string("\xe2\x82") == '"' + replaced + replaced + '"');
  CHECK(written_string("\xf0\x9f\x98") == '"' + replaced + replaced + replaced + '"');
  // longer than it has to be, a surrogate, beyond U+10FFFF
  CHECK(written_string("\xc0\xaf") == '"' + replaced + replaced + '"');
  CHECK(written_string("\xed\xa0\x80") == '"' + replaced + replaced + replaced + '"');
  CHECK(written_string("\xf4\x90\x80\x80") ==
        '"' + replaced + replaced + replaced + replaced + '"');
  // the first and the last of each length
  CHECK(written_string("\xff\u0080\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff") ==
        '"' + replaced + "\u0080\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff\"");
}

// Text is looked at eight bytes at a time, which must not show.
TEST_CASE("a byte is escaped wherever it stands in a text of any length") {
  for (const auto& [special, escaped] : {std::pair{"\""s, "\\\""s},
                                         {"\\"s, "\\\\"s},
                                         {"\n"s, "\\n"s},
                                         {"\x1f"s, "\\u001f"s},
                                         {"\x7f"s, "\x7f"s},
                                         {" "s, " "s},
                                         {"!"s, "!"s},
                                         {"#"s, "#"s},
                                         {"\u00e4"s, "\u00e4"s},
                                         {"\xff"s, "\ufffd"s},
                                         {"\u00e4\n"s, "\u00e4\\n"s},
                                         {"\n\u00e4"s, "\\n\u00e4"s}})
    for (std::size_t length = 0; length < 20; ++length)
      for (std::size_t at = 0; at <= length; ++at) {
        const std::string before(at, 'x');
        const std::string after(length - at, 'y');
        CHECK(written_string(before + special + after) == '"' + before + escaped + after + '"');
      }
}

TEST_CASE("integers are written to their bounds") {
  CHECK(number(0) == "0");
  CHECK(number(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(number(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
  CHECK(number(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(number(std::int8_t{-128}) == "-128");
  CHECK(number(std::uint8_t{255}) == "255");
}

TEST_CASE("a double is written as the shortest text that reads back") {
  CHECK(number(0.1) == "0.1");
  CHECK(number(1.0) == "1");
  CHECK(number(-0.0) == "-0");
  CHECK(number(1e100) == "1e+100");
  CHECK(number(5e-324) == "5e-324");
  CHECK(number(1.7976931348623157e308) == "1.7976931348623157e+308");
  CHECK(number(0.1 + 0.2) == "0.30000000000000004");
}

TEST_CASE("what is no number is null, and the writer says so") {
  for (const double n :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    std::string out;
    json::writer writer{out};
    CHECK_FALSE(writer.failed());
    writer.number(n);
    CHECK(out == "null");
    CHECK(writer.failed());
  }
}

TEST_CASE("a parsed value is copied without white space, its members in order") {
  json::document document;
  const auto value = *document.parse(
      R"( { "z" : [ 1 , 2.5 , "a\u0000\"b" ] , "a" : { } , "n" : null , "t" : true } )"sv);
  std::string out;
  json::writer{out}.copy(value);
  CHECK(out == R"({"z":[1,2.5,"a\u0000\"b"],"a":{},"n":null,"t":true})");
}

TEST_CASE("a writer appends") {
  std::string out = "before ";
  json::writer writer{out};
  writer.boolean(true);
  writer.raw(',');
  writer.null();
  writer.raw(",");
  writer.escaped("a\"b");
  CHECK(out == "before true,null,a\\\"b");
  CHECK(&writer.text() == &out);
}

// The same text in a constant expression.
constexpr auto made = [] {
  json::basic_writer<json::detail::array_store<128>> out;
  out.string("a\n\x01\u00fc\"");
  out.number(std::numeric_limits<std::int64_t>::min());
  out.number(std::numeric_limits<std::uint64_t>::max());
  out.number(0);
  out.boolean(false);
  out.null();
  return out.store();
}();
static_assert(made.view() ==
              "\"a\\n\\u0001\u00fc\\\"\"-9223372036854775808184467440737095516150falsenull");

}  // namespace writer_test
