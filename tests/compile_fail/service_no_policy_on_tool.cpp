// error: sesame: a declaration has something among its policies that is none
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_no_policy_on_tool {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", std::string>;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::read_only>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_no_policy_on_tool
