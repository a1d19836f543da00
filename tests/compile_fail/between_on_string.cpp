// error: sesame: a tag of this field does not apply to its type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <string>

namespace between_on_string {

struct arguments {
  std::string value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::between<0, 1>>>;
#else
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::min_length<1>>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace between_on_string
