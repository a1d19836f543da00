// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_request.hpp"

#include <doctest/doctest.h>

namespace http_request_test {

using sesame::net::http_request;

TEST_CASE("fields are found without regard to case, and a second one can be refused") {
  http_request request;
  request.fields = {{"Accept", "a"}, {"X-One", "1"}, {"ACCEPT", "b"}};
  CHECK(request.field("accept") == "a");
  CHECK(request.field("x-oNE") == "1");
  CHECK_FALSE(request.field("x-on"));
  CHECK_FALSE(request.field("missing"));
  CHECK(request.only("x-one") == "1");
  CHECK_FALSE(request.only("Accept"));
  CHECK_FALSE(request.only("missing"));
}

}  // namespace http_request_test
