// error: sesame: a list of policies has both anonymous and another authentication
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_mixed_authentication {

#ifdef SESAME_EXPECT_ERROR
struct books : sesame::service<sesame::anonymous, sesame::authenticated<sesame::jwt_provider>> {
#else
struct books : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
#endif
  std::string find() const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book">;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_mixed_authentication
