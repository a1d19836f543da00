// error: sesame: an mcp_header field must be reached through members alone
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>
#include <vector>

namespace service_header_in_list {

struct part {
  std::string place;
  using annotations =
      sesame::annotations<sesame::field<&part::place, "-", sesame::mcp_header<"Place">>>;
};
struct query {
#ifdef SESAME_EXPECT_ERROR
  std::vector<part> many;
#else
  part one;
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

}  // namespace service_header_in_list
