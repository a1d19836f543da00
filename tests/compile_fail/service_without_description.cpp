// error: sesame: a tool needs a description
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include <string>

struct books : sesame::service<> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

int main() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}
