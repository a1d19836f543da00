// error: sesame: a tag of this field does not apply to its type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <string>

namespace min_items_on_string {

struct arguments {
  std::string value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::min_items<1>>>;
#else
  using annotations = sesame::annotations<sesame::field<&arguments::value, "A value">>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace min_items_on_string
