// error: sesame: an annotation names a member of another struct
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace annotation_of_other_struct {

struct other {
  int value;
};
struct arguments {
  int value;

#ifdef SESAME_EXPECT_ERROR
  using annotations = sesame::annotations<sesame::field<&other::value, "A value">>;
#else
  using annotations = sesame::annotations<sesame::field<&arguments::value, "A value">>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace annotation_of_other_struct
