// error: sesame: a variable of a URI template is a string, a number, a bool, an enumeration
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>
#include <vector>

namespace service_template_list_field {

struct address {
  std::vector<int> pages;
};
struct one {
  int pages;
};
struct books : sesame::service<> {
  std::string pages(const address&) const { return "pages"; }
  std::string page(const one&) const { return "page"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource_template<&books::pages, "docs://{pages}", "Pages">;
#else
using entry = sesame::resource_template<&books::page, "docs://{pages}", "A page">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_template_list_field
