// error: sesame: unknown format; known are
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <string>

namespace format_unknown {

struct arguments {
  std::string value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::format<"hostname">>>;
#else
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::format<"uri">>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace format_unknown
