// error: sesame: a resource takes no arguments; declare a resource_template
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_resource_with_arguments {

struct address {
  int page;
};
struct books : sesame::service<> {
  std::string read() const { return "read"; }
  std::string page(const address&) const { return "page"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource<&books::page, "docs://read", "A book">;
#else
using entry = sesame::resource<&books::read, "docs://read", "A book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_resource_with_arguments
