// error: name different forms
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_two_elicitations {

struct form {
  std::string name;
};
struct other {
  std::string name;
};

struct books : sesame::service<> {
  std::string find(const sesame::elicited<form>&) const { return "asked"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", sesame::elicitation<form>,
                           sesame::elicitation<other>>;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::elicitation<form>>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_two_elicitations
