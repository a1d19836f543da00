// error: sesame: this enumeration has no fixed underlying type
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace enum_without_type {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  enum level { low, high } value;
#else
  enum class level { low, high } value;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace enum_without_type
