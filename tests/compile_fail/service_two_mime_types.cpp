// error: sesame: a declaration has one with_meta, one ui, one mime_type and one resource_size
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_two_mime_types {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource<&books::read, "docs://a", "A book", sesame::mime_type<"text/plain">,
                               sesame::mime_type<"text/html">>;
#else
using entry = sesame::resource<&books::read, "docs://a", "A book", sesame::mime_type<"text/plain">>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_two_mime_types
