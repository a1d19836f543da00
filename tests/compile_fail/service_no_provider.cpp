// error: sesame: authenticated<Provider> needs a provider
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_no_provider {

#ifdef SESAME_EXPECT_ERROR
struct books : sesame::service<sesame::authenticated<std::string>> {
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

}  // namespace service_no_provider
