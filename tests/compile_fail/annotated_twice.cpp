// error: sesame: a member is annotated twice
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace annotated_twice {

struct arguments {
  int value;
  int other;

#ifdef SESAME_EXPECT_ERROR
  using annotations = sesame::annotations<sesame::field<&arguments::value, "A value">,
                                          sesame::field<&arguments::value, "Another">>;
#else
  using annotations = sesame::annotations<sesame::field<&arguments::value, "A value">,
                                          sesame::field<&arguments::other, "Another">>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace annotated_twice
