// error: sesame: every member of a struct that is read from JSON needs a default constructor
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

struct identifier {
  explicit identifier(int n) : number(n) {}
  int number;
};
template <>
struct sesame::json::codec<identifier> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"integer")"); }
};

struct arguments {
#ifdef SESAME_EXPECT_ERROR
  identifier id;
#else
  int id;
#endif
};

int main() {
  return sesame::json::schema<arguments>().empty() ? 1 : 0;
}
