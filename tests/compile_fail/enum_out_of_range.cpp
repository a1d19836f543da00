// error: sesame: no enumerator found; specialize sesame::enum_range
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace enum_out_of_range {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  enum class level { low = 1000, high } value;
#else
  enum class level { low = 1, high } value;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace enum_out_of_range
