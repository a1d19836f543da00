// error: sesame: named, title and elicitation belong to one tool, not to a service or server
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include <string>

struct question {
  std::string name;
};

#ifdef SESAME_EXPECT_ERROR
struct books : sesame::service<sesame::elicitation<question>> {
#else
struct books : sesame::service<sesame::read_only> {
#endif
  std::string find() const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book">;

int main() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}
