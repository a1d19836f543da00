// error: sesame: a declaration has one name and one title
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_two_titles {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", sesame::title<"A">, sesame::title<"B">>;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::title<"A">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_two_titles
