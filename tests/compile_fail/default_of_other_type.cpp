// error: sesame: a tag of this field does not apply to its type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <string>

namespace default_of_other_type {

struct arguments {
  std::string value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::default_value<5>>>;
#else
  using annotations = sesame::annotations<
      sesame::field<&arguments::value, "A value", sesame::default_text<"five">>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace default_of_other_type
