// error: sesame: this struct has a base class; make it a member instead
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace base_class {

struct base {
  int id;
};
#ifdef SESAME_EXPECT_ERROR
struct arguments : base {
  int number;
};
#else
struct arguments {
  base common;
  int number;
};
#endif

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace base_class
