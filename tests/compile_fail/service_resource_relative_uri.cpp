// error: sesame: the URI of a resource has a scheme, and only the characters of RFC 3986
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_resource_relative_uri {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource<&books::read, "/read", "A book">;
#else
using entry = sesame::resource<&books::read, "docs:read", "A book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_resource_relative_uri
