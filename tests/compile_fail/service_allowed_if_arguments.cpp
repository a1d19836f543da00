// error: sesame: allowed_if<...> looks at other arguments than this function takes
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/jwt_provider.hpp"
#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_allowed_if_arguments {

struct query {
  std::string title;
};
struct loan {
  std::string reader;
};
#ifdef SESAME_EXPECT_ERROR
inline bool may(const sesame::principal& caller, const loan& what) {
  return what.reader == caller.subject;
}
#else
inline bool may(const sesame::principal& caller, const query& what) {
  return what.title == caller.subject;
}
#endif
struct books : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string find(const query& what) const { return what.title; }
};
using entry = sesame::tool<&books::find, "Finds a book", sesame::allowed_if<may>>;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_allowed_if_arguments
