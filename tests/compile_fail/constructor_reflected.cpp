// error: sesame: this struct is not an aggregate
// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta.hpp"

namespace constructor_reflected {

struct point {
#ifdef SESAME_EXPECT_ERROR
  point() = default;
  explicit point(int n) : x(n) {}
#endif
  int x = 0;
};

int use() {
  return sesame::meta::field_count<point> == 1 ? 0 : 1;
}

}  // namespace constructor_reflected
