// error: sesame: a tag of this field does not apply to its type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace default_too_large {

struct arguments {
  unsigned char value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::default_value<256>>>;
#else
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::default_value<255>>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace default_too_large
