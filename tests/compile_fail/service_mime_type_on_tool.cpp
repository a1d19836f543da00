// error: sesame: mime_type, for_user, for_assistant, priority and last_modified are for resources
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_mime_type_on_tool {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&books::read, "A book", sesame::mime_type<"text/plain">>;
#else
using entry = sesame::resource<&books::read, "docs://a", "A book", sesame::mime_type<"text/plain">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_mime_type_on_tool
