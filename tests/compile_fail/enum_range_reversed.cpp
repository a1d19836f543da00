// error: sesame: enum_range ends before it begins
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace enum_range_reversed {

enum class level { low, high };
}  // namespace enum_range_reversed

template <>
struct sesame::enum_range<enum_range_reversed::level> {
  static constexpr int min = 1;
  static constexpr int max = 0;
};

namespace enum_range_reversed {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  level value;
#else
  int value;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace enum_range_reversed
