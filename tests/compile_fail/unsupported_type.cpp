// error: sesame: this type has no JSON form
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace unsupported_type {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  void* pointer;
#else
  int number;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace unsupported_type
