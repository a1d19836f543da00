// error: sesame: this type has no JSON form
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace constructor {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  explicit arguments(int n) : number(n) {}
  int number;
#else
  int number;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace constructor
