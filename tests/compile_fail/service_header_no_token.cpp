// error: sesame: the name of an mcp_header is a header token
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_header_no_token {

struct query {
#ifdef SESAME_EXPECT_ERROR
  std::string place;
  using annotations =
      sesame::annotations<sesame::field<&query::place, "-", sesame::mcp_header<"Place: 1">>>;
#else
  std::string place;
  using annotations =
      sesame::annotations<sesame::field<&query::place, "-", sesame::mcp_header<"Place-1">>>;
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

}  // namespace service_header_no_token
