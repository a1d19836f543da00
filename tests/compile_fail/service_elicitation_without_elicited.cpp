// error: sesame: this declaration has elicitation<Form> but its function does not take the outcome
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_elicitation_without_elicited {

struct form {
  std::string name;
};
struct other {
  std::string name;
};

struct books : sesame::service<> {
  std::string find(const sesame::elicited<form>&) const { return "asked"; }
  std::string plain() const { return "plain"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::plain, "Finds a book", sesame::elicitation<form>>;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::elicitation<form>>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_elicitation_without_elicited
