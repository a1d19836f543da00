// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/form.hpp"

#include <doctest/doctest.h>
#include <string>

namespace form_test {

using sesame::net::append_form_field;

TEST_CASE("no value of a form can end its field or begin another") {
  std::string form;
  append_form_field(form, "token", "a b+c&d=e%\xC3\xA9\n");
  append_form_field(form, "e&mpty", "");
  CHECK(form == "token=a%20b%2Bc%26d%3De%25%C3%A9%0A&e%26mpty=");
}

}  // namespace form_test
