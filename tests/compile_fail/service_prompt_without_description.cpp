// error: sesame: a prompt needs a description
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include <string>

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::prompt<&books::read, "">;
#else
using entry = sesame::prompt<&books::read, "A book">;
#endif

int main() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}
