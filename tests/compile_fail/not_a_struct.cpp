// error: sesame: only structs can be reflected
// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta.hpp"

namespace not_a_struct {

struct point {
  int x;
};
#ifdef SESAME_EXPECT_ERROR
using type = point*;
#else
using type = point;
#endif

int use() {
  return sesame::meta::field_count<type> == 1 ? 0 : 1;
}

}  // namespace not_a_struct
