// error: sesame: a service lists a member function of another class
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_member_of_another_class {

struct shelf {
  int count() const { return 1; }
};
struct books : sesame::service<> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&shelf::count, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_member_of_another_class
