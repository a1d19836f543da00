// error: sesame: this declaration demands something of its caller but is not authenticated
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_scopes_of_service {

#ifdef SESAME_EXPECT_ERROR
struct books : sesame::service<sesame::scopes<"read">> {
#else
struct books
    : sesame::service<sesame::authenticated<sesame::jwt_provider>, sesame::scopes<"read">> {
#endif
  std::string find() const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book">;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_scopes_of_service
