// error: sesame: this function takes a principal but is not authenticated
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_principal_of_anonymous {

struct books : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string find(const sesame::principal& caller) const { return caller.subject; }
  std::string look(const sesame::principal*) const { return "looked"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", sesame::anonymous>;
#else
using entry = sesame::tool<&books::look, "Finds a book", sesame::anonymous>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_principal_of_anonymous
