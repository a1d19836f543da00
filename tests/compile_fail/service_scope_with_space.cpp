// error: sesame: a scope is one or more printable characters without space
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_scope_with_space {

struct books : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", sesame::scopes<"a b">>;
static_assert(sizeof(sesame::scopes<"a b">) != 0);
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::scopes<"a", "b">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_scope_with_space
