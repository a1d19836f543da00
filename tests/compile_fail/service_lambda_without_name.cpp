// error: sesame: a lambda has no name
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_lambda_without_name {

struct books : sesame::service<> {};

#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<[] { return 1; }, "Finds a book">;
#else
using entry = sesame::tool<[] { return 1; }, "Finds a book", sesame::named<"find">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_lambda_without_name
