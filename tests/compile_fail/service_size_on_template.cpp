// error: sesame: resource_size is for a resource with a URI of its own
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_size_on_template {

struct address {
  int page;
};
struct books : sesame::service<> {
  std::string read() const { return "read"; }
  std::string page(const address&) const { return "page"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry =
    sesame::resource_template<&books::page, "docs://{page}", "A page", sesame::resource_size<4>>;
#else
using entry = sesame::resource<&books::read, "docs://a", "A book", sesame::resource_size<4>>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_size_on_template
