// error: sesame: allowed_if<Predicate> takes a function of a const principal&
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_allowed_if_shape {

#ifdef SESAME_EXPECT_ERROR
inline bool may(const std::string& name) {
  return !name.empty();
}
#else
inline bool may(const sesame::principal& caller) {
  return !caller.subject.empty();
}
#endif
struct books : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string find() const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book", sesame::allowed_if<may>>;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_allowed_if_shape
