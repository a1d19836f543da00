// error: sesame: clients take icons from https: and data: URIs alone
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_icon_over_http {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::read, "A book", sesame::with_icon<"http://a/b.png">>;
#else
using entry = sesame::tool<&books::read, "A book", sesame::with_icon<"https://a/b.png">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_icon_over_http
