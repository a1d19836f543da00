// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/client_authentication.hpp"

#include "sesame/configuration.hpp"

#include <doctest/doctest.h>
#include <string>

namespace client_authentication_test {

using namespace sesame;
using enum client_authentication_method;

TEST_CASE("id and secret are encoded as in a form before they are put into a field") {
  // The characters that RFC 6749, section 2.3.1, is about: what could part or change them.
  const client_authentication self{"my:client", secret{"p@ss %:w/rd"}};
  net::outgoing_request request{.method = "POST", .target = {}, .fields = {}, .body = "token=t"};
  self.apply(request);
  CHECK(request.body == "token=t");
  REQUIRE(request.fields.size() == 2);
  CHECK(request.fields[0].value == "application/x-www-form-urlencoded");
  CHECK(request.fields[1].name == "Authorization");
  // my%3Aclient:p%40ss%20%25%3Aw%2Frd
  CHECK(request.fields[1].value == "Basic bXklM0FjbGllbnQ6cCU0MHNzJTIwJTI1JTNBdyUyRnJk");
}

TEST_CASE("a client that has to can send its secret in the form, and then nowhere else") {
  const client_authentication self{"my client", secret{"a&b"}, client_secret_post};
  net::outgoing_request request{.method = "POST", .target = {}, .fields = {}, .body = "token=t"};
  self.apply(request);
  CHECK(request.body == "token=t&client_id=my%20client&client_secret=a%26b");
  CHECK(request.fields.size() == 1);
}

TEST_CASE("a client without id or secret is named when the program starts") {
  const auto setting = [](const client_authentication& self) -> std::string {
    try {
      self.check();
    } catch (const configuration_error& wrong) {
      return wrong.setting();
    }
    return "";
  };
  CHECK(setting({"id", secret{"secret"}}).empty());
  CHECK(setting({"", secret{"secret"}}) == "client_id");
  CHECK(setting({"id", secret{}}) == "client_secret");
}

}  // namespace client_authentication_test
