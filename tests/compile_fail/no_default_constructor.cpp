// error: sesame: every member of a struct that is read from JSON needs a default constructor
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

namespace no_default_constructor {

struct identifier {
  explicit identifier(int n) : number(n) {}
  int number;
};
}  // namespace no_default_constructor

template <>
struct sesame::json::codec<no_default_constructor::identifier> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"integer")"); }
};

namespace no_default_constructor {

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  identifier id;
#else
  int id;
#endif
};

int use() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}

}  // namespace no_default_constructor
