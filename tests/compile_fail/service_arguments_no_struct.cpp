// error: sesame: the arguments of a function are one plain struct
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_arguments_no_struct {

struct query {
  std::string text;
};
struct filter {
  int year;
};

struct books : sesame::service<> {
  std::string find(const query& q) const { return q.text; }
  std::string by_title(const std::string& title) const { return title; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::by_title, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_arguments_no_struct
