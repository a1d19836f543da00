// error: sesame: give all scopes in one scopes<...>
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"

#include <string>

namespace service_scopes_twice {

struct books : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string find() const { return "found"; }
};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::find, "Finds a book", sesame::scopes<"a">, sesame::scopes<"b">>;
#else
using entry = sesame::tool<&books::find, "Finds a book", sesame::scopes<"a", "b">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_scopes_twice
