// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/primitive.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace primitive_test {

using namespace std::string_view_literals;

TEST_CASE("the name of a tool or prompt has 1 to 128 of the characters that every client takes") {
  using sesame::is_item_name;
  for (const auto name :
       {"a", "getRecord", "get_record", "get-record", "records.get", "9", "_", "ABC.def-0_"})
    CHECK(is_item_name(name));
  CHECK(is_item_name(std::string(128, 'a')));
  CHECK(!is_item_name(std::string(129, 'a')));
  for (const auto name :
       {""sv, " "sv, "a b"sv, "a/b"sv, "a:b"sv, "caf\u00e9"sv, "a\0"sv, "a\n"sv, "\""sv})
    CHECK(!is_item_name(name));
}

TEST_CASE("templates are on the list of the resources") {
  using list = sesame::detail::change_kind;
  using sesame::primitive;
  using sesame::detail::list_of;
  CHECK(list_of(primitive::tool) == list::tools);
  CHECK(list_of(primitive::resource) == list::resources);
  CHECK(list_of(primitive::resource_template) == list::resources);
  CHECK(list_of(primitive::prompt) == list::prompts);
}

}  // namespace primitive_test
