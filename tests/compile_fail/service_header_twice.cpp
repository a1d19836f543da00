// error: sesame: two fields of one tool have the same mcp_header
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_header_twice {

struct query {
#ifdef SESAME_EXPECT_ERROR
  std::string a, b;
  using annotations =
      sesame::annotations<sesame::field<&query::a, "-", sesame::mcp_header<"Place">>,
                          sesame::field<&query::b, "-", sesame::mcp_header<"PLACE">>>;
#else
  std::string a, b;
  using annotations =
      sesame::annotations<sesame::field<&query::a, "-", sesame::mcp_header<"Place">>,
                          sesame::field<&query::b, "-", sesame::mcp_header<"Room">>>;
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

}  // namespace service_header_twice
