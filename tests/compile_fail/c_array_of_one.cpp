// error: sesame: this struct has a C array; use std::array
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <array>

namespace c_array_of_one {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  int first;
  char text[1];
#else
  int first;
  std::array<int, 1> text;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace c_array_of_one
