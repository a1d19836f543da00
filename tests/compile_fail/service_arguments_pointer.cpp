// error: sesame: the arguments of a function are one plain struct
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_arguments_pointer {

struct query {
  std::string text;
};
struct filter {
  int year;
};

struct books : sesame::service<> {
  std::string find(const query& q) const { return q.text; }
  std::string by(const query* q) const { return q->text; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::by, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_arguments_pointer
