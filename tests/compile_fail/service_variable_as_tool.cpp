// error: sesame: a tool is a member function, a free function or a captureless lambda
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_variable_as_tool {

struct books : sesame::service<> {
  std::string title;
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::title, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_variable_as_tool
