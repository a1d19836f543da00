// error: sesame: a tool is a member function, a free function or a captureless lambda
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_overload_set {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
// Read by its call operator, of which there are two.
struct callable {
  std::string operator()() const { return "one"; }
  std::string operator()(int) const { return "two"; }
};
using entry = sesame::tool<callable{}, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_overload_set
