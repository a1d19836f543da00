// SPDX-License-Identifier: BSL-1.0

#include "sesame/json/reader.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace reader_test {

namespace json = sesame::json;

std::string described(std::string_view text) {
  json::document document;
  return json::describe(*document.parse(text));
}

TEST_CASE("a value is described by its type, a number and a bool by themselves") {
  CHECK(described("null") == "null");
  CHECK(described("true") == "true");
  CHECK(described("false") == "false");
  CHECK(described("-250") == "-250");
  CHECK(described("18446744073709551615") == "18446744073709551615");
  CHECK(described("0.5") == "0.5");
  CHECK(described("\"a secret\"") == "a string");
  CHECK(described("[1]") == "an array");
  CHECK(described("{}") == "an object");
}

TEST_CASE("the path is put together from the inside out") {
  json::reader in;
  CHECK_FALSE(in.fail("an integer from 0 to 100", "250"));
  CHECK(in.error().path.empty());
  CHECK(in.error().message() == "the value: expected an integer from 0 to 100, found 250");
  CHECK_FALSE(in.at("history"));
  CHECK_FALSE(in.at(3));
  CHECK_FALSE(in.at("records"));
  CHECK(in.error().path == "/records/3/history");
  CHECK(in.error().message() == "/records/3/history: expected an integer from 0 to 100, found 250");
}

TEST_CASE("a key is escaped as JSON Pointer wants it") {
  json::reader in;
  in.fail("a", "b");
  in.at("a/b~c~1");
  CHECK(in.error().path == "/a~1b~0c~01");
  in.fail("a", "b");
  in.at("");
  CHECK(in.error().path == "/");
}

TEST_CASE("a new failure forgets the path of the last one") {
  json::reader in;
  in.fail("a", "b");
  in.at("somewhere");
  in.fail("c", "d");
  CHECK(in.error().message() == "the value: expected c, found d");
}

TEST_CASE("unknown members are refused unless they are to be ignored") {
  CHECK(json::reader{}.unknown() == json::unknown_members::reject);
  CHECK(json::reader{json::unknown_members::ignore}.unknown() == json::unknown_members::ignore);
}

}  // namespace reader_test
