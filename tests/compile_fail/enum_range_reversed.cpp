// error: sesame: enum_range ends before it begins
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

enum class level { low, high };
template <>
struct sesame::enum_range<level> {
  static constexpr int min = 1;
  static constexpr int max = 0;
};

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  level value;
#else
  int value;
#endif
};

int main() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}
