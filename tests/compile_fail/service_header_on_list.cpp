// error: sesame: an mcp_header field is a string, a bool or an integer of at most 32 bits
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>
#include <vector>

namespace service_header_on_list {

struct query {
#ifdef SESAME_EXPECT_ERROR
  std::vector<std::string> tags;
  using annotations =
      sesame::annotations<sesame::field<&query::tags, "-", sesame::mcp_header<"Tags">>>;
#else
  std::string tags;
  using annotations =
      sesame::annotations<sesame::field<&query::tags, "-", sesame::mcp_header<"Tags">>>;
#endif
};
struct books : sesame::service<> {
  std::string find(const query&) const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book">;

int use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
  return sesame::json::schema<query>().empty() ? 1 : 0;
}

}  // namespace service_header_on_list
