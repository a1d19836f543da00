// error: sesame: this struct has a member that no value can be put into
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace reference_member {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  int& number;
#else
  int number;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace reference_member
