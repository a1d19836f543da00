// error: sesame: a tool name is 1 to 128 letters, digits, '_', '-' and '.'
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_illegal_name {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", sesame::named<"find book">>;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::named<"find-book_1.a">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_illegal_name
