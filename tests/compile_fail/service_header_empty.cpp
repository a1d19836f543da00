// error: sesame: the name of an mcp_header is a header token
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_header_empty {

struct query {
#ifdef SESAME_EXPECT_ERROR
  std::string place;
  using annotations =
      sesame::annotations<sesame::field<&query::place, "-", sesame::mcp_header<"">>>;
#else
  std::string place;
  using annotations =
      sesame::annotations<sesame::field<&query::place, "-", sesame::mcp_header<"Place">>>;
#endif
};
struct books : sesame::service<> {
  std::string find(const query&) const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book">;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_header_empty
