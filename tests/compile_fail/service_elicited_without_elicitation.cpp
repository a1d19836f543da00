// error: sesame: this function takes an elicited<Form> but nothing is asked
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_elicited_without_elicitation {

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
using entry = sesame::tool<&books::find, "Finds a book">;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::elicitation<form>>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_elicited_without_elicitation
