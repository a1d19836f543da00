// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/tool.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;

TEST_CASE("a tool's name has 1 to 128 of the characters that every client takes") {
  using sesame::is_tool_name;
  for (const auto name :
       {"a", "getRecord", "get_record", "get-record", "records.get", "9", "_", "ABC.def-0_"})
    CHECK(is_tool_name(name));
  CHECK(is_tool_name(std::string(128, 'a')));
  CHECK(!is_tool_name(std::string(129, 'a')));
  for (const auto name :
       {""sv, " "sv, "a b"sv, "a/b"sv, "a:b"sv, "caf\u00e9"sv, "a\0"sv, "a\n"sv, "\""sv})
    CHECK(!is_tool_name(name));
}

}  // namespace
