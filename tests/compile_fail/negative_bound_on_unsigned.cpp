// error: sesame: a tag of this field does not apply to its type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace negative_bound_on_unsigned {

struct arguments {
  unsigned value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::at_least<-1>>>;
#else
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::at_least<1>>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace negative_bound_on_unsigned
