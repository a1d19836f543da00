// error: sesame: the first argument of field is a pointer to a data member
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace field_of_function {

struct arguments {
  int value;
  int function() const { return value; }

#ifdef SESAME_EXPECT_ERROR
  using annotations = sesame::annotations<sesame::field<&arguments::function, "A value">>;
#else
  using annotations = sesame::annotations<sesame::field<&arguments::value, "A value">>;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace field_of_function
