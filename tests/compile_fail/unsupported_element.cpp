// error: sesame: this type has no JSON form
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <vector>

namespace unsupported_element {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  std::vector<char> letters;
#else
  std::vector<int> numbers;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace unsupported_element
