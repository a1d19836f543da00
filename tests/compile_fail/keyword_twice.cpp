// error: sesame: two tags of this field say the same of its value
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace keyword_twice {

struct arguments {
  int value;

#ifdef SESAME_EXPECT_ERROR
  using annotations = sesame::annotations<
      sesame::field<&arguments::value, "A value", sesame::between<0, 9>, sesame::at_least<1>>>;
#else
  using annotations = sesame::annotations<
      sesame::field<&arguments::value, "A value", sesame::at_least<1>, sesame::at_most<9>>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace keyword_twice
