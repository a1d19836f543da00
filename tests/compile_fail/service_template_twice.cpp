// error: sesame: a URI template has the same variable twice
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_template_twice {

struct address {
  int page;
};
struct books : sesame::service<> {
  std::string read() const { return "read"; }
  std::string page(const address&) const { return "page"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource_template<&books::page, "docs://{page}/{page}", "A page">;
#else
using entry = sesame::resource_template<&books::page, "docs://{page}", "A page">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_template_twice
