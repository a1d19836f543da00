// error: sesame: annotations must be sesame::annotations<
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace annotations_not_a_list {

struct arguments {
  int value;

#ifdef SESAME_EXPECT_ERROR
  using annotations = sesame::field<&arguments::value, "A value">;
#else
  using annotations = sesame::annotations<sesame::field<&arguments::value, "A value">>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace annotations_not_a_list
