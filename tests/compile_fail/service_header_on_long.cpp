// error: sesame: an mcp_header field is a string, a bool or an integer of at most 32 bits
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include <cstdint>

namespace service_header_on_long {

struct query {
#ifdef SESAME_EXPECT_ERROR
  std::int64_t number;
#else
  std::int32_t number;
#endif
  using annotations =
      sesame::annotations<sesame::field<&query::number, "-", sesame::mcp_header<"Number">>>;
};

int use() {
  return sesame::json::schema<query>().empty() ? 1 : 0;
}

}  // namespace service_header_on_long
