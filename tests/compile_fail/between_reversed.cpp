// error: sesame: between<Low, High> with Low above High
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace between_reversed {

struct arguments {
  int value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::between<2, 1>>>;
#else
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::between<1, 2>>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace between_reversed
