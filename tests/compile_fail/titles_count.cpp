// error: sesame: titles needs one title for each enumerator
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace titles_count {

enum class level { low, high };

struct arguments {
  level value;

#ifdef SESAME_EXPECT_ERROR
  using annotations =
      sesame::annotations<sesame::field<&arguments::value, "A value", sesame::titles<"Low">>>;
#else
  using annotations = sesame::annotations<
      sesame::field<&arguments::value, "A value", sesame::titles<"Low", "High">>>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace titles_count
