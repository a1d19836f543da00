// error: sesame: a tag of this field does not apply to its type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace bound_beyond_type {

struct arguments {
  signed char value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::at_most<1000>>>;
#else
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::at_most<100>>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace bound_beyond_type
