// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/tool_error.hpp"

#include <doctest/doctest.h>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace tool_error_test {

// Whoever catches failures of their own catches those of a question too, if they want.
static_assert(std::is_base_of_v<std::runtime_error, sesame::tool_error>);
static_assert(std::is_base_of_v<sesame::tool_error, sesame::client_error>);

TEST_CASE("what a handler throws says what it was given") {
  CHECK(sesame::tool_error{"no such record"}.what() == std::string_view{"no such record"});
}

}  // namespace tool_error_test
