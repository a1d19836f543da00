// error: sesame: an elicitation form is a plain struct
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_form_no_struct {

#ifdef SESAME_EXPECT_ERROR
using form = std::string;
#else
struct form {
  std::string name;
};
#endif
struct books : sesame::service<> {
  std::string find(const sesame::elicited<form>&) const { return "asked"; }
};
using entry = sesame::tool<&books::find, "Finds a book", sesame::elicitation<form>>;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_form_no_struct
