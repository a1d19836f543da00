// error: sesame: a function takes at most one struct of arguments
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_two_argument_structs {

struct query {
  std::string text;
};
struct filter {
  int year;
};

struct books : sesame::service<> {
  std::string find(const query& q) const { return q.text; }
  std::string sift(const query& q, const filter&) const { return q.text; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::sift, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_two_argument_structs
