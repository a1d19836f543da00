// error: sesame: this struct has a C array; use std::array
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <array>

namespace c_array {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  int numbers[3];
  int last;
#else
  std::array<int, 3> numbers;
  int last;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace c_array
