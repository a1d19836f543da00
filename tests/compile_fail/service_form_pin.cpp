// error: sesame: an elicitation form asks for a secret
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>
#include <vector>

namespace service_form_pin {

struct form {
#ifdef SESAME_EXPECT_ERROR
  int PIN;
#else
  int spin;
#endif
};
struct books : sesame::service<> {
  std::string find(const sesame::elicited<form>&) const { return "asked"; }
};
using entry = sesame::tool<&books::find, "Finds a book", sesame::elicitation<form>>;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_form_pin
