// error: sesame: an argument of a prompt is a string, a number, a bool, an enumeration
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>
#include <vector>

namespace service_prompt_list_argument {

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
using entry = sesame::prompt<&books::pages, "Pages">;
#else
using entry = sesame::prompt<&books::page, "A page">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_prompt_list_argument
